//! What the run found out about features.

use indexmap::IndexMap;

use super::Item;
use crate::catalogue::Level;
use crate::engine::context::RunContext;
use crate::record::{Check, CheckVerdict, FeatureState};
use crate::suite::PUSHING;

/// What is known of each feature that a case of the run has to do with.
pub fn states(context: &RunContext, items: &[Item]) -> IndexMap<String, FeatureState> {
    let mut states = IndexMap::new();
    for (id, feature) in &context.suites.features {
        let about: Vec<&Item> = items
            .iter()
            .filter(|item| item.features.iter().any(|known| known == id))
            .collect();
        if !feature.always && !about.is_empty() {
            states.insert(id.clone(), state(id, &about));
        }
    }
    states
}

/// What the cases about a feature say of it. One that was declined is enough to say that the target does not have
/// it; one that came to its end, with nothing declined on the way, shows that it does.
fn state(feature: &str, about: &[&Item]) -> FeatureState {
    let any = |which: &dyn Fn(&Item) -> bool| about.iter().any(|item| which(item));
    let declined = |item: &Item| item.evidence.declined.iter().any(|one| one == feature);
    // Where nothing is pushed, what only a push would show may be there all the same.
    let gone_with_another =
        |item: &Item| item.evidence.declined.iter().any(|other| other != PUSHING);
    if any(&declined) {
        FeatureState::Unsupported
    } else if any(&shows_all) {
        FeatureState::Supported
    } else if any(&gone_with_another) {
        FeatureState::Unsupported
    } else {
        FeatureState::Unknown
    }
}

/// Whether a case shows that the target has all the features that it is about.
pub fn shows_all(item: &Item) -> bool {
    let evidence = &item.evidence;
    evidence.stopped.is_none() && evidence.declined.is_empty() && !evidence.exchanges.is_empty()
}

/// A feature that a registry should have, and declined, is a broken SHOULD of the case that found out.
pub fn add_missing_shoulds(context: &RunContext, items: &mut [Item]) {
    for (id, feature) in &context.suites.features {
        let Some(requirement) = &feature.should else {
            continue;
        };
        let level = context
            .suites
            .catalogue
            .level(requirement, context.settings.spec);
        let Some(level) = level.filter(|level| *level != Level::May) else {
            continue;
        };
        let finder = items.iter_mut().find(|item| {
            item.evidence.declined.contains(id) && !item.evidence.exchanges.is_empty()
        });
        if let Some(item) = finder {
            let exchange = item.evidence.exchanges.len().checked_sub(1);
            let status = item.evidence.exchanges.last().and_then(|one| one.status);
            item.requirements.push(requirement.clone());
            item.evidence.checks.push(Check {
                message: format!("the target declines it: {}", feature.title),
                expected: feature.title.clone(),
                actual: status.map_or_else(String::new, |status| format!("status {status}")),
                exchange,
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
    use crate::engine::evidence::{Evidence, Stop};
    use crate::record::Exchange;

    /// A case about mounting, which was answered, declined these, and stopped for this.
    fn item(declined: &[&str], stopped: Option<Stop>) -> Item {
        let exchange = Exchange {
            method: "POST".to_owned(),
            status: Some(202),
            duration_ms: 1,
            ..Exchange::default()
        };
        Item {
            id: "tea".to_owned(),
            suite: "push/tea".to_owned(),
            category: Category::Push,
            title: String::new(),
            section: String::new(),
            features: vec!["mount".to_owned()],
            requirements: Vec::new(),
            set_up: false,
            canonical: false,
            effective_since: None,
            evidence: Evidence {
                declined: declined.iter().map(|one| (*one).to_owned()).collect(),
                stopped,
                exchanges: vec![exchange],
                ..Evidence::default()
            },
        }
    }

    fn said(items: &[Item]) -> FeatureState {
        state("mount", &items.iter().collect::<Vec<_>>())
    }

    #[test]
    fn one_case_that_was_declined_outweighs_those_that_were_not() {
        let declined = item(&["mount"], Some(Stop::Declined));
        assert_eq!(said(&[item(&[], None)]), FeatureState::Supported);
        assert_eq!(
            said(&[item(&[], None), declined]),
            FeatureState::Unsupported
        );
        // A branch that declines it goes on to the end of the case.
        assert_eq!(said(&[item(&["mount"], None)]), FeatureState::Unsupported);
    }

    #[test]
    fn a_case_that_declined_something_else_shows_nothing() {
        let other = || item(&["sha512"], None);
        assert_eq!(said(&[other()]), FeatureState::Unsupported);
        assert_eq!(said(&[other(), item(&[], None)]), FeatureState::Supported);
    }

    #[test]
    fn what_failed_on_the_way_or_was_never_asked_tells_nothing() {
        assert_eq!(
            said(&[item(&[], Some(Stop::Broken(0)))]),
            FeatureState::Unknown
        );
        assert_eq!(
            said(&[item(&[], Some(Stop::Error("no answer".to_owned())))]),
            FeatureState::Unknown
        );
        let mut unasked = item(&[], None);
        unasked.evidence.exchanges.clear();
        assert_eq!(said(&[unasked]), FeatureState::Unknown);
        assert_eq!(said(&[]), FeatureState::Unknown);
    }
}
