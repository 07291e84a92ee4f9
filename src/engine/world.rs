//! What all cases of a run share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::ending::Ending;
use super::features::FeatureBoard;
use super::fixtures::FixtureBoard;
use super::invariants::InvariantBoard;
use tokio::sync::Semaphore;

use crate::fixture::Seed;
use crate::spec::Version;
use crate::suite::Suites;
use crate::target::Target;

/// How many requests in a row may go unanswered before the target counts as gone.
const PATIENCE: usize = 24;

/// How a run is done.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The version judged against.
    pub spec: Version,
    /// The repository that most of the run uses.
    pub repo: String,
    /// The second repository.
    pub repo2: String,
    /// What names and content are drawn from.
    pub seed: u32,
    /// How long a read is repeated that does not yet show what was written.
    pub settle: Duration,
    /// How many cases run at once.
    pub jobs: usize,
    /// How long the run may take; then what is left is in error.
    pub deadline: Duration,
    /// Whether the target is the bundled registry.
    pub bundled: bool,
    /// Whether nothing is pushed: fixtures have to be there already.
    pub no_push: bool,
}

/// What all cases of a run share.
pub struct World {
    /// The registry under test.
    pub target: Target,
    /// What is run.
    pub suites: Arc<Suites>,
    /// How.
    pub settings: Settings,
    /// Shared fixtures, pushed once.
    pub fixtures: FixtureBoard,
    /// What is known of features.
    pub features: FeatureBoard,
    /// What every answer is held against.
    pub invariants: InvariantBoard,
    /// Whether the run ends before its last case.
    pub ending: Ending,
    /// One place for cases that need much memory: they go one after the other.
    pub heavy: Semaphore,
    unanswered: AtomicUsize,
    again: AtomicUsize,
}

impl World {
    /// The world of one run.
    pub fn new(
        target: Target,
        suites: Arc<Suites>,
        settings: Settings,
        features: FeatureBoard,
    ) -> Self {
        let invariants = InvariantBoard::new(&suites, settings.spec);
        Self {
            target,
            suites,
            settings,
            fixtures: FixtureBoard::default(),
            features,
            invariants,
            ending: Ending::default(),
            heavy: Semaphore::new(1),
            unanswered: AtomicUsize::new(0),
            again: AtomicUsize::new(0),
        }
    }

    /// The run's source of names and bytes.
    pub fn seed(&self) -> Seed {
        Seed::new(self.settings.seed)
    }

    /// Notes that a case, or the push of a fixture, is run again.
    pub fn run_again(&self) {
        self.again.fetch_add(1, Ordering::Relaxed);
    }

    /// What to say in the report about what was run again.
    pub fn note(&self) -> Option<String> {
        let again = self.again.load(Ordering::Relaxed);
        (again > 0).then(|| {
            format!(
                "writes were not answered: {again} times a case or a set-up was run again from its beginning, with content of its own"
            )
        })
    }

    /// Notes whether a request was answered.
    pub fn answered(&self, answered: bool) {
        if answered {
            self.unanswered.store(0, Ordering::Relaxed);
        } else {
            self.unanswered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Whether the target has stopped answering altogether.
    pub fn target_is_gone(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) >= PATIENCE
    }
}
