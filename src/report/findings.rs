//! What a reader must act on: violated requirements, most consequential first, and causes, each once. Known
//! failures are listed apart.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::phrases;
use crate::catalogue::{Category, Level};
use crate::endpoint::EndpointKind;
use crate::record::{Case, Check, CheckVerdict, Exchange, KnownFailure, Run, Verdict};
use crate::reproduce;

/// What is to be acted on in a run.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    /// Each violated MUST.
    pub violated: Vec<Finding<'a>>,
    /// Each violated SHOULD.
    pub warned: Vec<Finding<'a>>,
    /// The causes of blocked cases.
    pub blocked: Vec<Cause<'a>>,
    /// The causes of errors.
    pub errors: Vec<Cause<'a>>,
}

/// A violated requirement, and everything that shows it.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    /// The run that it is found in.
    pub run: &'a Run,
    pub id: &'a str,
    pub level: Level,
    /// The category of the first case that shows it.
    pub category: Category,
    /// Its sentence; empty where the record has none.
    pub says: &'a str,
    /// The anchor of its section.
    pub section: &'a str,
    /// The address of its section.
    pub link: String,
    /// The first violated check of each case, in order. Never empty.
    pub evidence: Vec<Evidence<'a>>,
    /// The cases that could not be run because of it. None for a SHOULD; a case is blocked by one requirement alone.
    pub blocks: Vec<&'a Case>,
}

impl<'a> Finding<'a> {
    /// The case to reproduce it with: the first that can be said as a script, otherwise the first. Where requests of other
    /// cases may decide, it is the case with most requests before the violation: a script has only those of its case.
    pub(super) fn reproducible(&self) -> Option<&'a Case> {
        let shown = self.evidence.iter().map(|shown| (shown.case, shown.check));
        let mut candidates: Vec<(&Case, &Check)> = shown.collect();
        let first = candidates.first().map(|(case, _)| *case);
        if first.is_some_and(reproduce::reads_shared) && self.may_depend() {
            candidates.extend(self.blocks.iter().flat_map(|case| {
                let same = |check: &&Check| check.requirement == self.id;
                let blocked = case.checks.iter().filter(same);
                let blocked = blocked.filter(|check| check.verdict == CheckVerdict::Blocked);
                blocked.map(|check| (*case, check))
            }));
            candidates.sort_by_key(|(_, check)| std::cmp::Reverse(check.exchange));
        }
        let mut cases = candidates.into_iter().map(|(case, _)| case);
        let scripted = cases.find(|case| reproduce::has_script(self.run, case));
        scripted.or(first)
    }

    /// Whether it may depend on requests of other cases: the requirement holds elsewhere, or it is about a list of tags, which
    /// has the tags of all cases.
    fn may_depend(&self) -> bool {
        let mut checks = self.run.cases.iter().flat_map(|case| &case.checks);
        let shown = self.evidence.first().and_then(|first| first.exchange);
        shown.is_some_and(|one| one.endpoint().kind() == EndpointKind::TagList)
            || checks.any(|one| one.requirement == self.id && one.verdict == CheckVerdict::Pass)
    }
}

/// A violated check where it happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence<'a> {
    pub case: &'a Case,
    pub check: &'a Check,
    /// The exchange that it judged.
    pub exchange: Option<&'a Exchange>,
}

/// One reason, and its cases.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    pub reason: String,
    /// The cases. Never empty.
    pub cases: Vec<&'a Case>,
}

pub(super) fn findings(run: &Run) -> Findings<'_> {
    Findings {
        violated: violated(run, CheckVerdict::Fail, &[Verdict::Fail]),
        warned: violated(run, CheckVerdict::Warn, &[Verdict::Fail, Verdict::Warn]),
        blocked: causes(run, Verdict::Blocked),
        errors: causes(run, Verdict::Error),
    }
}

