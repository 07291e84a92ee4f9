//! Verdicts, targets, sections and reasons.

use super::count;
use crate::record::{
    Case, CategoryResult, Conformance, Counts, Exchange, FeatureState, Run, Verdict,
};
use crate::report::{findings, sanitize_line};

/// A sign for a verdict that is told from the others without its colour.
pub(in crate::report) const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✕",
        Verdict::Warn => "!",
        Verdict::Unsupported => "–",
        Verdict::Blocked => "⊘",
        Verdict::Error => "?",
        Verdict::Skipped => "○",
        Verdict::Untested => "·",
    }
}

/// A sign for what a category or a run comes to.
pub(in crate::report) const fn conformance_sign(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "✅",
        Conformance::NonConformant => "❌",
        Conformance::Inconclusive => "❔",
    }
}

/// The same in one column of a terminal.
pub(in crate::report) const fn conformance_sign_plain(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "✓",
        Conformance::NonConformant => "✕",
        Conformance::Inconclusive => "?",
    }
}

/// What a registry is, in a word or two.
pub(in crate::report) const fn headline(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "Conformant",
        Conformance::NonConformant => "Not conformant",
        Conformance::Inconclusive => "Inconclusive",
    }
}

/// The verdict with what it was reached against: "Conformant with OCI Distribution 1.1".
pub(in crate::report) fn judged(run: &Run) -> String {
    let with = match run.verdict {
        Conformance::Conformant | Conformance::NonConformant => "with",
        Conformance::Inconclusive => "for",
    };
    let headline = headline(run.verdict);
    format!("{headline} {with} OCI Distribution {}", run.spec)
}

/// What is said in place of a category's verdict that rests on nothing: the target supports nothing of it, or nothing
/// of it was run. The specification allows the first, and a reader is not to take it for tested.
pub(in crate::report) fn untested(category: &CategoryResult) -> Option<&'static str> {
    let counts = category.counts;
    let tested = counts.total() - counts.unsupported - counts.skipped;
    match category.verdict {
        Conformance::Conformant if tested == 0 && counts.unsupported > 0 => Some("none supported"),
        Conformance::Inconclusive if tested == 0 && counts.unsupported == 0 => Some("not run"),
        _ => None,
    }
}

/// What was tested, as a person calls it.
pub(in crate::report) fn target(run: &Run) -> &str {
    if run.target.bundled {
        "the bundled registry"
    } else {
        &run.target.url
    }
}

/// The sentence after the headline: what the verdict rests on.
pub(in crate::report) fn because(run: &Run) -> String {
    let counts = run.summary;
    let broken = requirements(run, Verdict::Fail);
    let begun = if run.interrupted {
        "The run was interrupted. "
    } else {
        ""
    };
    let said = match run.verdict {
        Conformance::NonConformant => {
            let are = if broken == 1 { "is" } else { "are" };
            format!(
                "{} {are} broken, shown by {} of {}{}.",
                count(broken, "requirement"),
                counts.fail,
                count(counts.total() - counts.skipped, "case"),
                expected(run)
            )
        }
        Conformance::Conformant if counts.pass == counts.total() => {
            format!("All tests passed: {}.", count(counts.total(), "case"))
        }
        // The words that certification asks for come first: a warning or a feature left out takes nothing of them.
        Conformance::Conformant => format!("All tests passed{}.", exceptions(run)),
        Conformance::Inconclusive => {
            format!(
                "No requirement is known to be broken, and not all were tested: {}.",
                counts
            )
        }
    };
    format!("{begun}{said}")
}

/// How many of the failing cases a baseline expects to fail: ", all of them known", ", 3 of them known".
fn expected(run: &Run) -> String {
    let known = findings::known(run);
    let known = known
        .filter(|(case, _)| case.verdict == Verdict::Fail)
        .count();
    match known {
        0 => String::new(),
        all if all == run.summary.fail => ", all of them known".to_owned(),
        some => format!(", {some} of them known"),
    }
}

/// What a conformant run did not simply pass: " that had to; exceptions: 2 warn, 1 unsupported (not supported: mount)".
fn exceptions(run: &Run) -> String {
    let but = Counts {
        pass: 0,
        ..run.summary
    };
    let mut said = format!(" that had to; exceptions: {but}");
    let declined = features(run, FeatureState::Unsupported);
    if !declined.is_empty() {
        said.push_str(" (not supported: ");
        said.push_str(&sanitize_line(&declined.join(", ")));
        said.push(')');
    }
    said
}

