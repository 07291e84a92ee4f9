//! What a run is beside an earlier one, a baseline, and newer cases.

use crate::record::{
    BaselineResult, Counts, KnownFailure, RerunCase, RerunComparison, RerunOutcome, Uncounted,
};

/// Why a failure is expected: "known failure (quay#6388)".
pub(in crate::report) fn known(known: &KnownFailure) -> String {
    let what = match known.flaky {
        true => "known to come and go",
        false => "known failure",
    };
    match known.reason.as_str() {
        "" => format!("{what} (baseline entry {})", known.entry),
        reason => format!("{what}: {reason}"),
    }
}

/// How many there are of each kind, in the words for one and for several: "1 is known". What there is none of is left out.
fn several<const N: usize>(kinds: [(usize, &str, &str); N]) -> Vec<String> {
    let kinds = kinds.into_iter().filter(|(number, ..)| *number > 0);
    let said = kinds.map(|(number, one, many)| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    });
    said.collect()
}

/// What became of the failures that were run again: "2 of 5 are fixed: 1 still fails, 2 come to something else".
pub(in crate::report) fn again(again: &RerunComparison) -> String {
    let number = |became: RerunOutcome| again.those(became).count();
    let (all, fixed) = (again.cases.len(), number(RerunOutcome::Fixed));
    let rest = several([
        (number(RerunOutcome::Still), "is as before", "are as before"),
        (
            number(RerunOutcome::Other),
            "comes to something else",
            "come to something else",
        ),
        (number(RerunOutcome::Gone), "was not run", "were not run"),
        (again.new.len(), "beside them is new", "beside them are new"),
    ]);
    let are = if fixed == 1 { "is" } else { "are" };
    let what = match (fixed == all, rest.is_empty()) {
        (true, _) if all == 1 => "What failed is fixed".to_owned(),
        (true, _) => format!("All {all} that failed are fixed"),
        (false, _) => format!("{fixed} of {all} that failed {are} fixed"),
    };
    match rest.is_empty() {
        true => format!("{what}."),
        false => format!("{what}: {}.", rest.join(", ")),
    }
}

/// What became of one case, beside its name: "fail then, blocked now", "fail: chunk-order".
pub(in crate::report) fn became(case: &RerunCase) -> String {
    let now = case
        .now
        .map_or_else(|| "not run".to_owned(), |now| format!("{now} now"));
    let verdicts = match case.became {
        RerunOutcome::Still => case.then.name().to_owned(),
        RerunOutcome::Other | RerunOutcome::Gone | RerunOutcome::Fixed => {
            format!("{} then, {now}", case.then)
        }
    };
    let rest: Vec<&str> = case
        .broke
        .iter()
        .filter(|id| !case.breaks.contains(id))
        .map(String::as_str)
        .collect();
    let rest = match rest.is_empty() {
        true => String::new(),
        false => format!(" (no longer {})", rest.join(", ")),
    };
    match case.breaks.as_slice() {
        [] => verdicts,
        now => format!("{verdicts}: {}{rest}", now.join(", ")),
    }
}

/// What a run is beside its baseline: "2 failures are new, 3 are known, 1 entry is stale".
pub(in crate::report) fn held(held: &BaselineResult) -> String {
    let parts = several([
        (
            held.new.len(),
            "case that fails is new",
            "cases that fail are new",
        ),
        (held.known.len(), "is known", "are known"),
        (held.stale.len(), "entry is stale", "entries are stale"),
        (
            held.expired.len(),
            "entry has expired",
            "entries have expired",
        ),
    ]);
    match (held.new.len(), parts.is_empty()) {
        (0, true) => "Nothing fails, and nothing is expected to.".to_owned(),
        (0, false) => format!("Nothing is new: {}.", parts.join(", ")),
        (_, _) => format!("{}.", parts.join(", ")),
    }
}

/// What newer cases come to: "They were run, and count nowhere: 3 pass, 1 fail."
pub(in crate::report) fn newer(newer: &[Uncounted]) -> String {
    let counts = Counts::of(newer.iter().map(|one| one.case.verdict));
    format!("They were run, and count nowhere: {counts}.")
}
