//! Features that the user requires of the target, and features that it is declared not to support.

use super::features::shown_by;
use super::testers::Testers;
use crate::catalogue::Level;
use crate::engine::context::RunContext;
use crate::engine::features::ShownFeature;
use crate::engine::settings::Claim;
use crate::record::{
    Case, Check, CheckVerdict, FeatureState, REQUIRED, RequirementResult, Stop, Verdict,
};
use crate::suite::Feature;

/// The name of the requirement that a required feature is reported as.
fn name(feature: &str) -> String {
    format!("{REQUIRED}{feature}")
}

/// A required feature that the target declined is a failure of the case that found it; of a feature that is missing
/// with another one, of the first case that needs it.
pub fn add_required(context: &RunContext, cases: &mut [Case], testers: &mut Testers) {
    for claim in context.settings.claims.iter().filter(|claim| claim.has) {
        let Some(feature) = context.suites.features.get(&claim.feature) else {
            continue;
        };
        if let Some(position) = finder(&feature.id, cases)
            && let Some(case) = cases.get_mut(position)
        {
            let check = check(case, feature, &claim.by);
            testers.add(&check.requirement, &case.id);
            case.checks.push(check);
        }
    }
}

/// The position of the case that keeps the failure of a missing feature.
fn finder(feature: &str, cases: &[Case]) -> Option<usize> {
    let about = |case: &Case| case.features.iter().any(|one| one == feature);
    let declined = |case: &Case| {
        let declined = case.declined.iter().any(|one| one == feature);
        declined && !case.exchanges.is_empty()
    };
    let gone = |case: &Case| {
        about(case) && case.stopped == Some(Stop::Declined) && !case.declined.is_empty()
    };
    let supports = |case: &Case| about(case) && shown_by(feature, case) == ShownFeature::Supported;
    let found = cases.iter().position(declined);
    found.or_else(|| match cases.iter().any(supports) {
        true => None,
        false => cases.iter().position(gone),
    })
}

fn check(case: &Case, feature: &Feature, by: &str) -> Check {
    let status = case.exchanges.last().and_then(|one| one.status);
    Check {
        message: format!(
            "the target declines {}, which is optional in the specification and required here ({by})",
            feature.id
        ),
        expected: format!("a response with support for {}", feature.id),
        actual: status.map_or_else(
            || "declined with another feature".to_owned(),
            |status| format!("status {status}, which declines it"),
        ),
        exchange: case.exchanges.len().checked_sub(1),
        lacks: Some(feature.id.clone()),
        ..Check::new(name(&feature.id), Level::Must, CheckVerdict::Fail)
    }
}

/// The results of required features that are missing, reported after the requirements of the catalogue.
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
            basis: String::new(),
            why: String::new(),
            verdict: Verdict::Fail,
            cases: vec![case.id.clone()],
        });
    }
    results
}

/// Notes about claims that are no failure: a supported feature that is declared as not supported, and a required one that
/// no case showed.
pub fn notes(
    context: &RunContext,
    states: &indexmap::IndexMap<String, FeatureState>,
) -> Vec<String> {
    let note = |claim: &Claim| {
        let state = states.get(&claim.feature).copied();
        let (feature, by) = (&claim.feature, &claim.by);
        match (claim.has, state.unwrap_or(FeatureState::Unknown)) {
            (false, FeatureState::Supported) => Some(format!(
                "{feature}: declared as not supported ({by}), but the target supports it"
            )),
            (true, FeatureState::Unknown) => Some(format!(
                "{feature}: required ({by}), but no case of the run showed whether the target supports it"
            )),
            _ => None,
        }
    };
    context.settings.claims.iter().filter_map(note).collect()
}
