//! Which violations have one cause.
//!
//! Violations of one section at one endpoint have one cause where the responses have the same wrong status, or where another
//! part is wrong and the requirements are of one family. What one case shows at one endpoint has one cause too, where the
//! responses differ in the same way: a HEAD fails like the GET before it.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::common_request::path;
use super::findings::{Evidence, Finding};
use crate::catalogue::Category;
use crate::endpoint::EndpointKind;
use crate::record::{Exchange, Part};

/// How many words of the ids of requirements name a family: `tags-last` of `tags-last-order`.
const FAMILY: usize = 2;

/// The findings, those with one cause together.
pub(super) fn by_cause(findings: Vec<Finding<'_>>) -> Vec<Vec<Finding<'_>>> {
    let mut by_key: IndexMap<Key, Vec<Finding<'_>>> = IndexMap::new();
    for finding in findings {
        let key = Key::of(&finding);
        by_key.entry(key).or_default().push(finding);
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (key, findings) in by_key {
        let mut whole = Group {
            endpoint: key.request.map(|(_, path)| path),
            difference: key.difference,
            cases: strongest(&findings),
            findings,
        };
        let (akin, others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|one| one.is_akin(&whole));
        groups = others;
        for one in akin.into_iter().rev() {
            whole = one.and(whole);
        }
        groups.push(whole);
    }
    groups.into_iter().map(|one| one.findings).collect()
}

/// What findings with one cause have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    category: Category,
    section: String,
    /// The method and the endpoint.
    request: Option<(String, &'static str)>,
    difference: Difference,
    /// The family of the requirement; empty where a status is wrong.
    family: String,
}

/// How a response differs from what a requirement expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Difference {
    /// In its status: whether a success is expected, and the actual one.
    Status(bool, Option<u16>),
    /// In another part; of a list, in any.
    Other(Option<Part>),
}

impl Key {
    fn of(finding: &Finding<'_>) -> Self {
        let first = finding.evidence.first();
        let exchange = first.and_then(|first| first.exchange);
        let difference = first.map_or(Difference::Other(None), Difference::of);
        let words: Vec<&str> = finding.id.split('-').take(FAMILY).collect();
        Self {
            category: finding.category,
            section: finding.section.to_owned(),
            request: exchange.map(|one| (one.method.clone(), path(&one.endpoint()))),
            difference,
            family: match difference {
                Difference::Status(..) => String::new(),
                Difference::Other(_) => words.join("-"),
            },
        }
    }
}

impl Difference {
    fn of(shown: &Evidence<'_>) -> Self {
        let lists = |one: &Exchange| {
            let kind = one.endpoint().kind();
            matches!(kind, EndpointKind::TagList | EndpointKind::Referrers)
        };
        match shown.check.part {
            Some(Part::Connection | Part::Status) => {
                let actual = shown.exchange.and_then(|one| one.status);
                Self::Status(shown.check.expects_success, actual)
            }
            _ if shown.exchange.is_some_and(lists) => Self::Other(None),
            part => Self::Other(part.filter(|part| *part != Part::Location)),
        }
    }
}

/// Findings with one cause, and what decides whether others have the same.
struct Group<'a> {
    endpoint: Option<&'static str>,
    difference: Difference,
    /// The ids of the cases that show the strongest violations.
    cases: BTreeSet<&'a str>,
    findings: Vec<Finding<'a>>,
}

impl Group<'_> {
    fn is_akin(&self, other: &Self) -> bool {
        self.endpoint == other.endpoint
            && self.difference == other.difference
            && !self.cases.is_disjoint(&other.cases)
    }

    fn and(mut self, other: Self) -> Self {
        self.cases.extend(other.cases);
        self.findings.extend(other.findings);
        self
    }
}

/// The cases that show the violations of the highest level.
fn strongest<'a>(findings: &[Finding<'a>]) -> BTreeSet<&'a str> {
    let level = findings.iter().map(|one| one.level).min();
    let strongest = findings.iter().filter(|one| Some(one.level) == level);
    let shown = strongest.flat_map(|one| &one.evidence);
    shown.map(|shown| shown.case.id.as_str()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::record::{Case, CheckVerdict, Run};
    use crate::report::findings::findings;
    use crate::report::sample;

    /// A case that violates a requirement by a response to a request for a manifest with this status.
    fn violating(id: &str, requirement: &str, part: Option<Part>, status: u16) -> Case {
        let run = sample::all_states();
        let mut cases = run.cases.into_iter();
        let mut case = cases.find(|case| case.id == "odd-manifest").unwrap();
        id.clone_into(&mut case.id);
        case.checks
            .retain(|check| check.verdict == CheckVerdict::Fail);
        case.checks.truncate(1);
        for check in &mut case.checks {
            requirement.clone_into(&mut check.requirement);
            check.part = part;
        }
        for exchange in &mut case.exchanges {
            exchange.status = Some(status);
        }
        case
    }

    /// The requirements that are taken for one cause.
    fn causes(cases: Vec<Case>) -> Vec<Vec<String>> {
        let run = Run {
            cases,
            requirements: Vec::new(),
            ..sample::all_states()
        };
        let ids = |group: Vec<Finding<'_>>| group.iter().map(|one| one.id.to_owned()).collect();
        by_cause(findings(&run).violated)
            .into_iter()
            .map(ids)
            .collect()
    }

    #[test]
    fn one_wrong_status_is_one_cause_and_another_is_another() {
        let status = Some(Part::Status);
        let cases = Vec::from([
            violating("a", "chunk-order", status, 202),
            violating("b", "chunk-overlap", status, 202),
            violating("c", "manifest-put-limit", status, 500),
        ]);
        assert_eq!(
            causes(cases),
            [
                vec!["chunk-order", "chunk-overlap"],
                vec!["manifest-put-limit"]
            ]
        );
    }

    #[test]
    fn headers_and_bodies_of_one_endpoint_are_two_causes() {
        let cases = Vec::from([
            violating("a", "manifest-get-digest", None, 200),
            violating("b", "manifest-get-digest-matches", None, 200),
            violating("c", "manifest-get-content", Some(Part::Body), 200),
            violating("d", "error-code-known", None, 200),
        ]);
        let expected = [
            vec!["manifest-get-digest", "manifest-get-digest-matches"],
            vec!["manifest-get-content"],
            vec!["error-code-known"],
        ];
        assert_eq!(causes(cases), expected);
    }

    #[test]
    fn one_case_joins_families() {
        let mut both = violating("a", "tags-order", None, 200);
        let last = violating("b", "tags-last-order", None, 200);
        both.checks.extend(last.checks.clone());
        let cases = Vec::from([both, last, violating("c", "tags-n-most", None, 200)]);
        assert_eq!(
            causes(cases),
            [vec!["tags-last-order", "tags-order"], vec!["tags-n-most"]]
        );
    }
}
