//! Which cases test which requirements of the catalogue, and the verdicts of those.

use std::collections::HashMap;

use crate::engine::context::RunContext;
use crate::record::{Case, RequirementResult};

/// For each requirement, the cases that test it, in order.
#[derive(Debug, Default)]
pub struct Testers(HashMap<String, Vec<String>>);

impl Testers {
    pub fn add(&mut self, requirement: &str, case: &str) {
        let cases = self.0.entry(requirement.to_owned()).or_default();
        if !cases.iter().any(|known| known == case) {
            cases.push(case.to_owned());
        }
    }

    /// The verdict of each requirement that a case of the run tests.
    pub fn results(&self, context: &RunContext, cases: &[Case]) -> Vec<RequirementResult> {
        let by_id: HashMap<&str, &Case> =
            cases.iter().map(|case| (case.id.as_str(), case)).collect();
        let checked = checked(cases);
        let spec = context.settings.spec;
        let mut results = Vec::new();
        for requirement in context.suites.catalogue.iter() {
            let catalogue = &context.suites.catalogue;
            let Some(level) = catalogue.binding_level(&requirement.id, spec) else {
                continue;
            };
            let named = self.0.get(&requirement.id).into_iter().flatten();
            let mut testers: Vec<&Case> = named
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
            results.push(RequirementResult::of(requirement, level, spec, &testers));
        }
        results
    }
}

/// For each requirement, the cases with a check of it, in order.
fn checked(cases: &[Case]) -> HashMap<&str, Vec<&Case>> {
    let mut checked: HashMap<&str, Vec<&Case>> = HashMap::new();
    for case in cases {
        for check in &case.checks {
            let of = checked.entry(check.requirement.as_str()).or_default();
            if !of.iter().any(|known| known.id == case.id) {
                of.push(case);
            }
        }
    }
    checked
}
