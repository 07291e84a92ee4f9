//! From cases to requirements, categories and the run.

use std::collections::{BTreeMap, HashMap};

use super::is_answered;
use crate::engine::world::World;
use crate::record::{
    Case, CategoryResult, CheckVerdict, Conformance, Counts, RequirementResult, Verdict,
};
use crate::spec::{Category, Level};

/// What each requirement that a case of the run tests comes to.
pub fn requirements(
    world: &World,
    cases: &[Case],
    tested: &HashMap<String, Vec<String>>,
) -> Vec<RequirementResult> {
    let by_id: HashMap<&str, &Case> = cases.iter().map(|case| (case.id.as_str(), case)).collect();
    let mut checked: HashMap<&str, Vec<&Case>> = HashMap::new();
    for case in cases {
        for check in &case.checks {
            let of = checked.entry(check.requirement.as_str()).or_default();
            if !of.iter().any(|known| known.id == case.id) {
                of.push(case);
            }
        }
    }
    let spec = world.settings.spec;
    let mut results = Vec::new();
    for requirement in world.suites.catalogue.iter() {
        let level = world.suites.catalogue.level(&requirement.id, spec);
        let Some(level) = level.filter(|level| *level != Level::May) else {
            continue;
        };
        let mut testers: Vec<&Case> = tested
            .get(&requirement.id)
            .into_iter()
            .flatten()
            .filter_map(|id| by_id.get(id.as_str()).copied())
            .collect();
        for case in checked.get(requirement.id.as_str()).into_iter().flatten() {
            if !testers.iter().any(|known| known.id == case.id) {
                testers.push(case);
            }
        }
        if testers.is_empty() {
            continue;
        }
        let section = requirement.section(spec).to_owned();
        results.push(RequirementResult {
            id: requirement.id.clone(),
            level,
            category: requirement.category,
            says: requirement.says.clone(),
            link: requirement.link(spec),
            section,
            verdict: requirement_verdict(&requirement.id, &testers),
            cases: testers.iter().map(|case| case.id.clone()).collect(),
        });
    }
    results
}

fn requirement_verdict(id: &str, testers: &[&Case]) -> Verdict {
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
    ];
    let reason = kept_from
        .into_iter()
        .find(|verdict| testers.iter().any(|case| case.verdict == *verdict));
    match reason {
        // The case failed before it came to this requirement.
        Some(Verdict::Fail) => Verdict::Blocked,
        // It was never asked, because it depends on what the registry does not do.
        Some(Verdict::Pass | Verdict::Warn) => Verdict::Pass,
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
            let unsure = of()
                .any(|case| !is_answered(case.verdict) || case.verdict == Verdict::Fail)
                || of().next().is_none();
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
    if partial || cases.iter().any(|case| !is_answered(case.verdict)) {
        return Conformance::Inconclusive;
    }
    Conformance::Conformant
}
