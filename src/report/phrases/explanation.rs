//! The sentence after the headline: what the verdict of a run rests on.

use super::amounts::extent;
use super::verdicts::{counts, tested};
use crate::data::count;
use crate::record::{Conformance, Counts, Diagnosis, FeatureState, Run, Verdict};
use crate::report::sanitize_line;

/// The sentence after the headline. For a conformant run, the words "All tests passed" that certification asks for.
pub(in crate::report) fn explanation(run: &Run) -> String {
    let interrupted = match run.interrupted {
        true => "The run was interrupted. ",
        false => "",
    };
    let explanation = match run.verdict {
        Conformance::NonConformant => violations(run),
        Conformance::Conformant if run.summary.pass == run.summary.total() => {
            format!("All tests passed: {}.", count(run.summary.total(), "case"))
        }
        Conformance::Conformant => format!("All tests passed, {}.", exceptions(run)),
        Conformance::Inconclusive if run.lacks_only_left_out() => format!(
            "The tested part violates no requirement; options of the run left the rest out (cases: {}).",
            counts(run.summary)
        ),
        Conformance::Inconclusive => format!(
            "No requirement is known to be violated, but not all were tested (cases: {}).",
            counts(run.summary)
        ),
    };
    let flaky = match flaky(run).len() {
        0 => "",
        1 => " 1 case is flaky.",
        count => &format!(" {count} cases are flaky."),
    };
    format!("{interrupted}{explanation}{flaky}")
}

/// "Likely cause (location-port, 12 cases)".
pub(in crate::report) fn diagnosis_heading(diagnosis: &Diagnosis) -> String {
    let cases = count(diagnosis.cases.len(), "case");
    format!("Likely cause ({}, {cases})", diagnosis.id)
}

/// "15 requirements (22 cases) are violated, 3 failures are known. 340 cases were tested."
fn violations(run: &Run) -> String {
    let violated = with_verdict(run, Verdict::Fail).len();
    let are = if violated == 1 { "is" } else { "are" };
    let failing = run
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Fail);
    let known = match failing.filter(|case| case.known.is_some()).count() {
        0 => String::new(),
        1 if run.summary.fail == 1 => ", and the failure is known".to_owned(),
        all if all == run.summary.fail => ", and all failures are known".to_owned(),
        1 => ", and 1 of these cases is known".to_owned(),
        some => format!(", and {some} of these cases are known"),
    };
    let tested = tested(run.summary).saturating_add(run.summary.unsupported);
    let were = if tested == 1 { "was" } else { "were" };
    format!(
        "{} {are} violated{known}. {} {were} tested.",
        extent(violated, run.summary.fail),
        count(tested, "case"),
    )
}

/// "with exceptions (cases: 2 warn, 1 unsupported; not supported: mount)".
fn exceptions(run: &Run) -> String {
    let but = Counts {
        pass: 0,
        ..run.summary
    };
    let unsupported = features(run, FeatureState::Unsupported);
    let names = match unsupported.is_empty() {
        true => String::new(),
        false => format!(
            "; not supported: {}",
            sanitize_line(&unsupported.join(", "))
        ),
    };
    format!("with exceptions (cases: {}{names})", counts(but))
}

/// The ids of the requirements with a verdict.
pub(in crate::report) fn with_verdict(run: &Run, verdict: Verdict) -> Vec<&str> {
    let results = run.requirements.iter();
    results
        .filter(|result| result.verdict == verdict)
        .map(|result| result.id.as_str())
        .collect()
}

/// The cases that failed, and passed when they were retried.
pub(in crate::report) fn flaky(run: &Run) -> Vec<&str> {
    let flaky = run.cases.iter().filter(|case| case.flaky);
    flaky.map(|case| case.id.as_str()).collect()
}

/// The features in a state, by name.
pub(in crate::report) fn features(run: &Run, state: FeatureState) -> Vec<&str> {
    run.features
        .iter()
        .filter(|(_, known)| **known == state)
        .map(|(name, _)| name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conformant_run_says_that_all_tests_passed_and_what_is_excepted() {
        let mut run = crate::report::sample::all_pass();
        assert!(explanation(&run).starts_with("All tests passed: "));
        run.summary.pass -= 2;
        run.summary.warn += 1;
        run.summary.untested += 1;
        let text = explanation(&run);
        assert!(
            text.starts_with("All tests passed, with exceptions (cases: 1 warn, 1 not exercised"),
            "{text}"
        );
        run.verdict = Conformance::Inconclusive;
        assert!(!explanation(&run).contains("All tests passed"));
    }

    #[test]
    fn what_the_user_left_out_is_told_from_what_has_no_verdict() {
        let mut run = crate::report::sample::all_pass();
        run.verdict = Conformance::Inconclusive;
        run.summary.skipped = 3;
        assert!(explanation(&run).contains("options of the run left the rest out"));
        run.summary.error = 1;
        assert!(explanation(&run).starts_with("No requirement is known to be violated"));
    }
}
