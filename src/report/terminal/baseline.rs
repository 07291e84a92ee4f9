//! The run compared with its baseline.

use super::page::Page;
use super::style::{OutputStyle, TextStyle, Verbosity};
use crate::record::{BaselineResult, Run, Verdict};
use crate::report::phrases;

/// How many names of a kind are listed.
const NAMED: usize = 12;

/// New failures, known failures, and entries of the baseline that no failure needs; empty without a baseline.
pub(super) fn baseline(run: &Run, output: &OutputStyle) -> String {
    let Some(baseline) = &run.baseline else {
        return String::new();
    };
    let mut page = Page::new(output);
    if output.verbosity != Verbosity::Quiet {
        page.line("");
        let heading = format!("Compared with the baseline {}", baseline.file);
        page.styled(TextStyle::Strong, &heading);
        cases(&mut page, run, baseline);
        stale(&mut page, run, baseline);
    }
    let style = match baseline.new.is_empty() {
        true => TextStyle::Good,
        false => TextStyle::Bad,
    };
    page.paragraph(0, style, &phrases::baseline_summary(run, baseline));
    page.finish()
}

fn cases(page: &mut Page<'_>, run: &Run, baseline: &BaselineResult) {
    let kinds = [
        ("new", TextStyle::Bad, &baseline.new),
        ("known", TextStyle::Plain, &baseline.known),
        ("expired", TextStyle::Doubtful, &baseline.expired),
        ("flaky", TextStyle::Plain, &baseline.flaky),
    ];
    for (label, style, ids) in kinds {
        if !ids.is_empty() {
            page.labelled(2, label, style, &names(ids));
        }
        let changed = baseline.changed.iter().filter(|_| label == "new");
        for one in changed {
            let text = format!("{}: {}", one.case, phrases::changed_failure(one));
            page.labelled(2, "", style, &text);
        }
    }
    let failing = run
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Fail);
    let flaky: Vec<&str> = failing
        .filter(|case| case.known.as_ref().is_some_and(|known| known.flaky))
        .map(|case| case.id.as_str())
        .collect();
    if !flaky.is_empty() {
        let text = format!("of the known, flaky: {}", flaky.join(", "));
        page.labelled(2, "", TextStyle::Plain, &text);
    }
}

fn stale(page: &mut Page<'_>, run: &Run, baseline: &BaselineResult) {
    for stale in &baseline.stale {
        let text = format!("{}: {}", stale.entry, stale.why);
        page.labelled(2, "stale", TextStyle::Doubtful, &text);
    }
    let update = phrases::update_baseline(run, baseline);
    if let Some(command) = update.filter(|_| !baseline.stale.is_empty()) {
        page.verbatim(2, "fix", &command);
    }
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
