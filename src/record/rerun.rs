//! The failures of an earlier run, compared with a rerun of them.

use serde::{Deserialize, Serialize};

use super::Verdict;

/// An earlier run whose failures were run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RerunComparison {
    /// The earlier report's file, as the user named it.
    pub report: String,
    /// When the earlier run began.
    pub started: String,
    /// Each bad case of the earlier run, in its order.
    pub cases: Vec<RerunCase>,
    /// Cases that fail now and did not fail then.
    #[serde(default)]
    pub new: Vec<String>,
}

/// A bad case of the earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RerunCase {
    /// The case.
    pub id: String,
    /// The outcome of its rerun.
    pub outcome: RerunOutcome,
    /// Its verdict then.
    pub then: Verdict,
    /// Its verdict now; nothing where it was not run.
    pub now: Option<Verdict>,
    /// The requirements that it violated then.
    #[serde(default)]
    pub violated: Vec<String>,
    /// The requirements that it violates now.
    #[serde(default)]
    pub violates: Vec<String>,
}

/// The outcome of the rerun of a bad case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RerunOutcome {
    /// It has the same verdict.
    Still,
    /// It has another verdict, and does not pass.
    Other,
    /// It was not run: the suites do not have it in this version, or the user left it out.
    Gone,
    /// It passes.
    Fixed,
}

impl RerunOutcome {
    /// All outcomes in the order of reports: the most urgent first.
    pub const ALL: [Self; 4] = [Self::Still, Self::Other, Self::Gone, Self::Fixed];

    /// The word for it in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Still => "still",
            Self::Other => "other",
            Self::Gone => "gone",
            Self::Fixed => "fixed",
        }
    }
}

impl RerunComparison {
    /// The cases with this outcome.
    pub fn those(&self, outcome: RerunOutcome) -> impl Iterator<Item = &RerunCase> {
        self.cases
            .iter()
            .filter(move |case| case.outcome == outcome)
    }
}
