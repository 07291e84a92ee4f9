//! The names that entries can have: what is misspelt is told from what a run leaves out.

use std::collections::BTreeSet;

use crate::data::did_you_mean;
use crate::record::{REQUIRED, SET_UP};

/// The cases and the requirements that there are.
#[derive(Debug, Clone, Default)]
pub struct KnownNames {
    /// The ids of cases, without their values, and of invariants.
    pub cases: BTreeSet<String>,
    pub requirements: BTreeSet<String>,
}

impl KnownNames {
    /// Whether an entry may have this id.
    pub(super) fn has(&self, id: &str) -> bool {
        let case = id.split('/').next().unwrap_or_default();
        self.cases.contains(case) || self.has_requirement(id) || case.starts_with(SET_UP)
    }

    /// Requirements that a user makes of features (`--require`) are not in the catalogue.
    pub(super) fn has_requirement(&self, id: &str) -> bool {
        self.requirements.contains(id) || id.starts_with(REQUIRED)
    }

    /// The question for a misspelt requirement; empty where none is similar.
    pub(super) fn meant(&self, requirement: &str) -> String {
        let known = self.requirements.iter().map(String::as_str);
        did_you_mean(requirement, known).map_or_else(String::new, |hint| format!(": {hint}"))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.cases
            .iter()
            .chain(&self.requirements)
            .map(String::as_str)
    }
}