/// The known failures, in order.
pub(super) fn known(run: &Run) -> impl Iterator<Item = (&Case, &KnownFailure)> {
    let known = run.cases.iter();
    known.filter_map(|case| Some((case, case.known.as_ref()?)))
}

/// The cases with one of these verdicts that are not known failures.
fn new(run: &Run, of: impl Fn(Verdict) -> bool) -> impl Iterator<Item = &Case> {
    let cases = run.cases.iter().filter(|case| case.known.is_none());
    cases.filter(move |case| of(case.verdict))
}

/// The exchange that a check judged.
pub(super) fn judged<'a>(case: &'a Case, check: &Check) -> Option<&'a Exchange> {
    check.exchange.and_then(|index| case.exchanges.get(index))
}

/// Only cases with a verdict of `of` count: a check that failed in a case that turned to blocked is not one
/// more violated requirement.
fn violated<'a>(run: &'a Run, as_what: CheckVerdict, of: &[Verdict]) -> Vec<Finding<'a>> {
    let mut found: IndexMap<&str, Finding<'a>> = IndexMap::new();
    for case in new(run, |verdict| of.contains(&verdict)) {
        let checks = case.checks.iter().filter(|check| run.is_new(case, check));
        for check in checks.filter(|check| check.verdict == as_what) {
            let finding = found
                .entry(&check.requirement)
                .or_insert_with(|| finding(run, case, check));
            let known = finding.evidence.iter().any(|e| std::ptr::eq(e.case, case));
            if !known {
                let exchange = judged(case, check);
                finding.evidence.push(Evidence {
                    case,
                    check,
                    exchange,
                });
            }
        }
    }
    let mut found: Vec<Finding<'a>> = found.into_values().collect();
    if as_what == CheckVerdict::Fail {
        let mut blocked = blocked_by_requirement(run);
        for finding in &mut found {
            finding.blocks = blocked.remove(finding.id).unwrap_or_default();
        }
    }
    found.sort_by_key(|finding| (finding.level, std::cmp::Reverse(finding.reach())));
    found
}

/// The blocked cases, by the requirement whose violation blocks them.
fn blocked_by_requirement(run: &Run) -> HashMap<&str, Vec<&Case>> {
    let mut blocked: HashMap<&str, Vec<&Case>> = HashMap::new();
    // A case that was tested all the same is not kept from it.
    let cases = run.cases.iter();
    for case in cases.filter(|case| case.verdict == Verdict::Blocked) {
        if let Some(requirement) = blocking_requirement(run, case) {
            blocked.entry(requirement).or_default().push(case);
        }
    }
    blocked
}

/// The MUST whose new violation blocks a case: the one that the case would show too, otherwise the first that the case at
/// the root violates.
fn blocking_requirement<'a>(run: &'a Run, case: &'a Case) -> Option<&'a str> {
    let root = case.root(&run.cases).filter(|root| root.known.is_none())?;
    let violated = |check: &&Check| check.verdict == CheckVerdict::Fail && run.is_new(root, check);
    let violated: Vec<&Check> = root.checks.iter().filter(violated).collect();
    let hides = |check: &&&Check| {
        let mut own = case.checks.iter();
        own.any(|one| one.verdict == CheckVerdict::Blocked && one.requirement == check.requirement)
    };
    let shown_too = violated.iter().find(hides);
    let blocking = shown_too.or(violated.first())?;
    Some(&blocking.requirement)
}

impl Finding<'_> {
    /// How many cases show it or could not be run because of it: how consequential it is.
    pub(super) fn reach(&self) -> usize {
        self.evidence.len().saturating_add(self.blocks.len())
    }
}

