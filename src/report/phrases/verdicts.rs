//! Words and signs for verdicts.

use crate::record::{CategoryResult, Conformance, Counts, FeatureState, Run, Verdict};

/// The word for a verdict in texts for a person.
pub(in crate::report) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Untested => "not exercised",
        Verdict::Pass
        | Verdict::Fail
        | Verdict::Warn
        | Verdict::Unsupported
        | Verdict::Blocked
        | Verdict::Error
        | Verdict::Skipped => verdict.name(),
    }
}

/// The verdicts that occur, with how often: "41 pass, 2 fail".
pub(in crate::report) fn counts(counts: Counts) -> String {
    let parts = counts.occurring();
    let parts: Vec<String> = parts
        .map(|(one, number)| format!("{number} {}", verdict(one)))
        .collect();
    match parts.is_empty() {
        true => "no cases".to_owned(),
        false => parts.join(", "),
    }
}

/// How many were tested, or would have been without a failure: all that are not unsupported, skipped or untested.
pub(in crate::report) const fn tested(counts: Counts) -> usize {
    let reached = counts
        .pass
        .saturating_add(counts.fail)
        .saturating_add(counts.warn);
    reached
        .saturating_add(counts.blocked)
        .saturating_add(counts.error)
}

/// A sign for a verdict: colour alone does not tell verdicts apart.
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

/// A sign for the verdict of a category or a run.
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

/// The verdict of a run as a headline.
pub(in crate::report) fn headline(run: &Run) -> &'static str {
    match run.verdict {
        Conformance::Inconclusive if run.lacks_only_left_out() => "Not all was tested",
        verdict => conformance(verdict),
    }
}

/// A verdict as a headline.
pub(in crate::report) const fn conformance(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "Conformant",
        Conformance::NonConformant => "Not conformant",
        Conformance::Inconclusive => "Inconclusive",
    }
}

/// The verdict with what it was reached against: "Conformant with OCI Distribution 1.1".
pub(in crate::report) fn headline_with_version(run: &Run) -> String {
    if run.lacks_only_left_out() {
        return format!("Not all of OCI Distribution {} was tested", run.spec);
    }
    let with = match run.verdict {
        Conformance::Conformant | Conformance::NonConformant => "with",
        Conformance::Inconclusive => "for",
    };
    let headline = headline(run);
    format!("{headline} {with} OCI Distribution {}", run.spec)
}

/// The words in place of a category's verdict where no case of it was tested, as the verdict alone would read as tested;
/// and where it is open only because options of the run left cases out.
pub(in crate::report) fn in_place_of_verdict(category: &CategoryResult) -> Option<&'static str> {
    let counts = category.counts;
    match category.verdict {
        Conformance::Inconclusive if tested(counts) > 0 => {
            (counts.fail + counts.blocked + counts.error == 0).then_some("not all tested")
        }
        _ if tested(counts) > 0 => None,
        Conformance::Conformant if counts.unsupported > 0 => Some("none supported"),
        Conformance::Conformant if counts.untested > 0 => Some("not exercised"),
        Conformance::Inconclusive if counts.unsupported == 0 => Some("not run"),
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

/// The word for what is known of a feature.
pub(in crate::report) const fn feature_state(state: FeatureState) -> &'static str {
    match state {
        FeatureState::Supported => "supported",
        FeatureState::Unsupported => "unsupported",
        FeatureState::Unknown => "unknown",
    }
}
