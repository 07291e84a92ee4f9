//! The result of a run: a page that a person can act on.

use std::path::PathBuf;

use super::baseline::baseline;
use super::exchange::exchange;
use super::page::Page;
use super::rerun::rerun;
use super::style::{OutputStyle, TextStyle, Verbosity};
use super::table;
use crate::record::{FeatureState, Run, Verdict};
use crate::report::findings::{Cause, Finding, Findings, findings};
use crate::report::phrases;

/// How many findings are shown in full, and how many cases are named for each.
const IN_FULL: usize = 10;
const NAMED: usize = 4;

/// How many lines, and how many characters, of a value are shown.
const VALUE_LINES: usize = 6;
const VALUE: usize = 600;

/// The result of a run: the verdict of each category, violated requirements with their evidence, what was not tested;
/// then the verdict, and the comparison with an earlier run or a baseline.
pub fn summary(run: &Run, output: &OutputStyle) -> String {
    let mut page = Page::new(output);
    if output.verbosity != Verbosity::Quiet {
        found(&mut page, run);
        page.gap();
    }
    verdict(&mut page, run);
    page.finish() + &rerun(run, output) + &baseline(run, output)
}

/// All but the verdict.
fn found(page: &mut Page<'_>, run: &Run) {
    head(page, run);
    page.gap();
    table::categories(page, run);
    let found = findings(run);
    listed(
        page,
        "Violated",
        "requirement",
        TextStyle::Bad,
        &found.violated,
    );
    warnings(page, &found);
    let (blocked, error) = (
        TextStyle::of(Verdict::Blocked),
        TextStyle::of(Verdict::Error),
    );
    causes(page, "Blocked", blocked, &found.blocked);
    causes(page, "No verdict", error, &found.errors);
    if page.output.verbosity == Verbosity::Everything {
        everything(page, run);
    }
    notes(page, run);
}

/// Where the reports are; nothing where only the verdict is wanted.
pub fn written(paths: &[PathBuf], output: &OutputStyle) -> String {
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    if shown.is_empty() || output.verbosity == Verbosity::Quiet {
        return String::new();
    }
    format!("Reports: {}\n", shown.join(", "))
}

fn head(page: &mut Page<'_>, run: &Run) {
    let target = phrases::target(run);
    page.styled(
        TextStyle::Strong,
        &format!("{target}, specification {}", run.spec),
    );
    let about = format!(
        "{} in {}, seed {}",
        phrases::count(
            usize::try_from(run.requests).unwrap_or(usize::MAX),
            "request"
        ),
        phrases::duration(run.duration_ms),
        run.seed
    );
    page.styled(TextStyle::Faint, &about);
}

fn verdict(page: &mut Page<'_>, run: &Run) {
    let style = TextStyle::of_conformance(run.verdict);
    let text = format!(
        "{}. {}",
        phrases::headline(run.verdict),
        phrases::explanation(run)
    );
    page.paragraph(0, style, &text);
}

fn listed(page: &mut Page<'_>, what: &str, of: &str, style: TextStyle, found: &[Finding<'_>]) {
    if found.is_empty() {
        return;
    }
    page.gap();
    page.styled(
        style,
        &format!("{what}: {}", phrases::count(found.len(), of)),
    );
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
                level(one),
                TextStyle::Plain,
                &format!("{}: {}", one.id, one.says),
            );
        }
    }
}

const fn level(finding: &Finding<'_>) -> &'static str {
    match finding.level {
        crate::catalogue::Level::Must => "MUST",
        crate::catalogue::Level::Should => "SHOULD",
        crate::catalogue::Level::May => "MAY",
    }
}

fn finding(page: &mut Page<'_>, found: &Finding<'_>) {
    let id = page
        .output
        .paint(TextStyle::Strong, &crate::report::sanitize_line(found.id));
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
    if !found.blocks.is_empty() {
        let blocked = found.blocks.iter().map(|case| case.id.as_str());
        let count = phrases::count(found.blocks.len(), "case");
        let text = format!("{count}: {}", names(blocked));
        page.labelled(4, "blocks", TextStyle::of(Verdict::Blocked), &text);
    }
    page.verbatim(4, "see", &found.link);
    let Some(judged) = found.evidence.first().and_then(|first| first.exchange) else {
        return;
    };
    page.verbatim(4, "try", &judged.curl);
    if page.output.verbosity == Verbosity::Verbose {
        exchange(page, judged, false);
    }
}

/// As much of a value as a terminal has room for: the reports have the rest.
fn short(value: &str) -> String {
    let lines: Vec<&str> = value.lines().take(VALUE_LINES).collect();
    let kept: String = lines.join("\n").chars().take(VALUE).collect();
    if kept.len() < value.trim_end().len() {
        format!("{kept} …")
    } else {
        kept
    }
}

/// The first few names, and how many more there are.
fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let first: Vec<&str> = names.take(NAMED).collect();
    let named = first.join(", ");
    if more == 0 {
        named
    } else {
        format!("{named} and {more} more")
    }
}

