//! Features that the user requires of the target, and features that it is said to leave out.

use super::Item;
use crate::catalogue::Level;
use crate::engine::context::RunContext;
use crate::engine::evidence::Stop;
use crate::record::{
    Case, Check, CheckVerdict, FeatureState, REQUIRED, RequirementResult, Verdict,
};
use crate::suite::Feature;

/// The name under which a required feature is reported beside the requirements of the catalogue.
fn name(feature: &str) -> String {
    format!("{REQUIRED}{feature}")
}

/// A feature that is required and that the target declined is a failure of the case that found out; of one that
/// went with another feature, of the first case that needs it.
pub fn add_required(context: &RunContext, items: &mut [Item]) {
    for claim in context.settings.claims.iter().filter(|claim| claim.has) {
        let Some(feature) = context.suites.features.get(&claim.feature) else {
            continue;
        };
        if let Some(position) = finder(&feature.id, items)
            && let Some(item) = items.get_mut(position)
        {
            let check = check(item, feature, &claim.by);
            item.requirements.push(check.requirement.clone());
            item.evidence.checks.push(check);
        }
    }
}

fn finder(feature: &str, items: &[Item]) -> Option<usize> {
    let heard = |item: &Item| {
        let declined = item.evidence.declined.iter().any(|one| one == feature);
        declined && !item.evidence.exchanges.is_empty()
    };
    let gone = |item: &Item| {
        let about = item.features.iter().any(|one| one == feature);
        let gone = item.evidence.stopped == Some(Stop::Declined);
        about && gone && !item.evidence.declined.is_empty()
    };
    let shows = |item: &Item| {
        let about = item.features.iter().any(|one| one == feature);
        about && super::features::shows_all(item)
    };
    let found = items.iter().position(heard);
    found.or_else(|| match items.iter().any(shows) {
        true => None,
        false => items.iter().position(gone),
    })
}

fn check(item: &Item, feature: &Feature, by: &str) -> Check {
    let last = item.evidence.exchanges.last();
    let status = last.and_then(|one| one.status);
    Check {
        message: format!(
            "the target declines {}, which is required of it ({by}): the specification lets it leave that out",
            feature.id
        ),
        expected: feature.title.clone(),
        actual: status.map_or_else(
            || "it is left out with another feature".to_owned(),
            |status| format!("status {status}"),
        ),
        exchange: item.evidence.exchanges.len().checked_sub(1),
        lacks: Some(feature.id.clone()),
        ..Check::new(name(&feature.id), Level::Must, CheckVerdict::Fail)
    }
}

/// What the required features come to, beside the requirements of the catalogue.
pub fn results(context: &RunContext, cases: &[Case]) -> Vec<RequirementResult> {
    let required = context.settings.claims.iter().filter(|claim| claim.has);
    let mut results: Vec<RequirementResult> = Vec::new();
    for claim in required {
        let id = name(&claim.feature);
        let failed = cases
            .iter()
            .find(|case| case.checks.iter().any(|check| check.requirement == id));
        let (Some(case), Some(feature)) = (failed, context.suites.features.get(&claim.feature))
        else {
            continue;
        };
        if results.iter().any(|known| known.id == id) {
            continue;
        }
        results.push(RequirementResult {
            id,
            level: Level::Must,
            category: case.category,
            section: feature.section.clone(),
            says: format!("{}: required by the user ({}).", feature.title, claim.by),
            link: context.settings.spec.link(&feature.section),
            verdict: Verdict::Fail,
            cases: vec![case.id.clone()],
        });
    }
    results
}

/// What the user should know of claims that are no failure: a feature that was found though it is said to be left
/// out, and one that is required and that nothing of the run tells of.
pub fn notes(
    context: &RunContext,
    states: &indexmap::IndexMap<String, FeatureState>,
) -> Vec<String> {
    let note = |claim: &crate::engine::Claim| {
        let state = states.get(&claim.feature).copied();
        let (feature, by) = (&claim.feature, &claim.by);
        match (claim.has, state.unwrap_or(FeatureState::Unknown)) {
            (false, FeatureState::Supported) => Some(format!(
                "{feature} is said to be left out ({by}), and the target has it"
            )),
            (true, FeatureState::Unknown) => Some(format!(
                "{feature} is required ({by}), and nothing of the run tells whether the target has it"
            )),
            _ => None,
        }
    };
    context.settings.claims.iter().filter_map(note).collect()
}
