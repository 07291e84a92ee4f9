//! Sentences on what a run is compared with: an earlier run, a baseline, and cases that are newer than what counts.

use super::verdicts::{counts, verdict};
use crate::record::{
    BaselineResult, ChangedFailure, Counts, KnownFailure, RerunCase, RerunComparison, RerunOutcome,
    Run, Uncounted,
};

/// Why a failure is expected: "known failure: quay#6388".
pub(in crate::report) fn known_failure(known: &KnownFailure) -> String {
    let kind = match known.flaky {
        true => "flaky failure",
        false => "known failure",
    };
    match known.reason.as_str() {
        "" => format!("{kind} (baseline entry {})", known.entry),
        reason => format!("{kind}: {reason}"),
    }
}

/// The numbers that are not zero, each with its words for one and for several: "1 is known", "2 are known".
fn several<const N: usize>(kinds: [(usize, &str, &str); N]) -> Vec<String> {
    let kinds = kinds.into_iter().filter(|(number, ..)| *number > 0);
    kinds
        .map(|(number, one, many)| match number {
            1 => format!("1 {one}"),
            number => format!("{number} {many}"),
        })
        .collect()
}

/// The outcome of the rerun of the failures: "2 of 5 failed cases are fixed: 1 is unchanged, 2 were not run."
pub(in crate::report) fn rerun_summary(rerun: &RerunComparison) -> String {
    let number = |outcome: RerunOutcome| rerun.those(outcome).count();
    let (all, fixed) = (rerun.cases.len(), number(RerunOutcome::Fixed));
    let rest = several([
        (number(RerunOutcome::Still), "is unchanged", "are unchanged"),
        (
            number(RerunOutcome::Other),
            "has another verdict",
            "have another verdict",
        ),
        (number(RerunOutcome::Gone), "was not run", "were not run"),
        (rerun.new.len(), "failure is new", "failures are new"),
    ]);
    let are = if fixed == 1 { "is" } else { "are" };
    let fixed = match (fixed == all, all) {
        (true, 1) => "The failed case is fixed".to_owned(),
        (true, _) => format!("All {all} failed cases are fixed"),
        (false, 1) => "The failed case is not fixed".to_owned(),
        (false, _) => format!("{fixed} of {all} failed cases {are} fixed"),
    };
    match rest.is_empty() {
        true => format!("{fixed}."),
        false => format!("{fixed}: {}.", rest.join(", ")),
    }
}

/// The outcome of one case, after its name: "fail before, blocked now", "fail: chunk-order".
pub(in crate::report) fn rerun_outcome(case: &RerunCase) -> String {
    let before = verdict(case.then);
    let verdicts = match case.outcome {
        RerunOutcome::Still => before.to_owned(),
        RerunOutcome::Other | RerunOutcome::Gone | RerunOutcome::Fixed => {
            let now = case.now.map_or("not run", verdict);
            format!("{before} before, {now} now")
        }
    };
    let rest: Vec<&str> = case
        .violated
        .iter()
        .filter(|id| !case.violates.contains(id))
        .map(String::as_str)
        .collect();
    let rest = match rest.is_empty() {
        true => String::new(),
        false => format!(" (no longer {})", rest.join(", ")),
    };
    match case.violates.as_slice() {
        [] => verdicts,
        now => format!("{verdicts}: {}{rest}", now.join(", ")),
    }
}

/// A run compared with its baseline: "3 failures are new (1 fail, 2 blocked), 5 failures are known (4 fail, 1 blocked), 1 entry
/// is stale."
pub(in crate::report) fn baseline_summary(run: &Run, baseline: &BaselineResult) -> String {
    let verdicts = |ids: &[String]| {
        let cases = run.cases.iter().filter(|case| ids.contains(&case.id));
        let verdicts = Counts::of(cases.map(|case| case.verdict));
        // The verdict of the run counts those with the verdict `fail` alone.
        match verdicts.fail == ids.len() {
            true => String::new(),
            false => format!(" ({})", counts(verdicts)),
        }
    };
    let (new, known) = (verdicts(&baseline.new), verdicts(&baseline.known));
    let parts = several([
        (
            baseline.new.len(),
            &format!("failure is new{new}"),
            &format!("failures are new{new}"),
        ),
        (
            baseline.known.len(),
            &format!("failure is known{known}"),
            &format!("failures are known{known}"),
        ),
        (baseline.stale.len(), "entry is stale", "entries are stale"),
        (
            baseline.expired.len(),
            "entry has expired",
            "entries have expired",
        ),
    ]);
    match (baseline.new.len(), parts.is_empty()) {
        (0, true) => "No case fails, and the baseline expects no failure.".to_owned(),
        (0, false) => format!("No failure is new: {}.", parts.join(", ")),
        (_, _) => format!("{}.", parts.join(", ")),
    }
}

/// What is new about a case of which a part is expected, after its name: "also violates chunk-order; entry chunk-status
/// expects the rest".
pub(in crate::report) fn changed_failure(changed: &ChangedFailure) -> String {
    let (new, entry) = (changed.violates.join(", "), &changed.entry);
    format!("also violates {new}; entry {entry} expects the rest")
}

/// The verdicts of cases that are newer than what counts: "They were run, and are not counted: 3 pass, 1 fail."
pub(in crate::report) fn uncounted_summary(uncounted: &[Uncounted]) -> String {
    let all = Counts::of(uncounted.iter().map(|one| one.case.verdict));
    format!("They were run, and are not counted: {}.", counts(all))
}
