//! How many cases the record of a run will have, before it runs.

use std::collections::HashSet;

use super::context::RunContext;
use super::plan::{Instance, Plan};
use super::provision::{Source, scope_of, source};
use super::shared_fixtures::FixtureKey;

/// The cases of the plan, the set-ups that they need, and the invariants. A set-up that only cases without a verdict of
/// their own need, because the target declines a feature, is not made.
pub fn expected_cases(context: &RunContext, plan: &Plan) -> usize {
    let invariants = match plan.invariants {
        true => context.invariants.observed().len(),
        false => 0,
    };
    let set_ups: HashSet<FixtureKey> = plan
        .chosen
        .iter()
        .flat_map(|instance| shared(context, instance))
        .collect();
    let cases = plan.chosen.len().saturating_add(invariants);
    cases.saturating_add(set_ups.len())
}

/// The shared fixtures that a case is given.
fn shared(context: &RunContext, instance: &Instance) -> Vec<FixtureKey> {
    let settings = &context.settings;
    let repos = [settings.repo.as_str(), &settings.repo2];
    let seed = context.seed();
    let mut scope = scope_of(&context.suites, instance, &seed, repos);
    let given = instance.case.given.values().filter(|given| !given.own);
    given
        .filter_map(
            |given| match source(&context.suites, given, &seed, &mut scope) {
                Ok(Source::Shared(key)) => Some(key),
                Ok(Source::Own(..)) | Err(_) => None,
            },
        )
        .collect()
}
