//! Roll-up: from cases to requirements, categories and the run.

use std::collections::BTreeMap;

use super::{
    Case, CategoryResult, CheckVerdict, Conformance, Counts, RequirementResult, Stop, Verdict,
};
use crate::catalogue::{Category, Level};

/// The verdict of a requirement over the cases that test it. It passes only where a check of it holds.
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
        // The case failed before it checked this requirement.
        Some(Verdict::Fail) => Verdict::Blocked,
        // No response was one that the requirement applies to.
        Some(Verdict::Pass | Verdict::Warn) => Verdict::Untested,
        Some(verdict) => verdict,
        None => Verdict::Skipped,
    }
}

/// The result of each category.
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
            let leaves_open = |verdict: Verdict| {
                let mut own = requirements.iter();
                own.any(|one| {
                    one.category == category && one.level == Level::Must && one.verdict == verdict
                })
            };
            // A case that was not run because nothing was pushed, or that violates a requirement of another category, leaves open
            // what no other case has shown.
            let unanswered = |case: &Case| match (&case.stopped, case.verdict) {
                (Some(Stop::Skipped), _) => leaves_open(Verdict::Skipped),
                (_, Verdict::Fail) => leaves_open(Verdict::Blocked),
                (_, verdict) => !verdict.is_answered(),
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

/// Whether the target conforms, over all cases.
pub fn conformance(cases: &[Case], partial: bool) -> Conformance {
    if cases.iter().any(|case| case.verdict == Verdict::Fail) {
        return Conformance::NonConformant;
    }
    if partial || cases.iter().any(|case| !case.verdict.is_answered()) {
        return Conformance::Inconclusive;
    }
    Conformance::Conformant
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Check, attribute};

    const ID: &str = "mount-status";

    /// The verdict of the requirement over one case with these checks of requirements.
    fn over_one(checks: &[(&str, CheckVerdict)], stopped: Option<Stop>) -> Verdict {
        let checks = checks.iter();
        let case = Case {
            checks: checks
                .map(|(id, verdict)| Check::new(*id, Level::Must, *verdict))
                .collect(),
            stopped,
            ..Case::new("mount", "push/mount", Category::Push, "", "")
        };
        let mut cases = [case];
        attribute(&mut cases);
        let [case] = &cases;
        requirement_verdict(ID, &[case])
    }

    #[test]
    fn a_requirement_passes_only_with_a_check_of_it() {
        let pass = CheckVerdict::Pass;
        assert_eq!(over_one(&[(ID, pass)], None), Verdict::Pass);
        assert_eq!(over_one(&[("other", pass)], None), Verdict::Untested);
        assert_eq!(over_one(&[], None), Verdict::Untested);
    }

    #[test]
    fn a_requirement_without_a_check_has_the_reason_of_its_case() {
        let fail = CheckVerdict::Fail;
        assert_eq!(over_one(&[("other", fail)], None), Verdict::Blocked);
        assert_eq!(over_one(&[], Some(Stop::Declined)), Verdict::Unsupported);
        assert_eq!(over_one(&[], Some(Stop::Skipped)), Verdict::Skipped);
    }

    /// The verdict of a category with one case, which violates a requirement of another category, and one requirement.
    fn beside_a_failure(own: Verdict) -> Option<Conformance> {
        let mut case = Case::new("every-location", "everywhere", Category::Everywhere, "", "");
        case.verdict = Verdict::Fail;
        let requirement = |id: &str, category, verdict| RequirementResult {
            id: id.to_owned(),
            level: Level::Must,
            category,
            section: String::new(),
            says: String::new(),
            link: String::new(),
            basis: String::new(),
            why: String::new(),
            verdict,
            cases: vec![case.id.clone()],
        };
        let requirements = [
            requirement("blob-put-location", Category::Push, Verdict::Fail),
            requirement("error-body-shape", Category::Everywhere, own),
        ];
        let categories = categories(std::slice::from_ref(&case), &requirements);
        Some(categories.get(&Category::Everywhere)?.verdict)
    }

    #[test]
    fn a_case_that_violates_a_requirement_of_another_category_leaves_open_what_it_blocks() {
        assert_eq!(
            beside_a_failure(Verdict::Pass),
            Some(Conformance::Conformant)
        );
        assert_eq!(
            beside_a_failure(Verdict::Blocked),
            Some(Conformance::Inconclusive)
        );
    }
}
