//! Notes about the run as a whole.

use indexmap::IndexMap;

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
    notes.extend(not_deleted(context, leftovers));
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

fn not_deleted(context: &RunContext, leftovers: &[Leftover]) -> Option<String> {
    leftovers.first()?;
    let items = match leftovers.len() {
        1 => "1 item".to_owned(),
        count => format!("{count} items"),
    };
    Some(match context.settings.leftovers {
        Leftovers::Keep => format!(
            "{items} of the run were kept in the registry (--keep): report.json lists each, and `assay clean --from report.json` deletes them"
        ),
        Leftovers::Delete | Leftovers::Vanish => format!(
            "{items} could not be deleted ({}): report.json lists each with the command that deletes it, and `assay clean --from report.json` tries again",
            reasons(leftovers)
        ),
    })
}

/// The most frequent reason, and how many there are besides.
fn reasons(leftovers: &[Leftover]) -> String {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for one in leftovers {
        *counts.entry(one.cause()).or_default() += 1;
    }
    counts.sort_by(|_, a, _, b| b.cmp(a));
    match counts.iter().next() {
        None => String::new(),
        Some((reason, count)) if *count == leftovers.len() => (*reason).to_owned(),
        Some((reason, count)) => {
            let others = leftovers.len().saturating_sub(*count);
            format!("{count}: {reason}; {others} for other reasons")
        }
    }
}
