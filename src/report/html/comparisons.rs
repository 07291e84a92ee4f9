//! What the run is compared with: an earlier run, a baseline, newer cases; and what it did not delete.

use serde::Serialize;

use super::link::Link;
use crate::record::{
    BaselineResult, Leftover, RerunCase, RerunComparison, RerunOutcome, Run, Verdict,
};
use crate::report::leftovers::by_reason;
use crate::report::{findings, phrases, sanitize, sanitize_line};

/// The most leftovers that are listed for one reason: report.json has all of them.
const MOST: usize = 200;

/// The sections; one without content is `None` or empty.
#[derive(Debug, Serialize)]
pub(super) struct Comparisons {
    rerun: Option<Rerun>,
    baseline: Option<Baseline>,
    uncounted: String,
    leftovers: Option<Leftovers>,
}

/// The failures of an earlier run, run again.
#[derive(Debug, Serialize)]
struct Rerun {
    report: String,
    summary: String,
    cases: Vec<Row>,
    /// How many of the first are to be acted on: the others are fixed.
    open: usize,
}

/// A case, in a line.
#[derive(Debug, Serialize)]
struct Row {
    link: Link,
    label: &'static str,
    /// The verdict whose colour the label has.
    verdict: &'static str,
    detail: String,
}

#[derive(Debug, Serialize)]
struct Baseline {
    file: String,
    summary: String,
    /// How many failures it does not expect.
    new: usize,
    known: Vec<Row>,
    unused: Vec<UnusedEntry>,
}

/// An entry that no failure of the run needs, and why.
#[derive(Debug, Serialize)]
struct UnusedEntry {
    label: &'static str,
    entry: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Leftovers {
    number: usize,
    count: String,
    /// The command that tries to delete them; empty without a report.json.
    clean: String,
    groups: Vec<Group>,
}

/// The items that were not deleted for one reason.
#[derive(Debug, Serialize)]
struct Group {
    summary: String,
    items: Vec<Item>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Item {
    kind: &'static str,
    repository: String,
    reference: String,
    curl: String,
}

impl Comparisons {
    pub(super) fn of(run: &Run) -> Self {
        let baseline = run.baseline.as_ref();
        Self {
            rerun: run.rerun.as_ref().map(rerun),
            baseline: baseline.map(|result| self::baseline(run, result)),
            uncounted: phrases::uncounted_summary(&run.uncounted),
            leftovers: (!run.leftovers.is_empty()).then(|| leftovers(run)),
        }
    }
}

fn line(text: &str) -> String {
    sanitize_line(text).into_owned()
}

fn rerun(rerun: &RerunComparison) -> Rerun {
    let row = |case: &RerunCase| Row {
        link: Link::to(&case.id),
        label: case.outcome.name(),
        verdict: case.now.unwrap_or(Verdict::Skipped).name(),
        detail: line(&phrases::rerun_outcome(case)),
    };
    let new = rerun.new.iter().map(|id| Row {
        link: Link::to(id),
        label: "new",
        verdict: Verdict::Fail.name(),
        detail: "did not fail in the earlier run".to_owned(),
    });
    let open = [RerunOutcome::Still, RerunOutcome::Other, RerunOutcome::Gone];
    let open = open.into_iter().flat_map(|outcome| rerun.those(outcome));
    let mut cases: Vec<Row> = open.map(row).chain(new).collect();
    let open = cases.len();
    cases.extend(rerun.those(RerunOutcome::Fixed).map(row));
    Rerun {
        report: line(&rerun.report),
        summary: line(&phrases::rerun_summary(rerun)),
        cases,
        open,
    }
}

fn baseline(run: &Run, baseline: &BaselineResult) -> Baseline {
    let known = findings::known(run).map(|(case, known)| Row {
        link: Link::to(&case.id),
        label: if known.flaky { "flaky" } else { "known" },
        verdict: case.verdict.name(),
        detail: line(&format!(
            "{}: {}",
            phrases::verdict(case.verdict),
            phrases::known_failure(known)
        )),
    });
    let entry = |label, id: &str, why: &str| UnusedEntry {
        label,
        entry: line(id),
        why: line(why),
    };
    let stale = baseline.stale.iter();
    let expired = baseline.expired.iter();
    let flaky = baseline.flaky.iter();
    let unused = stale
        .map(|one| entry("stale", &one.entry, &one.why))
        .chain(expired.map(|id| entry("expired", id, "its last day is over")))
        .chain(flaky.map(|id| entry("flaky", id, "it passed this time")));
    Baseline {
        file: line(&baseline.file),
        summary: phrases::baseline_summary(run, baseline),
        new: baseline.new.len(),
        known: known.collect(),
        unused: unused.collect(),
    }
}

fn leftovers(run: &Run) -> Leftovers {
    let leftovers = &run.leftovers;
    let item = |one: &&Leftover| Item {
        kind: one.kind.name(),
        repository: line(&one.repository),
        reference: line(&one.reference),
        curl: sanitize(&one.curl).into_owned(),
    };
    let groups = by_reason(leftovers).into_iter().map(|group| Group {
        summary: line(&group.summary()),
        items: group.items.iter().take(MOST).map(item).collect(),
        more: group.items.len().saturating_sub(MOST),
    });
    Leftovers {
        number: leftovers.len(),
        count: phrases::count(leftovers.len(), "item"),
        clean: line(&phrases::clean(run).unwrap_or_default()),
        groups: groups.collect(),
    }
}
