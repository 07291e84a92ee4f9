//! The shared fixtures of a run: which there are, and how each was provided.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use tokio::sync::OnceCell;

use super::evidence::{Evidence, Stop};
use super::provisioning::Provisioning;
use crate::fixture::{Algorithm, Fixtures, Made, Seed, make};
use crate::template::Value;

/// Identifies one push of a fixture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FixtureKey {
    pub fixture: String,
    /// The digest algorithm.
    pub algorithm: String,
    pub repo: String,
}

impl FixtureKey {
    /// The name of the set-up: `set-up-small-image`, with the algorithm and repository where they are unusual.
    pub fn id(&self, main_repository: &str) -> String {
        let mut id = format!("set-up-{}", self.fixture);
        if self.algorithm != "sha256" {
            id = format!("{id}/{}", self.algorithm);
        }
        if self.repo != main_repository {
            id.push_str("/repo2");
        }
        id
    }

    /// The content.
    ///
    /// # Errors
    /// When the fixture or the algorithm does not exist, or a reference in the fixture's text cannot be resolved.
    pub fn make(
        &self,
        fixtures: &Fixtures,
        seed: &Seed,
        main_repository: &str,
    ) -> Result<Made, String> {
        let algorithm = self.algorithm.parse::<Algorithm>();
        let algorithm = algorithm.map_err(|error| error.to_string())?;
        let seed = seed.of(&self.id(main_repository));
        make(fixtures, &self.fixture, &seed, algorithm).map_err(|error| error.to_string())
    }
}

/// A fixture that was pushed or found, or could not be.
#[derive(Debug)]
pub struct FixtureSetup {
    /// The set-up's name.
    pub id: String,
    pub fixture: String,
    /// The content.
    pub value: Value,
    /// How it was provided.
    pub provisioning: Provisioning,
    /// How the push, or the search, went.
    pub evidence: Evidence,
    /// When it was over.
    pub at: Instant,
}

/// A fixture, once it is provided.
pub type FixtureCell = Arc<OnceCell<Arc<FixtureSetup>>>;

/// The shared fixtures of a run.
#[derive(Debug, Default)]
pub struct SharedFixtures {
    cells: Mutex<HashMap<FixtureKey, FixtureCell>>,
}

impl SharedFixtures {
    /// The place of a fixture: the first case that needs it fills it.
    pub fn cell(&self, key: &FixtureKey) -> FixtureCell {
        self.cells().entry(key.clone()).or_default().clone()
    }

    /// Every fixture that was pushed, tried or found, by the names of the set-ups.
    pub fn all(&self) -> Vec<Arc<FixtureSetup>> {
        let mut all: Vec<Arc<FixtureSetup>> = self
            .cells()
            .values()
            .filter_map(|cell| cell.get().cloned())
            .filter(|setup| setup.evidence.stopped != Some(Stop::Skipped))
            .collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }

    fn cells(&self) -> MutexGuard<'_, HashMap<FixtureKey, FixtureCell>> {
        match self.cells.lock() {
            Ok(cells) => cells,
            // Each change is one call: nothing is left half done.
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}
