//! What a run is beside others: an earlier run, a baseline, newer cases, and what it left in the registry.

use serde::Serialize;

use super::page::Link;
use crate::record::{self, RerunOutcome, Run, Verdict};
use crate::report::{findings, phrases, sanitize, sanitize_line};

/// The most things that were left behind and are told of: report.json has them all.
const LEFT: usize = 200;

/// All of them; what there is not is empty.
#[derive(Debug, Serialize)]
pub(super) struct Context {
    again: Option<RerunComparison>,
    held: Option<BaselineResult>,
    newer: String,
    left: Option<Left>,
}

/// The failures of an earlier run, run again.
#[derive(Debug, Serialize)]
struct RerunComparison {
    report: String,
    said: String,
    cases: Vec<Row>,
    /// How many of the first are to be acted on: the others are fixed.
    open: usize,
}

/// A case, in a line.
#[derive(Debug, Serialize)]
struct Row {
    link: Link,
    label: &'static str,
    /// The verdict whose colour it has.
    verdict: &'static str,
    said: String,
}

/// The run beside a baseline.
#[derive(Debug, Serialize)]
struct BaselineResult {
    file: String,
    said: String,
    known: Vec<Row>,
    /// What the baseline has too much, and why.
    rest: Vec<(&'static str, String, String)>,
}

/// What was left in the registry.
#[derive(Debug, Serialize)]
struct Left {
    number: usize,
    count: String,
    things: Vec<Thing>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Thing {
    what: &'static str,
    repository: String,
    reference: String,
    reason: String,
    curl: String,
}

impl Context {
    /// What a run is beside others.
    pub(super) fn of(run: &Run) -> Self {
        Self {
            again: run.rerun.as_ref().map(again),
            held: run.baseline.as_ref().map(|one| held(run, one)),
            newer: phrases::newer(&run.uncounted),
            left: (!run.leftovers.is_empty()).then(|| left(&run.leftovers)),
        }
    }
}

fn line(text: &str) -> String {
    sanitize_line(text).into_owned()
}

fn again(again: &record::RerunComparison) -> RerunComparison {
    let row = |case: &record::RerunCase| Row {
        link: Link::to(&case.id),
        label: case.became.name(),
        verdict: case.now.unwrap_or(Verdict::Skipped).name(),
        said: line(&phrases::became(case)),
    };
    let new = again.new.iter().map(|id| Row {
        link: Link::to(id),
        label: "new",
        verdict: Verdict::Fail.name(),
        said: "it did not fail then".to_owned(),
    });
    let told = RerunOutcome::ALL
        .into_iter()
        .filter(|one| *one != RerunOutcome::Fixed);
    let mut cases: Vec<Row> = told
        .flat_map(|became| again.those(became).map(row))
        .collect();
    cases.extend(new);
    let open = cases.len();
    cases.extend(again.those(RerunOutcome::Fixed).map(row));
    RerunComparison {
        report: line(&again.report),
        said: line(&phrases::again(again)),
        cases,
        open,
    }
}

fn held(run: &Run, held: &record::BaselineResult) -> BaselineResult {
    let known = findings::known(run).map(|(case, known)| Row {
        link: Link::to(&case.id),
        label: if known.flaky { "flaky" } else { "known" },
        verdict: case.verdict.name(),
        said: line(&format!("{}: {}", case.verdict, phrases::known(known))),
    });
    let stale = held.stale.iter();
    let mut rest: Vec<(&'static str, String, String)> = stale
        .map(|one| ("stale", line(&one.entry), line(&one.why)))
        .collect();
    for (label, ids, why) in [
        (
            "expired",
            &held.expired,
            "its last day is over: it expects nothing any more",
        ),
        (
            "flaky",
            &held.flaky,
            "it may come and go, and passed this time",
        ),
    ] {
        rest.extend(ids.iter().map(|id| (label, line(id), why.to_owned())));
    }
    BaselineResult {
        file: line(&held.file),
        said: phrases::held(held),
        known: known.collect(),
        rest,
    }
}

fn left(left: &[record::Leftover]) -> Left {
    let things = left.iter().take(LEFT).map(|one| Thing {
        what: one.kind.name(),
        repository: line(&one.repository),
        reference: line(&one.reference),
        reason: line(&one.reason),
        curl: sanitize(&one.curl).into_owned(),
    });
    Left {
        number: left.len(),
        count: phrases::count(left.len(), "thing"),
        things: things.collect(),
        more: left.len().saturating_sub(LEFT),
    }
}
