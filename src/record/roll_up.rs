//! From cases to requirements, categories and the run.

use std::collections::BTreeMap;

use super::{
    Case, CategoryResult, CheckVerdict, Conformance, Counts, RequirementResult, Stop, Verdict,
};
use crate::catalogue::{Category, Level};

/// What a requirement comes to over the cases that test it.
pub fn requirement_verdict(id: &str, testers: &[&Case]) -> Verdict {
    let has = |wanted: CheckVerdict| {
        testers
            .iter()
            .flat_map(|case| &case.checks)
            .any(|check| check.requirement == id && check.verdict == wanted)
    };
    if has(CheckVerdict::Fail) {
        return Verdict::Fail;
    }
    if has(CheckVerdict::Warn) {
        return Verdict::Warn;
    }
    let mut checks = testers.iter().flat_map(|case| &case.checks);
    if checks.any(|check| check.requirement == id && check.is_hidden()) {
        return Verdict::Blocked;
    }
    if has(CheckVerdict::Pass) {
        return Verdict::Pass;
    }
    let kept_from = [
        Verdict::Blocked,
        Verdict::Error,
        Verdict::Fail,
        Verdict::Unsupported,
        Verdict::Pass,
        Verdict::Warn,
        Verdict::Untested,
    ];
    let reason = kept_from
        .into_iter()
        .find(|verdict| testers.iter().any(|case| case.verdict == *verdict));
    match reason {
        // The case failed before it came to this requirement.
        Some(Verdict::Fail) => Verdict::Blocked,
        // It was never asked, because it depends on what the registry does not do.
        Some(Verdict::Pass | Verdict::Warn) => Verdict::Untested,
        Some(verdict) => verdict,
        None => Verdict::Skipped,
    }
}

/// What each category comes to.
pub fn categories(
    cases: &[Case],
    requirements: &[RequirementResult],
) -> BTreeMap<Category, CategoryResult> {
    Category::every()
        .filter(|category| {
            !category.is_extra() || cases.iter().any(|case| case.category == *category)
        })
        .map(|category| {
            let of = || cases.iter().filter(move |case| case.category == category);
            let broken = requirements
                .iter()
                .any(|one| one.category == category && one.verdict == Verdict::Fail);
            let open = requirements
                .iter()
                .filter(|one| one.category == category && one.level == Level::Must)
                .any(|one| one.verdict == Verdict::Skipped);
            // A case that was not run because nothing was pushed leaves open what no other case has shown.
            let unanswered = |case: &Case| match case.stopped {
                Some(Stop::Skipped) => open,
                _ => !case.verdict.is_answered() || case.verdict == Verdict::Fail,
            };
            let unsure = of().any(unanswered) || of().next().is_none();
            let verdict = match (broken, unsure) {
                (true, _) => Conformance::NonConformant,
                (false, true) => Conformance::Inconclusive,
                (false, false) => Conformance::Conformant,
            };
            let counts = Counts::of(of().map(|case| case.verdict));
            (category, CategoryResult { verdict, counts })
        })
        .collect()
}

/// What the run comes to.
pub fn conformance(cases: &[Case], partial: bool) -> Conformance {
    if cases.iter().any(|case| case.verdict == Verdict::Fail) {
        return Conformance::NonConformant;
    }
    if partial || cases.iter().any(|case| !case.verdict.is_answered()) {
        return Conformance::Inconclusive;
    }
    Conformance::Conformant
}
