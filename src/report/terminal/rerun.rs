//! The failures of an earlier run, run again.

use super::page::Page;
use super::style::{OutputStyle, TextStyle, Verbosity};
use crate::record::{RerunOutcome, Run};
use crate::report::phrases;

/// How many cases are listed in full, and how many that are fixed are named.
const IN_FULL: usize = 20;
const NAMED: usize = 12;

/// Each case that still fails or has another verdict, the fixed ones, and a summary; empty where no failures of an
/// earlier run were run again.
pub(super) fn rerun(run: &Run, output: &OutputStyle) -> String {
    let Some(rerun) = &run.rerun else {
        return String::new();
    };
    let mut page = Page::new(output);
    if output.verbosity != Verbosity::Quiet {
        page.line("");
        let heading = format!("Failures of {}, run again", rerun.report);
        page.styled(TextStyle::Strong, &heading);
        for outcome in RerunOutcome::ALL {
            let cases: Vec<_> = rerun.those(outcome).collect();
            if outcome == RerunOutcome::Fixed {
                named(
                    &mut page,
                    outcome.name(),
                    TextStyle::Good,
                    cases.iter().map(|one| &one.id),
                );
                continue;
            }
            let style = match outcome {
                RerunOutcome::Still => TextStyle::Bad,
                RerunOutcome::Other | RerunOutcome::Gone | RerunOutcome::Fixed => {
                    TextStyle::Doubtful
                }
            };
            for one in cases.iter().take(IN_FULL) {
                let text = format!("{}: {}", one.id, phrases::rerun_outcome(one));
                page.labelled(2, outcome.name(), style, &text);
            }
            if cases.len() > IN_FULL {
                let more = format!("{} more, listed in the reports", cases.len() - IN_FULL);
                page.labelled(2, outcome.name(), style, &more);
            }
        }
        named(&mut page, "new", TextStyle::Bad, rerun.new.iter());
    }
    let good = rerun.new.is_empty()
        && rerun
            .cases
            .iter()
            .all(|one| one.outcome == RerunOutcome::Fixed);
    let style = if good {
        TextStyle::Good
    } else {
        TextStyle::Bad
    };
    page.paragraph(0, style, &phrases::rerun_summary(rerun));
    page.finish()
}

fn named<'a>(
    page: &mut Page<'_>,
    label: &str,
    style: TextStyle,
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
