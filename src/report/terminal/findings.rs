//! Violated requirements, warnings and causes, with their evidence.

use super::exchange::exchange;
use super::page::Page;
use super::style::{TextStyle, Verbosity};
use crate::record::Verdict;
use crate::report::findings::{Cause, Finding, Findings, extent};
use crate::report::{phrases, sanitize_line};

/// How many findings are shown in full, and how many cases are named for each.
const IN_FULL: usize = 10;
const NAMED: usize = 4;

/// How many lines, and how many characters, of a value are shown.
const VALUE_LINES: usize = 6;
const VALUE: usize = 600;

pub(super) fn listed(page: &mut Page<'_>, what: &str, style: TextStyle, found: &[Finding<'_>]) {
    if found.is_empty() {
        return;
    }
    page.gap();
    page.styled(style, &format!("{what}: {}", extent(found)));
    let most = match page.output.verbosity {
        Verbosity::Quiet | Verbosity::Normal => IN_FULL,
        Verbosity::Verbose | Verbosity::Everything => found.len(),
    };
    for one in found.iter().take(most) {
        page.gap();
        finding(page, one);
    }
    let rest = found.iter().skip(most);
    if rest.len() > 0 {
        page.gap();
        page.paragraph(2, TextStyle::Plain, "and, shown in full in the reports:");
        for one in rest {
            page.labelled(
                2,
                &one.level.to_string(),
                TextStyle::Plain,
                &format!("{}: {}", one.id, one.says),
            );
        }
    }
}

fn finding(page: &mut Page<'_>, found: &Finding<'_>) {
    let id = page
        .output
        .paint(TextStyle::Strong, &sanitize_line(found.id));
    let about = format!("{}, {}", found.level, found.category.title());
    let about = page.output.paint(TextStyle::Faint, &about);
    page.line(&format!("  {id}  {about}"));
    if !found.says.is_empty() {
        page.paragraph(2, TextStyle::Plain, found.says);
    }
    if let Some(first) = found.evidence.first() {
        page.labelled(
            4,
            "expected",
            TextStyle::Plain,
            &short(&first.check.expected),
        );
        page.labelled(4, "actual", TextStyle::Bad, &short(&first.check.actual));
    }
    let cases = found
        .evidence
        .iter()
        .map(|evidence| evidence.case.id.as_str());
    page.labelled(4, "shown by", TextStyle::Plain, &names(cases));
    let tried = found.reproducible();
    if !found.blocks.is_empty() {
        let mut blocked = found.blocks.clone();
        // The case of the command below is named in any event.
        blocked.sort_by_key(|case| tried.is_none_or(|tried| tried.id != case.id));
        let count = phrases::count(blocked.len(), "case");
        let blocked = blocked.iter().map(|case| case.id.as_str());
        let text = format!("{count}: {}", names(blocked));
        page.labelled(4, "blocks", TextStyle::of(Verdict::Blocked), &text);
    }
    page.verbatim(4, "see", &found.link);
    let Some(judged) = found.evidence.first().and_then(|first| first.exchange) else {
        return;
    };
    if let Some(case) = tried {
        page.verbatim(4, "try", &phrases::reproduce(found.run, case));
    }
    if page.output.verbosity == Verbosity::Verbose {
        exchange(page, judged, false);
    }
}

/// As much of a value as a terminal has room for: the reports have the rest.
fn short(value: &str) -> String {
    let lines: Vec<&str> = value.lines().take(VALUE_LINES).collect();
    let start: String = lines.join("\n").chars().take(VALUE).collect();
    if start.len() < value.trim_end().len() {
        format!("{start} …")
    } else {
        start
    }
}

/// The first few names, and how many more there are.
pub(super) fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let first: Vec<&str> = names.take(NAMED).collect();
    let named = first.join(", ");
    if more == 0 {
        named
    } else {
        format!("{named} and {more} more")
    }
}

pub(super) fn warnings(page: &mut Page<'_>, found: &Findings<'_>) {
    if found.warned.is_empty() {
        return;
    }
    page.gap();
    let heading = format!("Warnings: {}", extent(&found.warned));
    page.styled(TextStyle::Doubtful, &heading);
    for one in &found.warned {
        let cases = one
            .evidence
            .iter()
            .map(|evidence| evidence.case.id.as_str());
        let head = format!("{} ({}): {}", one.id, one.level, one.says);
        page.paragraph(2, TextStyle::Plain, &head);
        if let Some(first) = one.evidence.first() {
            let (expected, actual) = (&first.check.expected, &first.check.actual);
            let (expected, actual) = (short(expected), short(actual));
            let text = format!(
                "expected {expected}, actual {actual}; shown by {}",
                names(cases)
            );
            page.paragraph(4, TextStyle::Faint, &text);
        }
    }
}

pub(super) fn causes(page: &mut Page<'_>, what: &str, style: TextStyle, causes: &[Cause<'_>]) {
    let cases: usize = causes.iter().map(|cause| cause.cases.len()).sum();
    if cases == 0 {
        return;
    }
    page.gap();
    page.styled(style, &format!("{what}: {}", phrases::count(cases, "case")));
    for cause in causes {
        let cases = names(cause.cases.iter().map(|case| case.id.as_str()));
        let text = format!("{} ({cases})", cause.reason);
        page.counted(2, cause.cases.len(), 0, &text);
    }
}
