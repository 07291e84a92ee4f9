//! Annotations: GitHub shows them next to the lines of a job, a workflow command a line.

use super::findings::{Finding, findings};
use super::{phrases, sanitize_line};
use crate::record::{Conformance, Run};

/// How many annotations of a kind GitHub shows for a step of a job.
const SHOWN: usize = 10;

/// The most characters of a message.
const MESSAGE: usize = 2000;

/// A run as workflow commands: an error for each violated requirement, a warning for each violated SHOULD,
/// and one for an inconclusive run. Known failures are one notice.
pub fn github_annotations(run: &Run) -> String {
    let found = findings(run);
    let mut lines: Vec<String> = run
        .diagnoses
        .iter()
        .map(|one| command("warning", &phrases::diagnosis_heading(one), &one.says))
        .collect();
    for (kind, list) in [("error", &found.violated), ("warning", &found.warned)] {
        let room = if list.len() > SHOWN { SHOWN - 1 } else { SHOWN };
        lines.extend(list.iter().take(room).map(|one| annotation(kind, one)));
        if let Some(more @ 1..) = list.len().checked_sub(room) {
            let text = format!("{more} more are in the reports");
            lines.push(command(kind, &phrases::headline_with_version(run), &text));
        }
    }
    let baseline = run.baseline.as_ref();
    if let Some(baseline) = baseline.filter(|baseline| !baseline.known.is_empty()) {
        let text = format!(
            "{}, expected by {}",
            phrases::count(baseline.known.len(), "case"),
            baseline.file
        );
        lines.push(command("notice", "Known failures", &text));
    }
    let flaky = phrases::flaky(run);
    if !flaky.is_empty() {
        let text = format!("failed, and passed when retried: {}", flaky.join(", "));
        lines.push(command("warning", "Flaky cases", &text));
    }
    let open = run.cases.iter().filter(|case| !case.verdict.is_answered());
    let mut open = open.peekable();
    let expected = open.peek().is_some() && open.all(|case| case.known.is_some());
    if run.verdict == Conformance::Inconclusive && !expected {
        lines.push(command(
            "warning",
            &phrases::headline_with_version(run),
            &phrases::explanation(run),
        ));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn annotation(kind: &str, one: &Finding<'_>) -> String {
    let mut text = Vec::from([one.says.to_owned()]);
    if let Some(first) = one.evidence.first() {
        text.push(format!("expected: {}", first.check.expected));
        text.push(format!("actual: {}", first.check.actual));
    }
    let cases: Vec<&str> = one.evidence.iter().map(|e| e.case.id.as_str()).collect();
    text.push(format!("shown by: {}", cases.join(", ")));
    text.push(format!("see: {}", one.link));
    if let Some(case) = one.reproducible() {
        let command = phrases::reproduce(one.run, case);
        text.push(format!("try: {command}"));
    }
    let title = format!("{} ({})", one.id, one.level);
    command(kind, &title, &text.join("\n"))
}

/// A workflow command. Characters that would end it, or begin another, are escaped.
fn command(kind: &str, title: &str, message: &str) -> String {
    let lines: Vec<String> = message
        .lines()
        .map(|line| sanitize_line(line).replace('%', "%25"))
        .collect();
    let message: String = lines.join("%0A").chars().take(MESSAGE).collect();
    // A cut goes through no escape.
    let whole = match message.rfind('%') {
        Some(at) if message.len() - at < 3 => message.get(..at).unwrap_or_default(),
        _ => message.as_str(),
    };
    let title = sanitize_line(title)
        .replace('%', "%25")
        .replace(':', "%3A")
        .replace(',', "%2C");
    format!("::{kind} title={title}::{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn all_states_at_once() {
        insta::assert_snapshot!(github_annotations(&sample::all_states()));
    }

    #[test]
    fn nothing_begins_another_command() {
        let line = command(
            "error",
            "a:b,c%d",
            "50%\n::set-env name=X::y\r\n::warning::z",
        );
        assert_eq!(
            line,
            "::error title=a%3Ab%2Cc%25d::50%25%0A::set-env name=X::y%0A::warning::z"
        );
        let cut = command("error", "", &"%".repeat(MESSAGE));
        assert!(cut.ends_with("%25"), "{cut}");
    }

    #[test]
    fn what_a_baseline_expects_is_a_notice() {
        let text = github_annotations(&sample::with_context());
        assert!(!text.contains("chunk-order"), "{text}");
        // The case violates it too, and the baseline expects it.
        assert!(!text.contains("title=manifest-get-content"), "{text}");
        assert!(text.contains("::error title=manifest-get-status"), "{text}");
        let notices = text.lines().filter(|line| line.starts_with("::notice"));
        assert_eq!(notices.count(), 1, "{text}");
    }

    #[test]
    fn a_conformant_run_needs_none() {
        assert_eq!(github_annotations(&sample::all_pass()), "");
    }
}
