//! The features that the run found.

use indexmap::IndexMap;

use super::testers::Testers;
use crate::engine::context::RunContext;
use crate::engine::features::ShownFeature;
use crate::record::{Case, Check, CheckVerdict, FeatureState};

/// The state of each feature that a case of the run needs or probes.
pub fn states(context: &RunContext, cases: &[Case]) -> IndexMap<String, FeatureState> {
    let mut states = IndexMap::new();
    for (id, feature) in &context.suites.features {
        let about: Vec<&Case> = cases
            .iter()
            .filter(|case| case.features.iter().any(|known| known == id))
            .collect();
        if !feature.always && !about.is_empty() {
            states.insert(id.clone(), state(id, &about));
        }
    }
    states
}

/// A feature's state by the cases about it.
fn state(feature: &str, about: &[&Case]) -> FeatureState {
    let shown = about.iter().map(|case| shown_by(feature, case)).max();
    shown.unwrap_or(ShownFeature::Nothing).state()
}

/// What a case shows about a feature that it needs or probes. One that reached its end without a request shows nothing.
pub fn shown_by(feature: &str, case: &Case) -> ShownFeature {
    match ShownFeature::by(feature, &case.declined, case.stopped.as_ref()) {
        ShownFeature::Supported if case.exchanges.is_empty() => ShownFeature::Nothing,
        shown => shown,
    }
}

/// A declined feature that a registry should support is a violated SHOULD of the case that found it.
pub fn add_missing_shoulds(context: &RunContext, cases: &mut [Case], testers: &mut Testers) {
    let catalogue = &context.suites.catalogue;
    for (id, feature) in &context.suites.features {
        let Some(requirement) = &feature.should else {
            continue;
        };
        let Some(level) = catalogue.binding_level(requirement, context.settings.spec) else {
            continue;
        };
        let finder = cases
            .iter_mut()
            .find(|case| case.declined.contains(id) && !case.exchanges.is_empty());
        if let Some(case) = finder {
            let status = case.exchanges.last().and_then(|one| one.status);
            testers.add(requirement, &case.id);
            case.checks.push(Check {
                message: format!("the target declines it: {}", feature.title),
                expected: feature.title.clone(),
                actual: status.map_or_else(String::new, |status| format!("status {status}")),
                exchange: case.exchanges.len().checked_sub(1),
                lacks: Some(id.clone()),
                ..Check::new(requirement, level, CheckVerdict::broken(level))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Category;
    use crate::record::{Exchange, Stop};

    /// A case about mounting that got a response, declined these features, and stopped for this reason.
    fn case(declined: &[&str], stopped: Option<Stop>) -> Case {
        let exchange = Exchange {
            method: "POST".to_owned(),
            status: Some(202),
            duration_ms: 1,
            ..Exchange::default()
        };
        Case {
            features: vec!["mount".to_owned()],
            declined: declined.iter().map(|one| (*one).to_owned()).collect(),
            stopped,
            exchanges: vec![exchange],
            ..Case::new("tea", "push/tea", Category::Push, "", "")
        }
    }

    fn found(cases: &[Case]) -> FeatureState {
        state("mount", &cases.iter().collect::<Vec<_>>())
    }

    #[test]
    fn one_case_that_was_declined_outweighs_those_that_were_not() {
        let declined = case(&["mount"], Some(Stop::Declined));
        assert_eq!(found(&[case(&[], None)]), FeatureState::Supported);
        assert_eq!(
            found(&[case(&[], None), declined]),
            FeatureState::Unsupported
        );
        // A branch that declines it goes on to the end of the case.
        assert_eq!(found(&[case(&["mount"], None)]), FeatureState::Unsupported);
    }

    #[test]
    fn a_case_that_declined_something_else_shows_nothing() {
        let other = || case(&["sha512"], None);
        assert_eq!(found(&[other()]), FeatureState::Unknown);
        assert_eq!(found(&[other(), case(&[], None)]), FeatureState::Supported);
    }

    #[test]
    fn a_case_that_stopped_at_another_feature_shows_it_only_where_no_case_supports_it() {
        let other = || case(&["sha512"], Some(Stop::Declined));
        assert_eq!(found(&[other()]), FeatureState::Unsupported);
        assert_eq!(found(&[other(), case(&[], None)]), FeatureState::Supported);
    }

    #[test]
    fn what_failed_on_the_way_or_was_never_asked_tells_nothing() {
        assert_eq!(
            found(&[case(&[], Some(Stop::Broken(0)))]),
            FeatureState::Unknown
        );
        assert_eq!(
            found(&[case(&[], Some(Stop::Error("no answer".to_owned())))]),
            FeatureState::Unknown
        );
        let mut unasked = case(&[], None);
        unasked.exchanges.clear();
        assert_eq!(found(&[unasked]), FeatureState::Unknown);
        assert_eq!(found(&[]), FeatureState::Unknown);
    }
}
