//! What the run found out about features.

use indexmap::IndexMap;

use super::Item;
use crate::engine::evidence::Stop;
use crate::engine::world::World;
use crate::record::{Check, CheckVerdict, FeatureState};
use crate::spec::Level;

/// What is known of each feature that a case of the run has to do with. One case that was declined is enough
/// to say that the target does not have it.
pub fn states(world: &World, items: &[Item]) -> IndexMap<String, FeatureState> {
    let mut states = IndexMap::new();
    for (id, feature) in &world.suites.features {
        let mut about = items
            .iter()
            .filter(|item| item.features.iter().any(|known| known == id))
            .peekable();
        if feature.always || about.peek().is_none() {
            continue;
        }
        let about: Vec<&Item> = about.collect();
        let any = |which: &dyn Fn(&Item) -> bool| about.iter().any(|item| which(item));
        let declined = any(&|item| item.evidence.declined.contains(id));
        let shown =
            any(&|item| item.evidence.stopped.is_none() && !item.evidence.exchanges.is_empty());
        let gone_with_another = any(&|item| item.evidence.stopped == Some(Stop::Declined));
        let state = if declined {
            FeatureState::Unsupported
        } else if shown {
            FeatureState::Supported
        } else if gone_with_another {
            FeatureState::Unsupported
        } else {
            FeatureState::Unknown
        };
        states.insert(id.clone(), state);
    }
    states
}

/// A feature that a registry should have, and declined, is a broken SHOULD of the case that found out.
pub fn add_missing_shoulds(world: &World, items: &mut [Item]) {
    for (id, feature) in &world.suites.features {
        let Some(requirement) = &feature.should else {
            continue;
        };
        let level = world
            .suites
            .catalogue
            .level(requirement, world.settings.spec);
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
                requirement: requirement.clone(),
                level,
                verdict: CheckVerdict::broken(level),
                message: format!("the target declines it: {}", feature.title),
                expected: feature.title.clone(),
                actual: status.map_or_else(String::new, |status| format!("status {status}")),
                exchange,
                borrowed: None,
                lacks: Some(id.clone()),
                answers: None,
            });
        }
    }
}
