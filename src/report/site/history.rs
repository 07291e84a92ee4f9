//! The results of targets over time: what `index.json` of the site and of each target spells out.

use serde::Serialize;

use crate::record::{Conformance, Counts, Run, Verdict};
use crate::report::compare::{Kind, compare};

/// The results of a target, the oldest first.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    /// Its name in the fleet.
    pub name: String,
    /// One for each date.
    pub runs: Vec<DatedRun>,
    /// The latest run that has a report, without its exchanges.
    #[serde(skip)]
    pub latest: Option<Run>,
}

/// The result of a date.
#[derive(Debug, Clone, Serialize)]
pub struct DatedRun {
    /// The date, such as 2026-11-29.
    pub date: String,
    /// When the run began; empty without a report.
    pub started: String,
    /// The registry's URL; empty without a report.
    pub url: String,
    /// The verdict; none without a report.
    pub verdict: Option<Conformance>,
    /// How many requirements have each verdict.
    pub requirements: Counts,
    /// How many cases have each verdict.
    pub counts: Counts,
    /// Whether the site has the report.
    pub report: bool,
    /// Why there is no report, or no verdict.
    pub reason: Option<String>,
    /// The requirements whose verdicts differ from the run before.
    pub changes: Vec<Change>,
}

/// A requirement whose verdict changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it means.
    pub kind: Kind,
    /// The requirement.
    pub requirement: String,
    /// What it demands.
    pub says: String,
    /// The verdict of the run before; none where that run does not have the requirement.
    pub before: Option<Verdict>,
    /// The verdict now; none where this run does not have the requirement.
    pub after: Option<Verdict>,
}

impl History {
    /// A target without results.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            runs: Vec::new(),
            latest: None,
        }
    }

    /// Adds the result of the next date: a run, or why there is none.
    pub fn add(&mut self, date: &str, run: Option<Run>, reason: Option<String>) {
        let Some(mut run) = run else {
            self.runs.push(DatedRun {
                date: date.to_owned(),
                started: String::new(),
                url: String::new(),
                verdict: None,
                requirements: Counts::default(),
                counts: Counts::default(),
                report: false,
                reason,
                changes: Vec::new(),
            });
            return;
        };
        let uncounted = run.uncounted.iter_mut().map(|one| &mut one.case);
        for case in run.cases.iter_mut().chain(uncounted) {
            case.exchanges.clear();
            case.attempts
                .iter_mut()
                .for_each(|attempt| attempt.exchanges.clear());
        }
        let changes = self.latest.as_ref().map(|before| changes(before, &run));
        self.runs.push(DatedRun {
            date: date.to_owned(),
            started: run.started.clone(),
            url: run.target.url.clone(),
            verdict: Some(run.verdict),
            requirements: Counts::of(run.requirements.iter().map(|one| one.verdict)),
            counts: run.summary,
            report: true,
            reason,
            changes: changes.unwrap_or_default(),
        });
        self.latest = Some(run);
    }

    /// Leaves the reports of all but the latest runs out of the site.
    pub fn keep_reports(&mut self, latest: usize) {
        let reports = self.runs.iter_mut().rev().filter(|run| run.report);
        for run in reports.skip(latest) {
            run.report = false;
        }
    }
}

/// What differs between two runs of a target.
fn changes(before: &Run, after: &Run) -> Vec<Change> {
    let named = |name: &str, run| (Some(name.to_owned()), name.to_owned(), run);
    let comparison = compare(&[named("before", before), named("after", after)]);
    let groups = comparison.groups.into_iter();
    let groups = groups.filter(|group| group.kind != Kind::Same);
    let changes = groups.flat_map(|group| {
        group.rows.into_iter().map(move |row| {
            let verdict = |index: usize| row.cells.get(index)?.as_ref().map(|cell| cell.verdict);
            Change {
                kind: group.kind,
                before: verdict(0),
                after: verdict(1),
                requirement: row.requirement.clone(),
                says: row.says.clone(),
            }
        })
    });
    changes.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_run_is_compared_with_the_run_before_it_that_has_a_report() {
        let mut history = History::new("zot");
        history.add("2026-01-01", Some(sample::all_pass()), None);
        history.add("2026-01-02", None, Some("it is down".into()));
        history.add("2026-01-03", Some(sample::all_states()), None);
        let runs = &history.runs;
        assert!(runs[0].changes.is_empty() && runs[1].changes.is_empty());
        assert_eq!(runs[1].reason.as_deref(), Some("it is down"));
        let worse = runs[2]
            .changes
            .iter()
            .filter(|one| one.kind == Kind::Regression);
        let worse: Vec<_> = worse.collect();
        assert!(!worse.is_empty());
        assert!(worse.iter().all(|one| one.before == Some(Verdict::Pass)));
        let latest = history.latest.unwrap();
        assert!(latest.cases.iter().all(|case| case.exchanges.is_empty()));
    }
}
