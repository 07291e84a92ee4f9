//! The report of a conformance test, as a user of the library has it.

use std::fmt;

use crate::catalogue::Level;
use crate::record::{CheckVerdict, Conformance, Run};

/// The result of a conformance test, with its evidence.
///
/// `Display` names every violated requirement in a few lines, so that `assert!(report.is_conformant(), "{report}")` says
/// what is wrong.
#[derive(Debug, Clone)]
pub struct Report(pub(super) Run);

/// A requirement that the registry violates, as one case shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The id of the requirement: `assay explain ID` shows its text, section and cases.
    pub requirement: String,
    /// Its level in the version of the specification that was tested.
    pub level: Level,
    /// The id of the case that shows it.
    pub case: String,
    /// What the requirement demands, in one sentence.
    pub description: String,
    /// What the response had to be.
    pub expected: String,
    /// What the response was.
    pub actual: String,
    /// The request as a curl line; empty where no single request shows the violation.
    pub curl: String,
}

impl Report {
    /// The verdict over all cases that ran.
    pub fn verdict(&self) -> Conformance {
        self.0.verdict
    }

    /// Whether every tested MUST is met, and nothing was blocked, in error or left out.
    pub fn is_conformant(&self) -> bool {
        self.verdict() == Conformance::Conformant
    }

    /// Every violated requirement, MUSTs first; a requirement appears once for each case that shows it.
    pub fn violations(&self) -> Vec<Violation> {
        let mut violations: Vec<Violation> = self
            .0
            .cases
            .iter()
            .flat_map(|case| case.checks.iter().map(move |check| (case, check)))
            .filter(|(_, check)| matches!(check.verdict, CheckVerdict::Fail | CheckVerdict::Warn))
            .map(|(case, check)| Violation {
                requirement: check.requirement.clone(),
                level: check.level,
                case: case.id.clone(),
                description: self.description(&check.requirement),
                expected: check.expected.clone(),
                actual: check.actual.clone(),
                curl: check
                    .exchange
                    .and_then(|index| case.exchanges.get(index))
                    .map(|exchange| exchange.curl.clone())
                    .unwrap_or_default(),
            })
            .collect();
        violations.sort_by_key(|violation| violation.level != Level::Must);
        violations
    }

    /// The whole report in the format of `report.json`, whose schema is `schemas/report.schema.json`. It holds no
    /// password, token or cookie.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(&self.0).unwrap_or_default()
    }

    fn description(&self, requirement: &str) -> String {
        let mut requirements = self.0.requirements.iter();
        requirements
            .find(|one| one.id == requirement)
            .map(|one| one.says.clone())
            .unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.0.lacks_only_left_out() {
            true => "not all was tested",
            false => self.0.verdict.name(),
        };
        write!(f, "{}: {verdict} ({})", self.0.target.url, self.0.summary)?;
        for one in self.violations() {
            write!(
                f,
                "\n{} {} (case {}): {}\n  expected  {}\n  actual    {}",
                one.level, one.requirement, one.case, one.description, one.expected, one.actual
            )?;
            if !one.curl.is_empty() {
                write!(f, "\n  {}", one.curl)?;
            }
        }
        Ok(())
    }
}
