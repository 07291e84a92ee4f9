//! What to fix first, in a few lines before the details.

use super::page::Page;
use super::style::{TextStyle, Verbosity};
use crate::record::Run;
use crate::report::{self, phrases};

/// The most problems that are listed: the page of the run has all.
const MOST: usize = 5;

/// The problems of a run; nothing where there are fewer than two, which the details say as well.
pub(super) fn fix_first(page: &mut Page<'_>, run: &Run) {
    let failures = report::fix_first::fix_first(run);
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
        page.counted(0, number, &text);
    }
    if let more @ 1.. = failures.len().saturating_sub(most) {
        let text = format!(
            "and {} more in report.html",
            phrases::count(more, "problem")
        );
        page.paragraph(5, TextStyle::Faint, &text);
    }
}