/// How many requirements, and how many cases show them: "6 requirements (15 cases)".
pub(super) fn extent(found: &[Finding<'_>]) -> String {
    let evidence = found.iter().flat_map(|finding| &finding.evidence);
    let cases: HashSet<&str> = evidence.map(|shown| shown.case.id.as_str()).collect();
    phrases::extent(found.len(), cases.len())
}

fn finding<'a>(run: &'a Run, case: &'a Case, check: &'a Check) -> Finding<'a> {
    let known = run.requirements.iter().find(|r| r.id == check.requirement);
    let named = known.map_or("", |r| r.link.as_str());
    let section = known.map_or(case.section.as_str(), |r| r.section.as_str());
    Finding {
        run,
        id: &check.requirement,
        level: check.level,
        category: known.map_or(case.category, |r| r.category),
        says: known.map_or("", |r| r.says.as_str()),
        section,
        link: phrases::link(run, named, section),
        evidence: Vec::new(),
        blocks: Vec::new(),
    }
}

/// The reason of a case, without what lies between the case and what blocks it: one cause is named once.
fn cause(run: &Run, case: &Case) -> String {
    let root = case.root(&run.cases).map(|root| root.id.as_str());
    match root.or(case.blocked_by.as_deref()) {
        Some(root) => format!("blocked by {root}"),
        None => phrases::reason(case),
    }
}

fn causes(run: &Run, verdict: Verdict) -> Vec<Cause<'_>> {
    let mut found: IndexMap<String, Vec<&Case>> = IndexMap::new();
    for case in new(run, |one| one == verdict) {
        found.entry(cause(run, case)).or_default().push(case);
    }
    let mut found: Vec<Cause<'_>> = found
        .into_iter()
        .map(|(reason, cases)| Cause { reason, cases })
        .collect();
    found.sort_by_key(|cause| std::cmp::Reverse(cause.cases.len()));
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn a_requirement_is_found_once_however_many_cases_show_it() {
        let run = sample::all_states();
        let found = findings(&run);
        let ids: Vec<(&str, usize)> = found
            .violated
            .iter()
            .map(|f| (f.id, f.evidence.len()))
            .collect();
        let expected = [
            ("chunk-order", 3),
            ("manifest-get-content", 1),
            ("manifest-get-status", 1),
        ];
        assert_eq!(ids, expected);
        assert!(found.warned.iter().all(|f| f.level == Level::Should));
    }

    #[test]
    fn what_blocks_others_comes_first() {
        let run = sample::blocked_by_one();
        let found = findings(&run);
        let reach: Vec<(usize, usize)> = found
            .violated
            .iter()
            .map(|f| (f.blocks.len(), f.reach()))
            .collect();
        assert_eq!(reach, [(12, 13)]);
    }

    #[test]
    fn a_case_is_blocked_by_one_requirement_and_not_by_a_warning() {
        let mut run = sample::blocked_by_one();
        let mut cases = run.cases.iter_mut();
        let root = cases.find(|case| case.verdict == Verdict::Fail).unwrap();
        root.checks.push(Check::new(
            "manifest-put-other",
            Level::Must,
            CheckVerdict::Fail,
        ));
        root.checks.push(Check::new(
            "manifest-put-again",
            Level::Should,
            CheckVerdict::Warn,
        ));
        let found = findings(&run);
        let blocks = |found: &[Finding<'_>]| -> Vec<usize> {
            found.iter().map(|one| one.blocks.len()).collect()
        };
        assert_eq!(blocks(&found.violated), [12, 0]);
        assert_eq!(blocks(&found.warned), [0]);
        // The case would show this one too.
        let mut cases = run.cases.iter_mut();
        let blocked = cases.find(|case| case.verdict == Verdict::Blocked).unwrap();
        blocked.checks.push(Check::new(
            "manifest-put-other",
            Level::Must,
            CheckVerdict::Blocked,
        ));
        assert_eq!(blocks(&findings(&run).violated), [11, 1]);
    }

    #[test]
    fn a_cause_is_named_once() {
        let run = sample::blocked_by_one();
        let found = findings(&run);
        assert_eq!(found.blocked.len(), 1);
        assert!(found.blocked.iter().all(|cause| cause.cases.len() > 5));
    }
}
