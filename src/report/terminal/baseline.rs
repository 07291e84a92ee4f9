//! What a run is beside its baseline.

use super::page::Page;
use super::style::{Ink, OutputStyle, Verbosity};
use crate::record::{Run, Verdict};
use crate::report::phrases;

/// How many names are told of each kind.
const NAMED: usize = 12;

/// What is new, what is known, and what the baseline has too much; nothing where there is no baseline.
pub(super) fn held(run: &Run, look: &OutputStyle) -> String {
    let Some(held) = &run.baseline else {
        return String::new();
    };
    let mut page = Page::new(look);
    let failing = |verdict| run.cases.iter().filter(move |case| case.verdict == verdict);
    let flaky: Vec<&str> = failing(Verdict::Fail)
        .filter(|case| case.known.as_ref().is_some_and(|known| known.flaky))
        .map(|case| case.id.as_str())
        .collect();
    if look.verbosity != Verbosity::Quiet {
        page.line("");
        page.inked(Ink::Strong, &format!("Beside the baseline {}", held.file));
        let kinds = [
            ("new", Ink::Bad, &held.new),
            ("known", Ink::Plain, &held.known),
            ("expired", Ink::Doubtful, &held.expired),
            ("flaky", Ink::Plain, &held.flaky),
        ];
        for (label, style, ids) in kinds {
            if !ids.is_empty() {
                page.labelled(2, label, style, &names(ids));
            }
        }
        if !flaky.is_empty() {
            page.labelled(
                2,
                "",
                Ink::Plain,
                &format!("of the known, flaky: {}", flaky.join(", ")),
            );
        }
        for stale in &held.stale {
            page.labelled(
                2,
                "stale",
                Ink::Doubtful,
                &format!("{}: {}", stale.entry, stale.why),
            );
        }
        if !held.stale.is_empty() {
            let mend = format!("assay baseline update {} --from REPORT.json", held.file);
            page.labelled(2, "mend", Ink::Plain, &mend);
        }
    }
    let count = |number: usize| phrases::count(number, "failure");
    let (style, verdict) = match (held.new.len(), held.stale.len()) {
        (0, 0) => (
            Ink::Good,
            format!("No new failure: {} known.", count(held.known.len())),
        ),
        (0, stale) => (
            Ink::Good,
            format!(
                "No new failure: {} known. The baseline has {} too much.",
                count(held.known.len()),
                phrases::count(stale, "entry").replace("entrys", "entries")
            ),
        ),
        (new, _) => (
            Ink::Bad,
            format!("{} that the baseline does not expect.", count(new)),
        ),
    };
    page.paragraph(0, style, &verdict);
    page.finish()
}

fn names(ids: &[String]) -> String {
    let named: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
    let rest = ids.len().saturating_sub(NAMED);
    let named = format!("{}: {}", ids.len(), named.join(", "));
    match rest {
        0 => named,
        rest => format!("{named} and {rest} more"),
    }
}
