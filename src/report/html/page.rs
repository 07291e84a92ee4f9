//! The page's model: everything that the template lays out, said and made visible already.

use serde::Serialize;

use super::case::{self, Suite};
use super::context::Context;
use super::donut::Donut;
use super::findings::{Cause, Finding};
use super::overview::{Category, Fact, Feature, Tally, Topic};
use super::{findings as found, overview};
use crate::record::Run;
use crate::report::{findings, phrases, sanitize_line};

/// The whole page.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    title: String,
    verdict: &'static str,
    headline: String,
    donut: Donut,
    because: String,
    target: String,
    bundled: bool,
    facts: Vec<Fact>,
    notes: Vec<String>,
    categories: Vec<Category>,
    features: Vec<Feature>,
    broken: Vec<Finding>,
    warned: Vec<Finding>,
    blocked: Vec<Cause>,
    errors: Vec<Cause>,
    context: Context,
    topics: Vec<Topic>,
    suites: Vec<Suite>,
    /// The cases that are newer than what counts.
    newer: Option<Suite>,
    /// The verdicts that any case or requirement came to.
    verdicts: Vec<Tally>,
    total: usize,
    tool: String,
    /// The words before an id that run one case again.
    again: String,
}

/// The page of a run.
pub(super) fn of(run: &Run) -> Page {
    let found_all = findings::findings(run);
    let target = sanitize_line(&run.target.url).into_owned();
    Page {
        title: format!("{}: {target}", phrases::headline(run.verdict)),
        verdict: run.verdict.name(),
        headline: phrases::judged(run),
        donut: Donut::of(run),
        because: phrases::because(run),
        target,
        bundled: run.target.bundled,
        facts: overview::facts(run),
        notes: run
            .notes
            .iter()
            .map(|note| sanitize_line(note).into_owned())
            .collect(),
        categories: overview::categories(run),
        features: overview::features(run),
        broken: found_all
            .broken
            .iter()
            .map(|one| found::finding(run, one))
            .collect(),
        warned: found_all
            .warned
            .iter()
            .map(|one| found::finding(run, one))
            .collect(),
        blocked: found_all.blocked.iter().map(found::cause).collect(),
        errors: found_all.errors.iter().map(found::cause).collect(),
        topics: overview::topics(run),
        context: Context::of(run),
        suites: case::suites(run),
        newer: case::newer(run),
        verdicts: overview::verdicts(run),
        total: run.summary.total(),
        tool: sanitize_line(&format!("{} {}", run.tool.name, run.tool.version)).into_owned(),
        again: sanitize_line(&again(run)).into_owned(),
    }
}

/// The command that runs a case again, without its id.
fn again(run: &Run) -> String {
    let target = if run.target.bundled {
        ""
    } else {
        run.target.url.as_str()
    };
    let (spec, seed) = (run.spec, run.seed);
    format!("assay run {target} --spec {spec} --seed {seed} --only").replace("  ", " ")
}

/// An id as the part of an address after `#`.
pub(in crate::report) fn anchor(id: &str) -> String {
    let mut escaped = String::with_capacity(id.len() + 1);
    for byte in sanitize_line(id).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// A reference to something on the page.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    /// What is shown.
    pub name: String,
    /// The address after `#`.
    pub anchor: String,
}

impl Link {
    /// The reference to an id.
    pub(super) fn to(id: &str) -> Self {
        Self {
            name: sanitize_line(id).into_owned(),
            anchor: anchor(id),
        }
    }
}
