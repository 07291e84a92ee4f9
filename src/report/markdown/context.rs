//! What a run is beside others: an earlier run, a baseline, newer cases, and what it left in the registry.

use std::fmt::Write as _;

use super::text::{code, escaped, fenced, names};
use crate::record::{BaselineResult, RerunComparison, RerunOutcome, Run, Verdict};
use crate::report::failure::Failure;
use crate::report::{findings, phrases};

/// How many things of a kind are told of: the summary page of GitHub ends at a mebibyte.
const MOST: usize = 50;

/// An earlier run, whose failures were run again.
pub(super) fn earlier(text: &mut String, run: &Run) -> Result<(), Failure> {
    run.rerun
        .as_ref()
        .map_or(Ok(()), |again| run_again(text, again))
}

/// The baseline, newer cases, and what was left.
pub(super) fn others(text: &mut String, run: &Run) -> Result<(), Failure> {
    if let Some(held) = &run.baseline {
        baseline(text, run, held)?;
    }
    newer(text, run)?;
    left(text, run)
}

/// How many more there are than were told of.
fn more(text: &mut String, all: usize) -> Result<(), Failure> {
    match all.saturating_sub(MOST) {
        0 => {}
        more => writeln!(text, "- {more} more are told in the other reports")?,
    }
    Ok(writeln!(text)?)
}

/// What became of what failed in an earlier run: those that are fixed by name alone.
fn run_again(text: &mut String, again: &RerunComparison) -> Result<(), Failure> {
    let report = escaped(&again.report);
    writeln!(
        text,
        "### Run again: what failed in {report}\n\n{}\n",
        phrases::again(again)
    )?;
    let mut left_out = 0;
    for became in [RerunOutcome::Still, RerunOutcome::Other, RerunOutcome::Gone] {
        let told = || again.those(became);
        for one in told().take(MOST) {
            let said = escaped(&phrases::became(one));
            writeln!(text, "- {}: {} ({said})", became.name(), code(&one.id))?;
        }
        left_out = left_out.max(told().count());
    }
    for (label, ids) in [
        ("new", again.new.iter().collect::<Vec<_>>()),
        (
            "fixed",
            again
                .those(RerunOutcome::Fixed)
                .map(|one| &one.id)
                .collect(),
        ),
    ] {
        if !ids.is_empty() {
            writeln!(
                text,
                "- {label}: {}",
                names(ids.iter().map(|id| id.as_str()))
            )?;
        }
    }
    more(text, left_out)
}

/// New failures are told of as broken requirements: here are those that are known, and what the baseline has too much.
fn baseline(text: &mut String, run: &Run, held: &BaselineResult) -> Result<(), Failure> {
    let (file, said) = (escaped(&held.file), phrases::held(held));
    writeln!(text, "### Beside the baseline {file}\n\n{said}\n")?;
    for (case, known) in findings::known(run).take(MOST) {
        let why = escaped(&phrases::known(known));
        writeln!(text, "- {} {}: {why}", code(&case.id), case.verdict)?;
    }
    for stale in held.stale.iter().take(MOST) {
        let (entry, why) = (code(&stale.entry), escaped(&stale.why));
        writeln!(text, "- stale: {entry}: {why}")?;
    }
    for (label, ids) in [
        ("expired", &held.expired),
        ("flaky, and passed", &held.flaky),
    ] {
        if !ids.is_empty() {
            let ids = names(ids.iter().map(String::as_str));
            writeln!(text, "- {label}: {ids}")?;
        }
    }
    more(text, held.known.len())
}

/// Uncounted cases that would fail or warn if they counted.
fn newer(text: &mut String, run: &Run) -> Result<(), Failure> {
    if run.uncounted.is_empty() {
        return Ok(());
    }
    let said = phrases::newer(&run.uncounted);
    writeln!(text, "### Newer cases\n\n{}\n", escaped(&said))?;
    let bad = |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn);
    let told = || run.uncounted.iter().filter(|one| bad(one.case.verdict));
    for one in told().take(MOST) {
        let broken = names(one.case.breaks().iter().map(String::as_str));
        let (id, verdict, since) = (code(&one.case.id), one.case.verdict, escaped(&one.since));
        writeln!(text, "- {id} {verdict}: {broken} (since {since})")?;
    }
    more(text, told().count())
}

/// What the run pushed and did not delete, with the commands that do.
fn left(text: &mut String, run: &Run) -> Result<(), Failure> {
    if run.leftovers.is_empty() {
        return Ok(());
    }
    let count = phrases::count(run.leftovers.len(), "thing");
    writeln!(
        text,
        "### Left in the registry\n\n\
         <details><summary>{count}, each with the command that deletes it; `assay clean --from report.json` tries all again</summary>\n"
    )?;
    for one in run.leftovers.iter().take(MOST) {
        let what = escaped(&format!(
            "{} of {}: {}",
            one.kind, one.repository, one.reason
        ));
        writeln!(text, "{what}\n\n{}\n", fenced(&one.curl))?;
    }
    more(text, run.leftovers.len())?;
    Ok(writeln!(text, "</details>\n")?)
}
