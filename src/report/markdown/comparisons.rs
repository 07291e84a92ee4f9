//! What the run is compared with: an earlier run, a baseline, newer cases; and what it did not delete.

use std::fmt::Write as _;

use super::text::{code, escaped, fenced, names};
use crate::record::{BaselineResult, RerunComparison, RerunOutcome, Run, Verdict};
use crate::report::failure::Failure;
use crate::report::leftovers::by_reason;
use crate::report::{findings, phrases};

/// The most lines of a kind: the summary page of GitHub ends at a mebibyte.
const MOST: usize = 50;

/// The failures of an earlier run, run again.
pub(super) fn earlier(text: &mut String, run: &Run) -> Result<(), Failure> {
    run.rerun
        .as_ref()
        .map_or(Ok(()), |comparison| rerun(text, comparison))
}

/// The baseline, newer cases, and leftovers.
pub(super) fn others(text: &mut String, run: &Run) -> Result<(), Failure> {
    if let Some(result) = &run.baseline {
        baseline(text, run, result)?;
    }
    uncounted(text, run)?;
    leftovers(text, run)
}

/// How many of a list were left out; ends the list.
fn more(text: &mut String, all: usize) -> Result<(), Failure> {
    match all.saturating_sub(MOST) {
        0 => {}
        more => writeln!(text, "- {more} more are in the other reports")?,
    }
    Ok(writeln!(text)?)
}

/// Of the fixed cases, only the names.
fn rerun(text: &mut String, rerun: &RerunComparison) -> Result<(), Failure> {
    let report = escaped(&rerun.report);
    let summary = phrases::rerun_summary(rerun);
    writeln!(text, "### Failures of {report}, run again\n\n{summary}\n")?;
    let mut longest = 0;
    for outcome in [RerunOutcome::Still, RerunOutcome::Other, RerunOutcome::Gone] {
        for one in rerun.those(outcome).take(MOST) {
            let verdicts = escaped(&phrases::rerun_outcome(one));
            writeln!(text, "- {}: {} ({verdicts})", outcome.name(), code(&one.id))?;
        }
        longest = longest.max(rerun.those(outcome).count());
    }
    let fixed = rerun.those(RerunOutcome::Fixed).map(|one| one.id.as_str());
    let new = rerun.new.iter().map(String::as_str).collect();
    for (label, ids) in [("new", new), ("fixed", fixed.collect::<Vec<&str>>())] {
        if !ids.is_empty() {
            writeln!(text, "- {label}: {}", names(ids.into_iter()))?;
        }
    }
    more(text, longest)
}

/// The cases of which the baseline expects a part, and what is new about each.
pub(super) fn changed(text: &mut String, run: &Run) -> Result<(), Failure> {
    let changed = run.baseline.iter().flat_map(|baseline| &baseline.changed);
    let changed: Vec<_> = changed.collect();
    for one in changed.iter().take(MOST) {
        let new = escaped(&phrases::changed_failure(one));
        writeln!(text, "- {} {new}", code(&one.case))?;
    }
    match changed.is_empty() {
        true => Ok(()),
        false => more(text, changed.len()),
    }
}

/// New failures are among the violated requirements: here are known failures, and entries that no failure needs.
fn baseline(text: &mut String, run: &Run, baseline: &BaselineResult) -> Result<(), Failure> {
    let file = escaped(&baseline.file);
    let summary = phrases::baseline_summary(run, baseline);
    writeln!(text, "### Compared with the baseline {file}\n\n{summary}\n")?;
    for (case, known) in findings::known(run).take(MOST) {
        let why = escaped(&phrases::known_failure(known));
        let verdict = phrases::verdict(case.verdict);
        writeln!(text, "- {} {verdict}: {why}", code(&case.id))?;
    }
    for stale in baseline.stale.iter().take(MOST) {
        let (entry, why) = (code(&stale.entry), escaped(&stale.why));
        writeln!(text, "- stale: {entry}: {why}")?;
    }
    for (label, ids) in [
        ("expired", &baseline.expired),
        ("flaky, and passed", &baseline.flaky),
    ] {
        if !ids.is_empty() {
            let ids = names(ids.iter().map(String::as_str));
            writeln!(text, "- {label}: {ids}")?;
        }
    }
    more(text, baseline.known.len())
}

/// Newer cases that would fail or warn if they were counted.
fn uncounted(text: &mut String, run: &Run) -> Result<(), Failure> {
    if run.uncounted.is_empty() {
        return Ok(());
    }
    let summary = escaped(&phrases::uncounted_summary(&run.uncounted));
    writeln!(text, "### Newer cases\n\n{summary}\n")?;
    let bad = |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn);
    let failing = || run.uncounted.iter().filter(|one| bad(one.case.verdict));
    for one in failing().take(MOST) {
        let violated = names(one.case.violated().iter().map(String::as_str));
        let (id, verdict, since) = (code(&one.case.id), one.case.verdict, escaped(&one.since));
        writeln!(text, "- {id} {verdict}: {violated} (since {since})")?;
    }
    more(text, failing().count())
}

/// What the run pushed and did not delete: for each reason the number of items, and the command that deletes the first.
fn leftovers(text: &mut String, run: &Run) -> Result<(), Failure> {
    if run.leftovers.is_empty() {
        return Ok(());
    }
    let count = phrases::count(run.leftovers.len(), "item");
    writeln!(
        text,
        "### Not deleted\n\n<details><summary>{count} that the run pushed</summary>\n"
    )?;
    if let Some(command) = phrases::clean(run) {
        let command = fenced(&command);
        writeln!(text, "This tries to delete all of them:\n\n{command}\n")?;
    }
    let groups = by_reason(&run.leftovers);
    for group in groups.iter().take(MOST) {
        let summary = escaped(&group.summary());
        let first = group.items.first().map_or("", |one| one.curl.as_str());
        writeln!(text, "{summary}\n\n{}\n", fenced(first))?;
    }
    more(text, groups.len())?;
    Ok(writeln!(text, "</details>\n")?)
}
