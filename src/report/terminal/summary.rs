//! The result of a run: a page that a person can act on.

use std::path::PathBuf;

use super::baseline::baseline;
use super::exchange::exchange;
use super::findings::{causes, listed, names, warnings};
use super::fix_first::fix_first;
use super::leftovers::leftovers;
use super::page::Page;
use super::paths::written;
use super::rerun::rerun;
use super::style::{OutputStyle, TextStyle, Verbosity};
use super::table;
use crate::record::{FeatureState, Run, Verdict};
use crate::report::findings::findings;
use crate::report::fix_first::{in_order, problems};
use crate::report::phrases;

/// The most reasons for which content was not deleted that are listed.
const LEFTOVERS_SHOWN: usize = 10;

/// The result of a run: the verdict of each category, violated requirements with their evidence, what was not tested,
/// what to fix first; the comparison with an earlier run or a baseline, what was not deleted, the paths of the reports that were
/// written; and the verdict, which is the last line.
pub fn summary(run: &Run, reports: &[PathBuf], output: &OutputStyle) -> String {
    let mut text = String::new();
    let whole = output.verbosity != Verbosity::Quiet;
    if whole {
        let mut page = Page::new(output);
        found(&mut page, run);
        text.push_str(&page.finish());
    }
    text.push_str(&rerun(run, output));
    text.push_str(&baseline(run, output));
    let mut page = Page::new(output);
    if whole {
        page.line("");
        not_deleted(&mut page, run);
        page.page(&written(reports, output));
    }
    verdict(&mut page, run);
    text + &page.finish()
}

/// A line for each reason why content was not deleted, and the command that deletes this content and what the user kept.
fn not_deleted(page: &mut Page<'_>, run: &Run) {
    let left = leftovers(&run.leftovers, LEFTOVERS_SHOWN);
    page.page(&left);
    if let Some(command) = phrases::clean(run).filter(|_| !run.leftovers.is_empty()) {
        let label = if left.is_empty() {
            "delete"
        } else {
            "try again"
        };
        page.verbatim(2, label, &command);
    }
}

/// All but the verdict and what the run is compared with.
fn found(page: &mut Page<'_>, run: &Run) {
    head(page, run);
    diagnoses(page, run);
    page.gap();
    table::categories(page, run);
    let mut found = findings(run);
    let problems = problems(run);
    in_order(&problems, &mut found.violated);
    let heading = match run.baseline {
        Some(_) => "New failures",
        None => "Violated",
    };
    listed(page, heading, TextStyle::Bad, &found.violated);
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
    // A terminal shows the end of a long page.
    fix_first(page, &problems, run);
}

fn head(page: &mut Page<'_>, run: &Run) {
    let target = phrases::target(run);
    page.styled(
        TextStyle::Strong,
        &format!("{target}, specification {}", run.spec),
    );
    let about = format!(
        "{} in {}{}",
        phrases::count(
            usize::try_from(run.requests).unwrap_or(usize::MAX),
            "request"
        ),
        phrases::duration(run.duration_ms),
        phrases::seed(run)
    );
    page.styled(TextStyle::Faint, &about);
}

fn diagnoses(page: &mut Page<'_>, run: &Run) {
    for one in &run.diagnoses {
        page.gap();
        page.styled(TextStyle::Bad, &phrases::diagnosis_heading(one));
        page.paragraph(2, TextStyle::Strong, &one.says);
        page.labelled(4, "request", TextStyle::Plain, &one.shown);
        let cases = names(one.cases.iter().map(String::as_str));
        page.labelled(4, "shown by", TextStyle::Plain, &cases);
    }
}

fn verdict(page: &mut Page<'_>, run: &Run) {
    let style = TextStyle::of_conformance(run.verdict);
    let text = format!("{}. {}", phrases::headline(run), phrases::explanation(run));
    page.paragraph(0, style, &text);
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
        for note in phrases::remarks(case) {
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
    let flaky = phrases::flaky(run);
    let parts = [&unsupported, &unknown, &not_exercised, &flaky];
    if parts.iter().all(|part| part.is_empty()) && run.notes.is_empty() {
        return;
    }
    page.gap();
    if !flaky.is_empty() {
        let count = phrases::count(flaky.len(), "case");
        let ids = names(flaky.iter().copied());
        let text = format!("Flaky: {count} failed, and passed when retried ({ids})");
        page.paragraph(0, TextStyle::Doubtful, &text);
    }
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
        let reports = Vec::from([PathBuf::from("reports/report.json")]);
        summary(
            run,
            &reports,
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
            for requirement in &mut run.requirements {
                requirement.verdict = Verdict::Unsupported;
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
        let mut plain = summary(&run, &[], &output(true));
        assert!(plain.contains("\u{1b}[31m"));
        for code in ["0", "1", "2", "31", "32", "33", "35"] {
            plain = plain.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(plain, summary(&run, &[], &output(false)));
    }
}
