//! The page's model: everything that the template lays out, in its words and sanitized.

use serde::Serialize;

use super::case::{self, Suite};
use super::context::Context;
use super::donut::Donut;
use super::findings::{Cause, Diagnosis, Finding};
use super::overview::{Category, Fact, Feature};
use super::tally::{Tally, bar};
use super::topics::{Topic, topics};
use super::{findings as found, overview};
use crate::record::{Counts, Run};
use crate::report::{findings, phrases, sanitize_line};

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
    /// Known causes of deployment.
    diagnoses: Vec<Diagnosis>,
    facts: Vec<Fact>,
    notes: Vec<String>,
    categories: Vec<Category>,
    features: Vec<Feature>,
    violated: Vec<Finding>,
    warned: Vec<Finding>,
    blocked: Vec<Cause>,
    errors: Vec<Cause>,
    context: Context,
    topics: Vec<Topic>,
    suites: Vec<Suite>,
    /// The cases that are newer than what counts.
    uncounted: Option<Suite>,
    /// The verdicts of cases and requirements, for the filter.
    verdicts: Vec<Tally>,
    total: usize,
    tool: String,
    /// The command that runs one case, up to its id.
    rerun: String,
}

/// The page of a run.
pub(super) fn of(run: &Run) -> Page {
    let found_all = findings::findings(run);
    let target = sanitize_line(&run.target.url).into_owned();
    Page {
        title: format!("{}: {target}", phrases::headline(run)),
        verdict: run.verdict.name(),
        headline: phrases::headline_with_version(run),
        donut: Donut::of(run),
        explanation: phrases::explanation(run),
        target,
        bundled: run.target.bundled,
        diagnoses: run.diagnoses.iter().map(found::diagnosis).collect(),
        facts: overview::facts(run),
        notes: run
            .notes
            .iter()
            .map(|note| sanitize_line(note).into_owned())
            .collect(),
        categories: overview::categories(run),
        features: overview::features(run),
        violated: found_all
            .violated
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
        topics: topics(run),
        context: Context::of(run),
        suites: case::suites(run),
        uncounted: case::uncounted(run),
        verdicts: verdicts(run),
        total: run.summary.total(),
        tool: sanitize_line(&format!("{} {}", run.tool.name, run.tool.version)).into_owned(),
        rerun: sanitize_line(&rerun(run)).into_owned(),
    }
}

/// The verdicts of cases and requirements.
fn verdicts(run: &Run) -> Vec<Tally> {
    let requirements = run.requirements.iter().map(|result| result.verdict);
    let cases = run.cases.iter().map(|case| case.verdict);
    bar(Counts::of(cases.chain(requirements)))
}

/// The command that runs one case, up to its id.
fn rerun(run: &Run) -> String {
    let target = if run.target.bundled {
        ""
    } else {
        run.target.url.as_str()
    };
    let (spec, seed) = (run.spec, run.seed);
    format!("assay run {target} --spec {spec} --seed {seed} --only").replace("  ", " ")
}
