//! What a script judges.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalogue::{Catalogue, Level, Version};
use crate::record::Case;
use crate::suite::Invariant;

/// What a script judges.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    /// The requirements; none for all that the case tests.
    pub requirements: Option<HashSet<String>>,
    /// The invariant whose expectations it judges, instead of those of the steps.
    pub invariant: Option<Arc<Invariant>>,
}

impl Checks {
    /// The requirements that the case violated in a run; where it violated none, all that it checked.
    pub fn of(case: &Case) -> Self {
        let ids = |broken: bool| -> HashSet<String> {
            let checks = case.checks.iter();
            let checks = checks.filter(|check| check.verdict.is_broken() || !broken);
            checks.map(|check| check.requirement.clone()).collect()
        };
        let sets = [ids(true), ids(false)];
        Self {
            requirements: sets.into_iter().find(|set| !set.is_empty()),
            invariant: None,
        }
    }

    /// The level of a requirement in a version, if the script judges it.
    pub fn level(&self, requirement: &str, catalogue: &Catalogue, spec: Version) -> Option<Level> {
        let level = catalogue.binding_level(requirement, spec)?;
        let chosen = self.requirements.as_ref();
        let chosen = chosen.is_none_or(|chosen| chosen.contains(requirement));
        chosen.then_some(level)
    }
}
