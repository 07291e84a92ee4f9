//! Notes about the run as a whole.

use crate::data::count;
use crate::engine::cancel::CancelReason;
use crate::engine::context::RunContext;
use crate::engine::settings::Leftovers;
use crate::record::{Case, Leftover, Stop};

/// What the client, the run and its end have to say.
pub fn notes(
    context: &RunContext,
    cases: &[Case],
    leftovers: &[Leftover],
    partial: bool,
) -> Vec<String> {
    let mut notes = context.target.notes();
    notes.extend(context.notes());
    notes.extend(no_push(context, cases));
    notes.extend(kept(context, leftovers));
    if let Some(CancelReason::Deadline(time)) = context.cancellation.why() {
        notes.push(format!(
            "The deadline ({}) passed before the last case: unfinished cases are in error",
            humantime::format_duration(time)
        ));
    }
    if partial {
        notes.push(
            "Only a part of the suites was run: cases that were left out count as skipped"
                .to_owned(),
        );
    }
    notes
}

fn no_push(context: &RunContext, cases: &[Case]) -> Option<String> {
    let skipped = cases
        .iter()
        .filter(|case| case.stopped == Some(Stop::Skipped))
        .count();
    context.settings.no_push.then(|| {
        format!(
            "Nothing was pushed (--no-push): {skipped} cases were skipped, and features that only a push shows are unknown"
        )
    })
}

/// What the user keeps. Reports list what could not be deleted.
fn kept(context: &RunContext, leftovers: &[Leftover]) -> Option<String> {
    leftovers.first()?;
    let items = count(leftovers.len(), "item");
    (context.settings.leftovers == Leftovers::Keep)
        .then(|| format!("{items} of the run were kept in the registry (--keep)"))
}
