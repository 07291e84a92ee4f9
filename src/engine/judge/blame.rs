//! One cause, one failure.
//!
//! A case borrows procedures (opening an upload, pushing a fixture) whose expectations are tested by cases of
//! their own. Where such an expectation is broken, the failure stays with the case that tests it; if that one
//! passes, it stays with the first that found it. For all others it is what blocks them.

use std::collections::HashMap;

use super::Item;

/// For an item and one of its checks, by position: the item that keeps the failure.
#[derive(Debug, Default)]
pub struct Moved {
    moved: HashMap<(usize, usize), String>,
    /// For a set-up that is broken, by name: the item that keeps the failure.
    set_ups: HashMap<String, String>,
}

impl Moved {
    /// Who keeps the failure of this check; nothing where the item itself does.
    pub fn keeper(&self, item: usize, check: usize) -> Option<&str> {
        self.moved.get(&(item, check)).map(String::as_str)
    }

    /// Who keeps the failure that broke a set-up.
    pub fn behind<'a>(&'a self, set_up: &'a str) -> &'a str {
        self.set_ups.get(set_up).map_or(set_up, String::as_str)
    }
}

/// Finds, for every broken check of a borrowed procedure, who keeps the failure.
pub fn find(items: &[Item]) -> Moved {
    let mut keepers: HashMap<&str, usize> = HashMap::new();
    for (position, item) in items.iter().enumerate() {
        for judged in &item.evidence.checks {
            if judged.borrowed.is_none() && judged.check.verdict.is_broken() {
                let requirement = judged.check.requirement.as_str();
                keepers.entry(requirement).or_insert(position);
            }
        }
    }
    let mut found = Moved::default();
    for (position, item) in items.iter().enumerate() {
        for (index, judged) in item.evidence.checks.iter().enumerate() {
            if judged.borrowed.is_none() || !judged.check.verdict.is_broken() {
                continue;
            }
            let requirement = judged.check.requirement.as_str();
            let keeper = *keepers.entry(requirement).or_insert(position);
            if keeper == position {
                continue;
            }
            if let Some(keeper) = items.get(keeper) {
                found.moved.insert((position, index), keeper.id.clone());
                if item.set_up {
                    found.set_ups.insert(item.id.clone(), keeper.id.clone());
                }
            }
        }
    }
    found
}
