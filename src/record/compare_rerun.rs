//! Comparing a rerun with the earlier run.

use super::rerun::{RerunCase, RerunComparison, RerunOutcome};
use super::{Case, Run, Verdict};

/// Whether a case with this verdict is bad: it is run again.
pub const fn is_bad(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Fail | Verdict::Warn | Verdict::Blocked | Verdict::Error
    )
}

/// Compares the bad cases of an earlier run with the same cases of a later one.
pub fn rerun(report: String, earlier: &Run, run: &Run) -> RerunComparison {
    let find = |id: &str| run.cases.iter().find(|case| case.id == id);
    let bad = earlier.cases.iter().filter(|case| is_bad(case.verdict));
    let cases: Vec<RerunCase> = bad.map(|then| outcome(then, find(&then.id))).collect();
    let failed = |id: &str| cases.iter().any(|case| case.id == id);
    let fails = run
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Fail);
    let new = fails.filter(|case| !failed(&case.id));
    RerunComparison {
        report,
        started: earlier.started.clone(),
        new: new.map(|case| case.id.clone()).collect(),
        cases,
    }
}

fn outcome(then: &Case, now: Option<&Case>) -> RerunCase {
    let now = now.filter(|case| case.verdict != Verdict::Skipped);
    RerunCase {
        id: then.id.clone(),
        outcome: match now.map(|case| case.verdict) {
            None => RerunOutcome::Gone,
            Some(Verdict::Pass) => RerunOutcome::Fixed,
            Some(verdict) if verdict == then.verdict => RerunOutcome::Still,
            Some(_) => RerunOutcome::Other,
        },
        then: then.verdict,
        now: now.map(|case| case.verdict),
        violated: then.violated(),
        violates: now.map(Case::violated).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_bad_case_has_an_outcome() {
        let earlier = sample::all_states();
        let mut now = earlier.clone();
        for case in &mut now.cases {
            match case.id.as_str() {
                "blob-range" => case.verdict = Verdict::Pass,
                "tag-order" => case.verdict = Verdict::Unsupported,
                "tag-pages" => case.verdict = Verdict::Skipped,
                "manifest-by-digest" => case.verdict = Verdict::Fail,
                _ => {}
            }
        }
        now.cases.retain(|case| case.id != "chunk-hostile");
        let rerun = rerun("r.json".to_owned(), &earlier, &now);
        let those =
            |outcome| -> Vec<&str> { rerun.those(outcome).map(|c| c.id.as_str()).collect() };
        assert_eq!(those(RerunOutcome::Fixed), ["blob-range"]);
        assert_eq!(those(RerunOutcome::Other), ["tag-order"]);
        assert_eq!(those(RerunOutcome::Gone), ["chunk-hostile", "tag-pages"]);
        assert_eq!(those(RerunOutcome::Still).len(), 4);
        assert_eq!(rerun.new, ["manifest-by-digest"]);
    }
}
