//! What became of the failures of an earlier run.

use super::page::Page;
use super::style::{Ink, OutputStyle, Verbosity};
use crate::record::{RerunOutcome, Run};
use crate::report::phrases;

/// How many cases are told of in full, and how many that are fixed are named.
const IN_FULL: usize = 20;
const NAMED: usize = 12;

/// Each case that still fails or came to something else, those that are fixed, and the sum; nothing where no
/// earlier run was run again.
pub(super) fn again(run: &Run, look: &OutputStyle) -> String {
    let Some(again) = &run.rerun else {
        return String::new();
    };
    let mut page = Page::new(look);
    if look.verbosity != Verbosity::Quiet {
        page.line("");
        let heading = format!("Run again: what failed in {}", again.report);
        page.inked(Ink::Strong, &heading);
        for became in RerunOutcome::ALL {
            let told: Vec<_> = again.those(became).collect();
            if became == RerunOutcome::Fixed {
                named(
                    &mut page,
                    became.name(),
                    Ink::Good,
                    told.iter().map(|one| &one.id),
                );
                continue;
            }
            let style = match became {
                RerunOutcome::Still => Ink::Bad,
                RerunOutcome::Other | RerunOutcome::Gone | RerunOutcome::Fixed => Ink::Doubtful,
            };
            for one in told.iter().take(IN_FULL) {
                let text = format!("{}: {}", one.id, phrases::became(one));
                page.labelled(2, became.name(), style, &text);
            }
            if told.len() > IN_FULL {
                let more = format!("{} more, told in the reports", told.len() - IN_FULL);
                page.labelled(2, became.name(), style, &more);
            }
        }
        named(&mut page, "new", Ink::Bad, again.new.iter());
    }
    let good = again.new.is_empty()
        && again
            .cases
            .iter()
            .all(|one| one.became == RerunOutcome::Fixed);
    let style = if good { Ink::Good } else { Ink::Bad };
    page.paragraph(0, style, &phrases::again(again));
    page.finish()
}

fn named<'a>(
    page: &mut Page<'_>,
    label: &str,
    style: Ink,
    ids: impl ExactSizeIterator<Item = &'a String>,
) {
    let all = ids.len();
    if all == 0 {
        return;
    }
    let names: Vec<&str> = ids.take(NAMED).map(String::as_str).collect();
    let more = match all.saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    page.labelled(
        2,
        label,
        style,
        &format!("{all}: {}{more}", names.join(", ")),
    );
}
