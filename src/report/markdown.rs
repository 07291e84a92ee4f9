//! summary.md: the result for a pull request or the summary page of a CI.

use std::fmt::Write as _;

use super::findings::{Cause, Finding, findings};
use super::format::Failure;
use super::{visible, visible_line, words};
use crate::record::{Again, Became, FeatureState, Run};

/// How many findings are told in full: the summary page of GitHub ends at a mebibyte.
const IN_FULL: usize = 50;

/// How many cases are named for one finding or cause.
const NAMED: usize = 10;

/// How many characters of a value are shown.
const VALUE: usize = 2000;

/// The record as Markdown (GitHub's, which shows `details`).
pub(super) fn render(run: &Run) -> Result<String, Failure> {
    let mut text = String::new();
    let sign = words::conformance_sign(run.verdict);
    writeln!(
        text,
        "## {sign} {}: {}\n",
        words::headline(run.verdict),
        escaped(words::target(run))
    )?;
    writeln!(
        text,
        "{} Specification {}.\n",
        words::because(run),
        run.spec
    )?;
    categories(&mut text, run)?;
    if let Some(again) = &run.again {
        run_again(&mut text, again)?;
    }
    let found = findings(run);
    listed(&mut text, "Broken requirements", &found.broken)?;
    listed(&mut text, "Warnings", &found.warned)?;
    causes(&mut text, "Blocked", &found.blocked)?;
    causes(&mut text, "No verdict", &found.errors)?;
    notes(&mut text, run)?;
    Ok(text)
}

fn categories(text: &mut String, run: &Run) -> Result<(), Failure> {
    writeln!(text, "| Category | Verdict | Cases |\n|---|---|---|")?;
    let tested = run
        .categories
        .iter()
        .filter(|(_, result)| result.counts.total() > 0);
    for (category, result) in tested {
        let sign = words::conformance_sign(result.verdict);
        let tally = words::tally(result.counts);
        writeln!(
            text,
            "| {} | {sign} {} | {tally} |",
            category.title(),
            result.verdict
        )?;
    }
    Ok(writeln!(text)?)
}

fn listed(text: &mut String, heading: &str, found: &[Finding<'_>]) -> Result<(), Failure> {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(text, "### {heading}\n")?;
    for one in found.iter().take(IN_FULL) {
        finding(text, one)?;
    }
    match found.len().saturating_sub(IN_FULL) {
        0 => {}
        more => writeln!(text, "{more} more are told in the other reports.\n")?,
    }
    Ok(())
}

fn finding(text: &mut String, one: &Finding<'_>) -> Result<(), Failure> {
    writeln!(
        text,
        "**{}** ({}): {} [Specification]({})\n",
        code(one.id),
        one.level,
        escaped(one.says),
        one.link
    )?;
    let cases = one.evidence.iter().map(|shown| shown.case.id.as_str());
    if let Some(first) = one.evidence.first() {
        writeln!(text, "- expected: {}", code(&first.check.expected))?;
        writeln!(text, "- actual: {}", code(&first.check.actual))?;
    }
    writeln!(text, "- shown by: {}\n", names(cases))?;
    if let Some(exchange) = one.evidence.first().and_then(|first| first.exchange) {
        let summary = "<details><summary>The request that shows it</summary>";
        writeln!(
            text,
            "{summary}\n\n{}\n</details>\n",
            fenced(&exchange.curl)
        )?;
    }
    Ok(())
}

/// What became of what failed in an earlier run: those that are fixed by name alone.
fn run_again(text: &mut String, again: &Again) -> Result<(), Failure> {
    let report = escaped(&again.report);
    writeln!(
        text,
        "### Run again: what failed in {report}\n\n{}\n",
        words::again(again)
    )?;
    for became in [Became::Still, Became::Other, Became::Gone] {
        let told = || again.those(became);
        for one in told().take(IN_FULL) {
            let said = escaped(&words::became(one));
            writeln!(text, "- {}: {} ({said})", became.name(), code(&one.id))?;
        }
        match told().count().saturating_sub(IN_FULL) {
            0 => {}
            more => writeln!(text, "- {}: {more} more", became.name())?,
        }
    }
    for (label, ids) in [
        ("new", again.new.iter().collect::<Vec<_>>()),
        (
            "fixed",
            again.those(Became::Fixed).map(|one| &one.id).collect(),
        ),
    ] {
        if !ids.is_empty() {
            writeln!(
                text,
                "- {label}: {}",
                names(ids.iter().map(|id| id.as_str()))
            )?;
        }
    }
    Ok(writeln!(text)?)
}

fn causes(text: &mut String, heading: &str, causes: &[Cause<'_>]) -> Result<(), Failure> {
    if causes.is_empty() {
        return Ok(());
    }
    writeln!(text, "### {heading}\n")?;
    for cause in causes {
        let count = words::count(cause.cases.len(), "case");
        let cases = names(cause.cases.iter().map(|case| case.id.as_str()));
        writeln!(text, "- {count}: {} ({cases})", escaped(&cause.reason))?;
    }
    Ok(writeln!(text)?)
}

fn notes(text: &mut String, run: &Run) -> Result<(), Failure> {
    let unsupported = words::features(run, FeatureState::Unsupported);
    if !unsupported.is_empty() {
        writeln!(
            text,
            "Not supported: {}.\n",
            escaped(&unsupported.join(", "))
        )?;
    }
    for note in &run.notes {
        writeln!(text, "Note: {}.\n", escaped(note.trim_end_matches('.')))?;
    }
    let requests = usize::try_from(run.requests).unwrap_or(usize::MAX);
    let (requests, took) = (
        words::count(requests, "request"),
        words::duration(run.duration_ms),
    );
    let tool = escaped(&format!("{} {}", run.tool.name, run.tool.version));
    Ok(writeln!(
        text,
        "{requests} in {took}, seed {}, by {tool}.",
        run.seed
    )?)
}

fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let first: Vec<String> = names.take(NAMED).map(code).collect();
    let first = first.join(", ");
    if more == 0 {
        first
    } else {
        format!("{first} and {more} more")
    }
}

/// Text that stays text: a backslash before whatever Markdown or HTML could act on.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in visible_line(text).chars().take(VALUE) {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            // A mention or a reference to an issue would reach people: `@` and `#` take no backslash there.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '>' | '|' | '~' | '!'
            | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text as code within a line: between more backticks than it has in a row.
fn code(text: &str) -> String {
    let text: String = visible_line(text).chars().take(VALUE).collect();
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Text as a block of code.
fn fenced(text: &str) -> String {
    let text = visible(text);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}sh\n{text}\n{fence}")
}

/// How many backticks stand in a row at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn all_states_at_once() {
        insta::assert_snapshot!(render(&sample::all_states()).unwrap());
    }

    #[test]
    fn all_pass() {
        insta::assert_snapshot!(render(&sample::all_pass()).unwrap());
    }

    #[test]
    fn code_cannot_be_left_and_text_cannot_act() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(fenced("```"), "````sh\n```\n````");
        assert_eq!(
            escaped("<b>@me #1 [x](y)|"),
            "&lt;b\\>&#64;me &#35;1 \\[x\\]\\(y\\)\\|"
        );
        assert_eq!(escaped("\u{202e}\n"), "⟨U+202E⟩⟨LF⟩");
    }
}
