//! How reports say things: one wording for the terminal, HTML, JUnit and the rest.

use crate::record::{
    Again, Became, Body, Case, CaseAgain, Conformance, Counts, Exchange, FeatureState, Known, Run,
    Verdict,
};

/// "1 case", "2 cases".
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}

/// "12 ms", "1.2 s", "2 min 3 s".
pub(super) fn duration(ms: u64) -> String {
    if ms < 1000 {
        return format!("{ms} ms");
    }
    let tenths = ms / 100;
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = ms / 1000;
    format!("{} min {} s", seconds / 60, seconds % 60)
}

/// "12 bytes", "1.5 KiB", "10.0 MiB".
pub(super) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        1 => "1 byte".to_owned(),
        0..KIB => format!("{bytes} bytes"),
        KIB..0x10_0000 => format!("{} KiB", tenths(KIB)),
        _ => format!("{} MiB", tenths(KIB * KIB)),
    }
}

/// A sign for a verdict that is told from the others without its colour.
pub(super) const fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✕",
        Verdict::Warn => "!",
        Verdict::Unsupported => "–",
        Verdict::Blocked => "⊘",
        Verdict::Error => "?",
        Verdict::Skipped => "○",
    }
}

/// A sign for what a category or a run comes to.
pub(super) const fn conformance_sign(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "✅",
        Conformance::NonConformant => "❌",
        Conformance::Inconclusive => "❔",
    }
}

/// The same in one column of a terminal.
pub(super) const fn conformance_sign_plain(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "✓",
        Conformance::NonConformant => "✕",
        Conformance::Inconclusive => "?",
    }
}

/// What a registry is, in a word or two.
pub(super) const fn headline(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "Conformant",
        Conformance::NonConformant => "Not conformant",
        Conformance::Inconclusive => "Inconclusive",
    }
}

/// The verdict with what it was reached against: "Conformant with OCI Distribution 1.1".
pub(super) fn judged(run: &Run) -> String {
    let with = match run.verdict {
        Conformance::Conformant | Conformance::NonConformant => "with",
        Conformance::Inconclusive => "for",
    };
    let headline = headline(run.verdict);
    format!("{headline} {with} OCI Distribution {}", run.spec)
}

/// Why a failure is expected: "known failure (quay#6388)".
pub(super) fn known(known: &Known) -> String {
    let what = match known.flaky {
        true => "known to come and go",
        false => "known failure",
    };
    match known.reason.as_str() {
        "" => format!("{what} (baseline entry {})", known.entry),
        reason => format!("{what}: {reason}"),
    }
}

/// What became of the failures that were run again: "2 of 5 are fixed: 1 still fails, 2 come to something else".
pub(super) fn again(again: &Again) -> String {
    let number = |became: Became| again.those(became).count();
    let (all, fixed) = (again.cases.len(), number(Became::Fixed));
    let mut rest = Vec::new();
    for (number, one, more) in [
        (number(Became::Still), "is as before", "are as before"),
        (
            number(Became::Other),
            "comes to something else",
            "come to something else",
        ),
        (number(Became::Gone), "was not run", "were not run"),
        (again.new.len(), "beside them is new", "beside them are new"),
    ] {
        match number {
            0 => {}
            1 => rest.push(format!("1 {one}")),
            number => rest.push(format!("{number} {more}")),
        }
    }
    let are = if fixed == 1 { "is" } else { "are" };
    let what = match (fixed == all, rest.is_empty()) {
        (true, _) if all == 1 => "What failed is fixed".to_owned(),
        (true, _) => format!("All {all} that failed are fixed"),
        (false, _) => format!("{fixed} of {all} that failed {are} fixed"),
    };
    match rest.is_empty() {
        true => format!("{what}."),
        false => format!("{what}: {}.", rest.join(", ")),
    }
}

/// What became of one case, beside its name: "fail then, blocked now", "fail: chunk-order".
pub(super) fn became(case: &CaseAgain) -> String {
    let now = case
        .now
        .map_or_else(|| "not run".to_owned(), |now| format!("{now} now"));
    let verdicts = match case.became {
        Became::Still => case.then.name().to_owned(),
        Became::Other | Became::Gone | Became::Fixed => format!("{} then, {now}", case.then),
    };
    let breaks = |ids: &[String]| ids.join(", ");
    match (case.breaks == case.broke, case.breaks.as_slice()) {
        (_, []) => verdicts,
        (true, same) => format!("{verdicts}: {}", breaks(same)),
        (false, now) => format!(
            "{verdicts}: {}, and before {}",
            breaks(now),
            breaks(&case.broke)
        ),
    }
}

