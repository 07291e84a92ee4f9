//! The suites and the order of their cases on the page.

use indexmap::IndexMap;
use serde::Serialize;

use super::tally::{Tally, bar};
use crate::record::{self, Counts, Run, Verdict};
use crate::report::{phrases, sanitize_line};

/// A suite: the rows of its cases are made when it is opened.
#[derive(Debug, Serialize)]
pub(super) struct Suite {
    name: String,
    total: usize,
    bar: Vec<Tally>,
    /// The bar in words.
    label: String,
    /// Whether a case of it needs attention.
    open: bool,
}

/// The cases by suite: the order of the page, and of its evidence. What only prepares the others stands last.
pub(super) fn by_suite(run: &Run) -> Vec<(&str, Vec<&record::Case>)> {
    let mut suites: IndexMap<&str, Vec<&record::Case>> = IndexMap::new();
    for case in &run.cases {
        suites.entry(&case.suite).or_default().push(case);
    }
    let mut suites: Vec<(&str, Vec<&record::Case>)> = suites.into_iter().collect();
    suites.sort_by_key(|(name, _)| *name == record::SET_UP);
    suites
}

/// The cases in the order of the page's evidence: those of the suites, then those that are newer than what counts.
pub(super) fn in_order(run: &Run) -> impl Iterator<Item = &record::Case> {
    let uncounted = run.uncounted.iter().map(|one| &one.case);
    by_suite(run)
        .into_iter()
        .flat_map(|(_, cases)| cases)
        .chain(uncounted)
}

/// The cases that are newer than what counts; `None` where there are none.
pub(super) fn uncounted(run: &Run) -> Option<Suite> {
    let cases: Vec<&record::Case> = run.uncounted.iter().map(|one| &one.case).collect();
    (!cases.is_empty()).then(|| suite("newer", &cases))
}

/// The suites.
pub(super) fn suites(run: &Run) -> Vec<Suite> {
    let suites = by_suite(run).into_iter();
    suites.map(|(name, cases)| suite(name, &cases)).collect()
}

fn suite(name: &str, cases: &[&record::Case]) -> Suite {
    let counts = Counts::of(cases.iter().map(|case| case.verdict));
    let acted = |case: &&record::Case| {
        matches!(
            case.verdict,
            Verdict::Fail | Verdict::Error | Verdict::Blocked | Verdict::Warn
        )
    };
    Suite {
        name: sanitize_line(name).into_owned(),
        total: cases.len(),
        bar: bar(counts),
        label: phrases::counts(counts),
        open: cases.iter().any(acted),
    }
}