/// How many requirements came to a verdict.
pub(in crate::report) fn requirements(run: &Run, verdict: Verdict) -> usize {
    let came_to = |result: &&crate::record::RequirementResult| result.verdict == verdict;
    run.requirements.iter().filter(came_to).count()
}

/// The features in a state, by name.
pub(in crate::report) fn features(run: &Run, state: FeatureState) -> Vec<&str> {
    run.features
        .iter()
        .filter(|(_, known)| **known == state)
        .map(|(name, _)| name.as_str())
        .collect()
}

/// The address of a section of the specification: the one that the record names, where it is one that is safe
/// to follow (a record may be anybody's), or else the section's in the version judged against.
pub(in crate::report) fn link(run: &Run, named: &str, section: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    if named.starts_with("https://") && named.chars().all(safe) {
        return named.to_owned();
    }
    let section: String = section.chars().filter(|c| safe(*c)).collect();
    run.spec.link(&section)
}

/// The word for what is known of a feature.
pub(in crate::report) const fn feature_state(state: FeatureState) -> &'static str {
    match state {
        FeatureState::Supported => "supported",
        FeatureState::Unsupported => "unsupported",
        FeatureState::Unknown => "unknown",
    }
}

/// A section's anchor as a heading: `pulling-manifests` is "Pulling manifests".
pub(in crate::report) fn section(anchor: &str) -> String {
    let phrases = anchor.replace('-', " ").replace(" api", " API");
    let mut letters = phrases.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Elsewhere".to_owned(),
    }
}

/// Why a case has no verdict of its own: what blocked it, declined it or left it out. Its last note says so.
pub(in crate::report) fn reason(case: &Case) -> String {
    if let Some(note) = case.notes.last() {
        return note.clone();
    }
    let said = case.checks.iter().find(|check| !check.message.is_empty());
    let broke = case
        .exchanges
        .iter()
        .find_map(|exchange| exchange.error.as_ref());
    match (case.verdict, broke, said) {
        (Verdict::Error, Some(error), _) => error.clone(),
        (Verdict::Blocked, _, Some(check)) => check.message.clone(),
        (Verdict::Unsupported, _, _) if !case.features.is_empty() => {
            format!("the target does not support {}", case.features.join(", "))
        }
        (Verdict::Unsupported, _, _) => "the target declines it".to_owned(),
        (Verdict::Skipped, _, _) => "left out".to_owned(),
        (Verdict::Untested, _, _) => "no check was made".to_owned(),
        (Verdict::Blocked, _, None) => "something it builds on failed".to_owned(),
        (Verdict::Error, None, _) => "no verdict was reached".to_owned(),
        (Verdict::Pass | Verdict::Fail | Verdict::Warn, _, _) => String::new(),
    }
}

/// "202", or why there is no status.
pub(in crate::report) fn status(exchange: &Exchange) -> String {
    exchange
        .status
        .map_or_else(|| "no answer".to_owned(), |status| status.to_string())
}

/// A note, and the command that it ends in, where it does: that is made to be copied, and stands in backticks.
pub(in crate::report) fn with_command(note: &str) -> (&str, Option<&str>) {
    let command = note
        .strip_suffix('`')
        .and_then(|note| note.split_once(": `"));
    match command {
        Some((text, command)) => (text, Some(command)),
        None => (note, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_specification_or_nowhere_else_than_it_says() {
        let run = crate::report::sample::all_pass();
        assert_eq!(
            link(&run, "https://example.org/#a", "b"),
            "https://example.org/#a"
        );
        let own = link(&run, "javascript:alert(1)", "b\") onclick=");
        assert!(own.ends_with("spec.md#bonclick="), "{own}");
    }

    #[test]
    fn a_conformant_run_says_that_all_tests_passed_and_what_is_excepted() {
        let mut run = crate::report::sample::all_pass();
        assert!(because(&run).starts_with("All tests passed: "));
        run.summary.pass -= 1;
        run.summary.warn += 1;
        let said = because(&run);
        assert!(
            said.starts_with("All tests passed that had to; exceptions: 1 warn"),
            "{said}"
        );
        run.verdict = Conformance::Inconclusive;
        assert!(!because(&run).contains("All tests passed"));
    }
}