/// What was tested, as a person calls it.
pub(super) fn target(run: &Run) -> &str {
    if run.target.bundled {
        "the bundled registry"
    } else {
        &run.target.url
    }
}

/// The sentence after the headline: what the verdict rests on.
pub(super) fn because(run: &Run) -> String {
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
                "{} {are} broken, shown by {} of {}.",
                count(broken, "requirement"),
                counts.fail,
                count(counts.total(), "case")
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
                tally(counts)
            )
        }
    };
    format!("{begun}{said}")
}

/// What a conformant run did not simply pass: " that had to; exceptions: 2 warn, 1 unsupported (not supported: mount)".
fn exceptions(run: &Run) -> String {
    let but = Counts {
        pass: 0,
        ..run.summary
    };
    let mut said = format!(" that had to; exceptions: {}", tally(but));
    let declined = features(run, FeatureState::Unsupported);
    if !declined.is_empty() {
        said.push_str(" (not supported: ");
        said.push_str(&super::visible_line(&declined.join(", ")));
        said.push(')');
    }
    said
}

/// How many requirements came to a verdict.
pub(super) fn requirements(run: &Run, verdict: Verdict) -> usize {
    let came_to = |result: &&crate::record::RequirementResult| result.verdict == verdict;
    run.requirements.iter().filter(came_to).count()
}

/// The verdicts that occur, with how often.
pub(super) fn occurring(counts: Counts) -> impl Iterator<Item = (Verdict, usize)> {
    Verdict::ALL
        .into_iter()
        .map(move |verdict| (verdict, counts.get(verdict)))
        .filter(|(_, number)| *number > 0)
}

/// "41 pass, 2 fail".
pub(super) fn tally(counts: Counts) -> String {
    let parts: Vec<String> = occurring(counts)
        .map(|(verdict, number)| format!("{number} {verdict}"))
        .collect();
    if parts.is_empty() {
        "no cases".to_owned()
    } else {
        parts.join(", ")
    }
}

/// The features in a state, by name.
pub(super) fn features(run: &Run, state: FeatureState) -> Vec<&str> {
    run.features
        .iter()
        .filter(|(_, known)| **known == state)
        .map(|(name, _)| name.as_str())
        .collect()
}

/// The address of a section of the specification: the one that the record names, where it is one that is safe
/// to follow (a record may be anybody's), or else the section's in the version judged against.
pub(super) fn link(run: &Run, named: &str, section: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    if named.starts_with("https://") && named.chars().all(safe) {
        return named.to_owned();
    }
    let section: String = section.chars().filter(|c| safe(*c)).collect();
    run.spec.link(&section)
}

/// The word for what is known of a feature.
pub(super) const fn feature_state(state: FeatureState) -> &'static str {
    match state {
        FeatureState::Supported => "supported",
        FeatureState::Unsupported => "unsupported",
        FeatureState::Unknown => "unknown",
    }
}

/// A section's anchor as a heading: `pulling-manifests` is "Pulling manifests".
pub(super) fn section(anchor: &str) -> String {
    let words = anchor.replace('-', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Elsewhere".to_owned(),
    }
}

/// Why a case has no verdict of its own: what blocked it, declined it or left it out. Its last note says so.
pub(super) fn reason(case: &Case) -> String {
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
        (Verdict::Blocked, _, None) => "something it builds on failed".to_owned(),
        (Verdict::Error, None, _) => "no verdict was reached".to_owned(),
        (Verdict::Pass | Verdict::Fail | Verdict::Warn, _, _) => String::new(),
    }
}

/// "202", or why there is no status.
pub(super) fn status(exchange: &Exchange) -> String {
    exchange
        .status
        .map_or_else(|| "no answer".to_owned(), |status| status.to_string())
}

/// What is known of a body beside its text: "96 bytes", "10.0 MiB, cut, in hexadecimal".
pub(super) fn body(body: &Body) -> String {
    let cut = if body.cut { ", cut" } else { "" };
    let binary = if body.binary { ", in hexadecimal" } else { "" };
    format!("{}{cut}{binary}", size(body.size))
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

    #[test]
    fn amounts_are_said_in_their_unit() {
        let said: Vec<String> = [0, 999, 1234, 59_999, 60_000, 123_456].map(duration).into();
        assert_eq!(
            said,
            [
                "0 ms",
                "999 ms",
                "1.2 s",
                "59.9 s",
                "1 min 0 s",
                "2 min 3 s"
            ]
        );
        let said: Vec<String> = [0, 1, 1536, 10 << 20].map(size).into();
        assert_eq!(said, ["0 bytes", "1 byte", "1.5 KiB", "10.0 MiB"]);
        assert_eq!(section("pulling-manifests"), "Pulling manifests");
    }
}
