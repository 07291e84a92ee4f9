//! The requirements of the catalogue that cases of the run test.

use std::collections::HashMap;

use crate::catalogue::Level;
use crate::engine::context::RunContext;
use crate::record::{Case, RequirementResult, requirement_verdict};

/// What each requirement that a case of the run tests comes to.
pub fn requirements(
    context: &RunContext,
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
    let spec = context.settings.spec;
    let mut results = Vec::new();
    for requirement in context.suites.catalogue.iter() {
        let level = context.suites.catalogue.level(&requirement.id, spec);
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
