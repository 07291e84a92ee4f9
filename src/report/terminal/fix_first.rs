//! What to fix first, after the details: a line for each problem, what shows it, and the command that reproduces it.

use super::page::Page;
use super::style::{TextStyle, Verbosity};
use crate::record::Run;
use crate::report::findings::Finding;
use crate::report::fix_first::{Kind, Problem, failures};
use crate::report::phrases;

/// The most problems that are listed: the page of the run has all.
const MOST: usize = 5;

/// The most requirements that are named for a problem.
const NAMED: usize = 3;

/// The longest value of a difference, in characters: a header with a digest.
const VALUE: usize = 130;

/// How far what belongs to a problem is indented.
const INDENT: usize = 5;

/// The problems of a run; nothing where there are fewer than two, which the details say as well.
pub(super) fn fix_first(page: &mut Page<'_>, problems: &[Problem<'_>], run: &Run) {
    let failures = failures(problems);
    if failures.is_empty() {
        return;
    }
    page.gap();
    page.styled(TextStyle::Strong, "Fix first");
    let most = match page.output.verbosity {
        Verbosity::Quiet | Verbosity::Normal => MOST,
        Verbosity::Verbose | Verbosity::Everything => failures.len(),
    };
    for (number, problem) in (1..).zip(failures.iter().take(most)) {
        let request = match problem.request() {
            "" => String::new(),
            request => format!(" ({request})"),
        };
        let text = format!("{}{request}: {}", problem.heading(), problem.extent());
        // What belongs to the problem is in the column of the text: its other lines stand further in.
        page.counted(0, number, 2, &text);
        shown(page, problem, run);
    }
    if let more @ 1.. = failures.len().saturating_sub(most) {
        let text = format!(
            "and {} more in report.html",
            phrases::count(more, "problem")
        );
        page.paragraph(INDENT, TextStyle::Faint, &text);
    }
}

/// The requirements that a problem violates, each with what was expected and got; and a case that reproduces it.
fn shown(page: &mut Page<'_>, problem: &Problem<'_>, run: &Run) {
    if let Kind::Deployment(one) = &problem.kind {
        page.paragraph(INDENT, TextStyle::Plain, &one.says);
    }
    for finding in problem.findings.iter().take(NAMED) {
        page.paragraph(INDENT, TextStyle::Plain, &line(finding));
    }
    if let more @ 1.. = problem.findings.len().saturating_sub(NAMED) {
        let text = format!("and {more} more");
        page.paragraph(INDENT, TextStyle::Faint, &text);
    }
    let first = problem.findings.first();
    let case = first.and_then(|finding| finding.reproducible());
    if let Some(case) = case.filter(|case| !case.exchanges.is_empty()) {
        page.verbatim(INDENT, "try", &phrases::reproduce(run, case));
    }
}

/// "chunk-order: expected status 416, got 202".
fn line(finding: &Finding<'_>) -> String {
    let first = finding.evidence.first();
    let difference =
        first.map_or_else(String::new, |shown| phrases::difference(shown.check, VALUE));
    let requirement = phrases::with_level(finding.id, finding.level);
    format!("{requirement}: {difference}")
}
