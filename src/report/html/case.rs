//! A line for each case, by suite. Its content is laid out from [`Evidence`](super::evidence) when it is opened.

use indexmap::IndexMap;
use serde::Serialize;

use super::link::Link;
use super::words;
use crate::record::{self, Run};
use crate::report::{phrases, sanitize_line};

/// A suite and its cases.
#[derive(Debug, Serialize)]
pub(super) struct Suite {
    name: String,
    total: usize,
    cases: Vec<Case>,
}

#[derive(Debug, Serialize)]
struct Case {
    link: Link,
    /// Its position in the evidence.
    position: usize,
    title: String,
    verdict: &'static str,
    word: &'static str,
    sign: &'static str,
    category: &'static str,
    levels: String,
    features: String,
    /// The requirements that it checks: what a search finds it by.
    requirements: String,
    duration: String,
    section: String,
    section_link: String,
    /// A remark on the verdict: a baseline expects it, or the version that the case is new in.
    tag: String,
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

/// The lines of the cases that are newer than what counts; `None` where there are none.
pub(super) fn uncounted(run: &Run) -> Option<Suite> {
    let rows = (run.cases.len()..)
        .zip(&run.uncounted)
        .map(|(position, one)| Case {
            tag: sanitize_line(&format!("since {}", one.since)).into_owned(),
            ..case(run, &one.case, position)
        });
    let cases: Vec<Case> = rows.collect();
    (!cases.is_empty()).then(|| Suite {
        name: "newer".to_owned(),
        total: cases.len(),
        cases,
    })
}

/// The lines of the cases.
pub(super) fn suites(run: &Run) -> Vec<Suite> {
    let mut positions = 0..;
    let mut suites = Vec::new();
    for (name, cases) in by_suite(run) {
        suites.push(Suite {
            name: sanitize_line(name).into_owned(),
            total: cases.len(),
            cases: cases
                .into_iter()
                .zip(positions.by_ref())
                .map(|(one, position)| case(run, one, position))
                .collect(),
        });
    }
    suites
}

fn case(run: &Run, case: &record::Case, position: usize) -> Case {
    let levels = case.checks.iter().map(|check| check.level.to_string());
    let requirements = case.checks.iter().map(|check| check.requirement.clone());
    Case {
        link: Link::to(&case.id),
        position,
        title: sanitize_line(&case.title).into_owned(),
        verdict: case.verdict.name(),
        word: phrases::verdict(case.verdict),
        sign: phrases::sign(case.verdict),
        category: case.category.name(),
        levels: words::unique(levels.collect()),
        features: words::unique(case.features.clone()),
        requirements: words::unique(requirements.collect()),
        duration: phrases::duration(case.duration_ms),
        section: phrases::section(&sanitize_line(&case.section)),
        section_link: phrases::link(run, "", &case.section),
        tag: case
            .known
            .as_ref()
            .map_or_else(String::new, |known| match known.flaky {
                true => "flaky".to_owned(),
                false => "known".to_owned(),
            }),
    }
}