fn warnings(page: &mut Page<'_>, found: &Findings<'_>) {
    if found.warned.is_empty() {
        return;
    }
    page.gap();
    let heading = format!(
        "Warnings: {}",
        phrases::count(found.warned.len(), "requirement")
    );
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

fn causes(page: &mut Page<'_>, what: &str, style: TextStyle, causes: &[Cause<'_>]) {
    let cases: usize = causes.iter().map(|cause| cause.cases.len()).sum();
    if cases == 0 {
        return;
    }
    page.gap();
    page.styled(style, &format!("{what}: {}", phrases::count(cases, "case")));
    for cause in causes {
        let cases = names(cause.cases.iter().map(|case| case.id.as_str()));
        let text = format!("{} ({cases})", cause.reason);
        page.counted(2, cause.cases.len(), &text);
    }
}

fn everything(page: &mut Page<'_>, run: &Run) {
    for case in run
        .cases
        .iter()
        .filter(|case| case.verdict != Verdict::Pass)
    {
        page.gap();
        page.styled(
            TextStyle::of(case.verdict),
            &format!("{} {}", phrases::verdict(case.verdict), case.id),
        );
        for note in &case.notes {
            page.paragraph(4, TextStyle::Faint, note);
        }
        for one in &case.exchanges {
            page.paragraph(4, TextStyle::Strong, &one.step);
            exchange(page, one, true);
        }
    }
}

fn notes(page: &mut Page<'_>, run: &Run) {
    let unsupported = phrases::features(run, FeatureState::Unsupported);
    let unknown = phrases::features(run, FeatureState::Unknown);
    let not_exercised = phrases::with_verdict(run, Verdict::Untested);
    let parts = [&unsupported, &unknown, &not_exercised];
    if parts.iter().all(|part| part.is_empty()) && run.notes.is_empty() {
        return;
    }
    page.gap();
    if !not_exercised.is_empty() {
        let count = phrases::count(not_exercised.len(), "requirement");
        let ids = names(not_exercised.iter().copied());
        let text = format!("Not exercised: {count} ({ids})");
        page.paragraph(0, TextStyle::Plain, &text);
    }
    if !unsupported.is_empty() {
        page.paragraph(
            0,
            TextStyle::Plain,
            &format!("Not supported: {}", unsupported.join(", ")),
        );
    }
    if !unknown.is_empty() {
        let text = format!("Support unknown: {}", unknown.join(", "));
        page.paragraph(0, TextStyle::Plain, &text);
    }
    for note in &run.notes {
        let (text, command) = phrases::with_command(note);
        page.paragraph(0, TextStyle::Plain, &format!("Note: {text}"));
        if let Some(command) = command {
            page.verbatim(2, "", command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn shown(run: &Run, width: usize, verbosity: Verbosity) -> String {
        let colour = false;
        summary(
            run,
            &OutputStyle {
                width,
                colour,
                verbosity,
            },
        )
    }

    #[test]
    fn all_states_at_once() {
        insta::assert_snapshot!(shown(&sample::all_states(), 100, Verbosity::Normal));
    }

    #[test]
    fn compared_with_others() {
        insta::assert_snapshot!(shown(&sample::with_context(), 100, Verbosity::Normal));
    }

    #[test]
    fn a_category_of_which_nothing_is_supported_says_so() {
        let mut run = sample::all_pass();
        let counts = |run: &mut Run| {
            for result in run.categories.values_mut() {
                result.counts.unsupported = std::mem::take(&mut result.counts.pass);
            }
        };
        counts(&mut run);
        for width in [44, 100] {
            let text = shown(&run, width, Verbosity::Normal);
            assert!(text.contains("none supported"), "{text}");
        }
    }

    #[test]
    fn all_pass() {
        insta::assert_snapshot!(shown(&sample::all_pass(), 100, Verbosity::Normal));
    }

    #[test]
    fn blocked_by_one_cause() {
        insta::assert_snapshot!(shown(&sample::blocked_by_one(), 100, Verbosity::Normal));
    }

    #[test]
    fn interrupted() {
        insta::assert_snapshot!(shown(&sample::interrupted(), 100, Verbosity::Normal));
    }

    #[test]
    fn narrow() {
        insta::assert_snapshot!(shown(&sample::all_states(), 44, Verbosity::Normal));
    }

    #[test]
    fn quiet_is_a_line() {
        insta::assert_snapshot!(shown(&sample::all_states(), 100, Verbosity::Quiet));
    }

    #[test]
    fn verbose_shows_the_exchange() {
        insta::assert_snapshot!(shown(&sample::blocked_by_one(), 100, Verbosity::Verbose));
    }

    #[test]
    fn very_verbose_shows_every_exchange() {
        insta::assert_snapshot!(shown(&sample::all_states(), 100, Verbosity::Everything));
    }

    #[test]
    fn nothing_that_a_target_sent_acts_on_the_terminal() {
        for verbosity in [
            Verbosity::Quiet,
            Verbosity::Normal,
            Verbosity::Verbose,
            Verbosity::Everything,
        ] {
            let text = shown(&sample::all_states(), 100, verbosity);
            let acts = text.chars().find(|c| c.is_control() && *c != '\n');
            assert_eq!(acts, None);
            assert!(!text.contains('\u{202e}'));
        }
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let run = sample::all_states();
        let output = |colour| OutputStyle {
            colour,
            ..OutputStyle::default()
        };
        let mut plain = summary(&run, &output(true));
        assert!(plain.contains("\u{1b}[31m"));
        for code in ["0", "1", "2", "31", "32", "33", "35"] {
            plain = plain.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(plain, summary(&run, &output(false)));
    }
}
