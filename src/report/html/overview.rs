//! The upper part of the page: facts, categories and features.

use serde::Serialize;

use super::tally::{ORDER, Tally, bar};
use crate::catalogue::Level;
use crate::record::{Counts, FeatureState, Run, Verdict};
use crate::report::{self, phrases, sanitize_line};

/// A label and its value.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
}

/// A category, with a bar of its requirements.
#[derive(Debug, Serialize)]
pub(super) struct Category {
    name: &'static str,
    title: &'static str,
    verdict: &'static str,
    /// The words in place of the verdict where no case was tested.
    empty: Option<&'static str>,
    cases: usize,
    /// For each level that occurs, how many of the tested requirements are met.
    levels: Vec<Met>,
    bar: Vec<Tally>,
    /// The bar in words.
    label: String,
}

/// How many requirements of a level are met, of how many that were tested.
#[derive(Debug, Serialize)]
pub(super) struct Met {
    level: String,
    met: usize,
    of: usize,
}

/// A feature, and what is known of it.
#[derive(Debug, Serialize)]
pub(super) struct Feature {
    name: String,
    state: &'static str,
    /// How many cases need or probe it.
    cases: usize,
}

/// A filter by verdict: how many requirements and cases have it.
#[derive(Debug, Serialize)]
pub(super) struct VerdictFilter {
    verdict: &'static str,
    word: &'static str,
    sign: &'static str,
    requirements: usize,
    cases: usize,
    label: String,
}

/// A filter by level: how many requirements have it.
#[derive(Debug, Serialize)]
pub(super) struct LevelFilter {
    level: String,
    requirements: usize,
}

/// The facts that repeat the run.
pub(super) fn facts(run: &Run) -> Vec<Fact> {
    let fact = |label, value: String| Fact {
        label,
        value: sanitize_line(&value).into_owned(),
    };
    // A fraction of a second tells nobody anything.
    let seconds = run.started.split('.').next().unwrap_or_default();
    let started = seconds.trim_end_matches('Z').replace('T', " ");
    let mut facts = Vec::from([
        fact("Started", format!("{started} UTC")),
        fact("Took", phrases::duration(run.duration_ms)),
        fact("Requests", run.requests.to_string()),
    ]);
    // What others push, and scenarios for clients, have no repositories of the run and no seed.
    if let Some(seed) = run.content_seed() {
        let repositories = format!("{}, {}", run.target.repo, run.target.repo2);
        facts.push(fact("Repositories", repositories));
        facts.push(fact("Seed", seed.to_string()));
    }
    facts
}

/// Each category that has a case.
pub(super) fn categories(run: &Run) -> Vec<Category> {
    let rows = report::categories::categories(run).into_iter();
    rows.map(|row| Category {
        name: row.category.name(),
        title: row.category.title(),
        verdict: row.result.verdict.name(),
        empty: row.in_place_of_verdict(),
        cases: row.result.counts.total(),
        levels: met(run, row.category),
        bar: bar(row.requirements),
        label: phrases::counts(row.requirements),
    })
    .collect()
}

/// Each feature, in the record's order.
pub(super) fn features(run: &Run) -> Vec<Feature> {
    let shown = |(name, state): (&String, &FeatureState)| Feature {
        name: sanitize_line(name).into_owned(),
        state: phrases::feature_state(*state),
        cases: run
            .cases
            .iter()
            .filter(|case| case.features.contains(name))
            .count(),
    };
    run.features.iter().map(shown).collect()
}

/// The verdicts that requirements or cases have.
pub(super) fn verdicts(run: &Run) -> Vec<VerdictFilter> {
    let requirements = Counts::of(run.requirements.iter().map(|result| result.verdict));
    let cases = Counts::of(run.cases.iter().map(|case| case.verdict));
    let filter = |verdict: Verdict| {
        let (requirements, cases) = (requirements.get(verdict), cases.get(verdict));
        (requirements + cases > 0).then(|| VerdictFilter {
            verdict: verdict.name(),
            word: phrases::verdict(verdict),
            sign: phrases::sign(verdict),
            requirements,
            cases,
            label: format!(
                "{}: {}, {}",
                phrases::verdict(verdict),
                phrases::count(requirements, "requirement"),
                phrases::count(cases, "case")
            ),
        })
    };
    ORDER.into_iter().filter_map(filter).collect()
}

/// The levels that requirements have.
pub(super) fn levels(run: &Run) -> Vec<LevelFilter> {
    let filter = |level: Level| {
        let requirements = run
            .requirements
            .iter()
            .filter(|one| one.level == level)
            .count();
        (requirements > 0).then(|| LevelFilter {
            level: level.to_string(),
            requirements,
        })
    };
    Level::ALL.into_iter().filter_map(filter).collect()
}

fn met(run: &Run, category: crate::catalogue::Category) -> Vec<Met> {
    let count = |level: Level| {
        let within = run
            .requirements
            .iter()
            .filter(|r| r.category == category && r.level == level);
        let counts = Counts::of(within.map(|requirement| requirement.verdict));
        let of = phrases::tested(counts);
        (of > 0).then(|| Met {
            level: level.to_string(),
            met: counts.pass,
            of,
        })
    };
    [Level::Must, Level::Should]
        .into_iter()
        .filter_map(count)
        .collect()
}
