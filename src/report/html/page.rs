//! The page's model: everything that the template lays out, in its words and sanitized.

use serde::Serialize;

use super::case::{self, Suite};
use super::comparisons::Comparisons;
use super::donut::Donut;
use super::overview::{self, Category, Fact, Feature, LevelFilter, VerdictFilter};
use super::problem::{Problem, problems};
use super::topics::{Topic, topics};
use crate::record::Run;
use crate::report::{fix_first, phrases, sanitize_line};

/// The whole page.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    title: String,
    verdict: &'static str,
    headline: String,
    donut: Donut,
    explanation: String,
    target: String,
    bundled: bool,
    facts: Vec<Fact>,
    notes: Vec<String>,
    problems: Vec<Problem>,
    categories: Vec<Category>,
    features: Vec<Feature>,
    comparisons: Comparisons,
    topics: Vec<Topic>,
    suites: Vec<Suite>,
    /// The cases that are newer than what counts.
    uncounted: Option<Suite>,
    verdicts: Vec<VerdictFilter>,
    levels: Vec<LevelFilter>,
    requirements: usize,
    cases: usize,
    tool: String,
}

/// The page of a run.
pub(super) fn of(run: &Run, found: &[fix_first::Problem<'_>]) -> Page {
    let target = sanitize_line(&run.target.url).into_owned();
    let mut notes: Vec<String> = Vec::new();
    for note in &run.notes {
        let note = sanitize_line(note).into_owned();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    Page {
        title: format!("{}: {target}", phrases::headline(run)),
        verdict: run.verdict.name(),
        headline: phrases::headline_with_version(run),
        donut: Donut::of(run),
        explanation: phrases::explanation(run),
        target,
        bundled: run.target.bundled,
        facts: overview::facts(run),
        notes,
        problems: problems(found),
        categories: overview::categories(run),
        features: overview::features(run),
        topics: topics(run),
        comparisons: Comparisons::of(run),
        suites: case::suites(run),
        uncounted: case::uncounted(run),
        verdicts: overview::verdicts(run),
        levels: overview::levels(run),
        requirements: run.requirements.len(),
        cases: run.summary.total(),
        tool: sanitize_line(&format!("{} {}", run.tool.name, run.tool.version)).into_owned(),
    }
}
