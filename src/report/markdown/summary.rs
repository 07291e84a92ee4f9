//! summary.md: the result for a pull request or the summary page of a CI.

use std::fmt::Write as _;

use super::comparisons;
use super::fix_first::fix_first;
use super::text::{code, escaped, fenced, names};
use crate::record::{FeatureState, Run, Verdict};
use crate::report::failure::Failure;
use crate::report::findings::{Cause, Finding, extent, findings};
use crate::report::fix_first::{in_order, problems};
use crate::report::{self, phrases};

/// How many findings are shown in full: the summary page of GitHub ends at a mebibyte.
const IN_FULL: usize = 50;

/// The record as Markdown (GitHub's, which shows `details`).
pub(in crate::report) fn render(run: &Run) -> Result<String, Failure> {
    let mut text = String::new();
    let sign = phrases::conformance_sign(run.verdict);
    writeln!(
        text,
        "## {sign} {}: {}\n",
        phrases::headline(run),
        escaped(phrases::target(run))
    )?;
    writeln!(
        text,
        "{} Specification {}.\n",
        phrases::explanation(run),
        run.spec
    )?;
    let mut found = findings(run);
    let problems = problems(run);
    in_order(&problems, &mut found.violated);
    // With a baseline, a reader looks for what is new.
    if run.baseline.is_some() {
        listed(&mut text, "New failures", &found.violated)?;
        comparisons::changed(&mut text, run)?;
    }
    diagnoses(&mut text, run)?;
    categories(&mut text, run)?;
    comparisons::earlier(&mut text, run)?;
    fix_first(&mut text, &problems)?;
    if run.baseline.is_none() {
        listed(&mut text, "Violated", &found.violated)?;
    }
    listed(&mut text, "Warnings", &found.warned)?;
    causes(&mut text, "Blocked", &found.blocked)?;
    causes(&mut text, "No verdict", &found.errors)?;
    comparisons::others(&mut text, run)?;
    notes(&mut text, run)?;
    Ok(text)
}

fn diagnoses(text: &mut String, run: &Run) -> Result<(), Failure> {
    for one in &run.diagnoses {
        let (heading, says) = (phrases::diagnosis_heading(one), escaped(&one.says));
        writeln!(text, "**{}.** {says}\n", escaped(&heading))?;
        let cases = names(one.cases.iter().map(String::as_str));
        writeln!(
            text,
            "- request: {}\n- shown by: {cases}\n",
            code(&one.shown)
        )?;
    }
    Ok(())
}

fn categories(text: &mut String, run: &Run) -> Result<(), Failure> {
    writeln!(text, "| Category | Verdict | Requirements |\n|---|---|---|")?;
    for row in report::categories::categories(run) {
        let tally = phrases::counts(row.requirements);
        let verdict = row.result.verdict;
        let (sign, word) = match row.in_place_of_verdict() {
            Some(word) => ("➖", word),
            None => (phrases::conformance_sign(verdict), verdict.name()),
        };
        let title = row.category.title();
        writeln!(text, "| {title} | {sign} {word} | {tally} |")?;
    }
    Ok(writeln!(text)?)
}

fn listed(text: &mut String, heading: &str, found: &[Finding<'_>]) -> Result<(), Failure> {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(text, "### {heading}: {}\n", extent(found))?;
    for one in found.iter().take(IN_FULL) {
        finding(text, one)?;
    }
    match found.len().saturating_sub(IN_FULL) {
        0 => {}
        more => writeln!(text, "{more} more are in the other reports.\n")?,
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
    if let Some(case) = one.reproducible() {
        let summary = "<details><summary>The command that reproduces it</summary>";
        let command = phrases::reproduce(one.run, case);
        writeln!(text, "{summary}\n\n{}\n</details>\n", fenced(&command))?;
    }
    Ok(())
}

fn causes(text: &mut String, heading: &str, causes: &[Cause<'_>]) -> Result<(), Failure> {
    if causes.is_empty() {
        return Ok(());
    }
    writeln!(text, "### {heading}\n")?;
    for cause in causes {
        let count = phrases::count(cause.cases.len(), "case");
        let cases = names(cause.cases.iter().map(|case| case.id.as_str()));
        writeln!(text, "- {count}: {} ({cases})", escaped(&cause.reason))?;
    }
    Ok(writeln!(text)?)
}

fn notes(text: &mut String, run: &Run) -> Result<(), Failure> {
    let unsupported = phrases::features(run, FeatureState::Unsupported);
    if !unsupported.is_empty() {
        writeln!(
            text,
            "Not supported: {}.\n",
            escaped(&unsupported.join(", "))
        )?;
    }
    let flaky = phrases::flaky(run);
    if !flaky.is_empty() {
        let count = phrases::count(flaky.len(), "case");
        let ids = names(flaky.iter().copied());
        writeln!(
            text,
            "Flaky: {count} failed, and passed when retried ({ids}).\n"
        )?;
    }
    let not_exercised = phrases::with_verdict(run, Verdict::Untested);
    if !not_exercised.is_empty() {
        let count = phrases::count(not_exercised.len(), "requirement");
        let ids = names(not_exercised.iter().copied());
        writeln!(text, "Not exercised: {count} ({ids}).\n")?;
    }
    for note in &run.notes {
        writeln!(text, "Note: {}.\n", escaped(note.trim_end_matches('.')))?;
    }
    let requests = usize::try_from(run.requests).unwrap_or(usize::MAX);
    let (requests, took) = (
        phrases::count(requests, "request"),
        phrases::duration(run.duration_ms),
    );
    let tool = escaped(&format!("{} {}", run.tool.name, run.tool.version));
    Ok(writeln!(
        text,
        "{requests} in {took}{}, by {tool}.",
        phrases::seed(run)
    )?)
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
    fn compared_with_others() {
        insta::assert_snapshot!(render(&sample::with_context()).unwrap());
    }

    #[test]
    fn all_pass() {
        insta::assert_snapshot!(render(&sample::all_pass()).unwrap());
    }
}
