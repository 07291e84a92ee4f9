//! What all cases of a run share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use super::cancel::Cancellation;
use super::features::FeatureStates;
use super::fixtures::SharedFixtures;
use super::invariants::InvariantResults;
use super::ledger::Ledger;
use tokio::sync::Semaphore;

use crate::catalogue::Version;
use crate::client::{AccessError, RegistryClient, RequestError};
use crate::fixture::Seed;
use crate::record::FeatureState;
use crate::suite::{PUSHING, SuiteVersion, Suites};

/// How many requests in a row may go unanswered before the target counts as gone.
const PATIENCE: usize = 24;

/// What is claimed of one of the target's features.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The feature.
    pub feature: String,
    /// Whether the target must have it; otherwise it is said to leave it out.
    pub has: bool,
    /// Who claims it: what was typed, or the table of a file.
    pub by: String,
}

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
    /// Whether what the run would push may be there already, because the seed was chosen: it is looked for
    /// first.
    pub look_first: bool,
    /// What becomes of what the run pushed.
    pub leftovers: Leftovers,
    /// Whether the target is the bundled registry.
    pub bundled: bool,
    /// Whether nothing is pushed: fixtures have to be there already.
    pub no_push: bool,
    /// Tags of the first repository whose content stands for fixtures, where nothing is pushed.
    pub existing: Vec<String>,
    /// What is claimed of the target's features.
    pub claims: Vec<Claim>,
    /// The version of the suites whose cases count; all of them where none is named.
    pub as_of: Option<SuiteVersion>,
}

/// What becomes of what a run pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftovers {
    /// It is deleted at the end.
    Delete,
    /// It stays, and the record names it.
    Keep,
    /// It goes with the target, which was started for the run.
    Vanish,
}

/// What all cases of a run share.
pub struct RunContext {
    /// The registry under test.
    pub target: RegistryClient,
    /// What is run.
    pub suites: Arc<Suites>,
    /// How.
    pub settings: Settings,
    /// Shared fixtures, pushed once.
    pub fixtures: SharedFixtures,
    /// What is known of features.
    pub features: FeatureStates,
    /// What every answer is held against.
    pub invariants: InvariantResults,
    /// What the run pushed.
    pub ledger: Ledger,
    /// Whether the run ends before its last case.
    pub cancellation: Cancellation,
    /// One place for cases that need much memory: they go one after the other.
    pub heavy: Semaphore,
    /// Whether content of the seed was there before the run.
    seed_was_used: AtomicBool,
    /// Told from any other run of the same seed.
    started: u128,
    seed: Seed,
    unanswered: AtomicUsize,
    again: AtomicUsize,
}

impl RunContext {
    /// The world of one run.
    pub fn new(
        target: RegistryClient,
        suites: Arc<Suites>,
        settings: Settings,
        features: FeatureStates,
    ) -> Self {
        let seed = Seed::new(settings.seed);
        let invariants = InvariantResults::new(&suites, settings.spec);
        Self {
            target,
            suites,
            settings,
            fixtures: SharedFixtures::default(),
            features,
            invariants,
            ledger: Ledger::default(),
            cancellation: Cancellation::default(),
            heavy: Semaphore::new(1),
            seed_was_used: AtomicBool::new(false),
            started: SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| since.as_nanos()),
            seed,
            unanswered: AtomicUsize::new(0),
            again: AtomicUsize::new(0),
        }
    }

    /// The run's source of names and bytes.
    pub fn seed(&self) -> Seed {
        self.seed.clone()
    }

    /// The source of names and bytes of the cases' own content. Where an earlier run left content of the same
    /// seed, the cases that look for what must not be there yet would find it: they draw from another.
    pub fn case_seed(&self) -> Seed {
        match self.seed_was_used.load(Ordering::Relaxed) {
            false => self.seed(),
            true => self.seed().of(&format!("afresh-{}", self.started)),
        }
    }

    /// Whether content is looked for and not pushed: the user wants no pushes, or the target takes none. Waits until
    /// that is known.
    pub async fn looks_for_content(&self) -> bool {
        self.settings.no_push
            || matches!(
                self.features.wait(PUSHING).await,
                Some((FeatureState::Unsupported, _))
            )
    }

    /// Notes that content of the seed was there before the run.
    pub fn seed_is_used(&self) {
        self.seed_was_used.store(true, Ordering::Relaxed);
    }

    /// Notes that a case, or the push of a fixture, is run again.
    pub fn run_again(&self) {
        self.again.fetch_add(1, Ordering::Relaxed);
    }

    /// What to say in the report about what was run again.
    pub fn notes(&self) -> Vec<String> {
        let used = self.seed_was_used.load(Ordering::Relaxed).then(|| {
            "content of this seed was there before the run: it is left as it is, and the cases drew their own content afresh".to_owned()
        });
        used.into_iter().chain(self.note()).collect()
    }

    fn note(&self) -> Option<String> {
        let again = self.again.load(Ordering::Relaxed);
        (again > 0).then(|| {
            format!(
                "writes were not answered: {again} times a case or a set-up was run again from its beginning, with content of its own"
            )
        })
    }

    /// Notes whether a request was answered. That nobody is let in is known at once, and no silence.
    pub fn answered<T>(&self, answer: &Result<T, RequestError>) {
        match answer {
            Ok(_) => self.unanswered.store(0, Ordering::Relaxed),
            Err(RequestError::Access(
                AccessError::Refused { .. }
                | AccessError::Revoked { .. }
                | AccessError::PermissionRevoked { .. },
            )) => {}
            Err(_) => {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Whether the target has stopped answering altogether.
    pub fn target_is_gone(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) >= PATIENCE
    }
}
