//! The state that all cases of a run share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::SystemTime;

use tokio::sync::Semaphore;
use url::Url;

use super::broken_off::BrokenOff;
use super::cancel::Cancellation;
use super::closed_requests::ClosedRequests;
use super::consistency::ObservedConsistency;
use super::features::FeatureStates;
use super::gateway::GatewayErrors;
use super::invariants::InvariantResults;
use super::lasting_violations::LastingViolations;
use super::ledger::Ledger;
use super::provisioning::Provisioning;
use super::settings::Settings;
use super::shared_fixtures::SharedFixtures;
use super::unanswered::Unanswered;
use crate::client::{RegistryClient, RequestError};
use crate::fixture::Seed;
use crate::record::FeatureState;
use crate::suite::{PUSHING, Suites};

/// How many MiB of content cases that make much of it may hold together. A case that needs more holds all of them.
pub const HEAVY_MIB: u32 = 16;

/// From so many bytes of content on, a case waits until it may hold them.
pub const HEAVY_CONTENT: usize = 1_000_000;

/// The state that all cases of a run share.
pub struct RunContext {
    /// The registry under test.
    pub target: RegistryClient,
    /// The cases, fixtures and requirements.
    pub suites: Arc<Suites>,
    /// How the run is done.
    pub settings: Settings,
    /// Shared fixtures, each pushed once.
    pub fixtures: SharedFixtures,
    /// The features that cases have found out about.
    pub features: FeatureStates,
    /// The results of the invariants, which every response is compared with.
    pub invariants: InvariantResults,
    /// The reads whose body broke off.
    pub broken_off: BrokenOff,
    /// Violations that outlast the retries of a case.
    pub lasting: LastingViolations,
    /// The content that the run pushed.
    pub ledger: Ledger,
    /// Requests that got no response.
    pub unanswered: Unanswered,
    /// Writes that a gateway answered.
    pub gateway: GatewayErrors,
    /// Ends the run before its last case.
    pub cancellation: Cancellation,
    /// A permit for each MiB of the content of cases that make much of it: the others wait.
    pub heavy: Semaphore,
    /// How soon reads show writes.
    pub consistency: ObservedConsistency,
    /// Whether content of the seed existed before the run.
    seed_was_used: AtomicBool,
    /// Nanoseconds since 1970: tells this run from others of the same seed.
    started: u128,
    seed: Seed,
    retries: AtomicUsize,
    /// The kinds of requests whose connection is closed each time.
    pub closed: ClosedRequests,
}

impl RunContext {
    pub fn new(
        target: RegistryClient,
        suites: Arc<Suites>,
        settings: Settings,
        features: FeatureStates,
    ) -> Self {
        let seed = Seed::new(settings.seed);
        let consistency = ObservedConsistency::new(settings.settle);
        let invariants = InvariantResults::new(&suites, settings.spec);
        let unanswered = Unanswered::new(target.settings().timeout);
        Self {
            target,
            suites,
            settings,
            fixtures: SharedFixtures::default(),
            features,
            invariants,
            broken_off: BrokenOff::default(),
            lasting: LastingViolations::default(),
            ledger: Ledger::default(),
            unanswered,
            gateway: GatewayErrors::default(),
            cancellation: Cancellation::default(),
            heavy: Semaphore::new(HEAVY_MIB as usize),
            consistency,
            seed_was_used: AtomicBool::new(false),
            started: SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, |since| since.as_nanos()),
            seed,
            retries: AtomicUsize::new(0),
            closed: ClosedRequests::default(),
        }
    }

    /// The run's source of names and bytes.
    pub fn seed(&self) -> Seed {
        self.seed.clone()
    }

    /// The source of names and bytes of the cases' own content. Where an earlier run left content of the same
    /// seed, cases that expect their content to be absent would find it: they draw from another source.
    pub fn case_seed(&self) -> Seed {
        match self.seed_was_used.load(Ordering::Relaxed) {
            false => self.seed(),
            true => self.seed().of(&format!("afresh-{}", self.started)),
        }
    }

    /// How content is provided: looked for with --no-push, or where the target takes no pushes. Waits until this is known.
    pub async fn provisioning(&self) -> Provisioning {
        if self.settings.no_push {
            return Provisioning::LookFor;
        }
        match self.features.wait(PUSHING).await {
            Some(probed) if probed.state == FeatureState::Unsupported => Provisioning::LookFor,
            _ => Provisioning::Push,
        }
    }

    /// Records that content of the seed existed before the run.
    pub fn mark_seed_used(&self) {
        self.seed_was_used.store(true, Ordering::Relaxed);
    }

    /// Counts a retry of a case, or of the push of a fixture.
    pub fn count_retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes for the report about existing content and retries.
    pub fn notes(&self) -> Vec<String> {
        let used = self.seed_was_used.load(Ordering::Relaxed).then(|| {
            "Content of this seed existed before the run: it was not changed, and the cases used new content".to_owned()
        });
        let retries = match self.retries.load(Ordering::Relaxed) {
            0 => None,
            count => Some(format!(
                "Cases or set-ups were retried {count} times with new content, because a write got no response"
            )),
        };
        let broken_off = self.broken_off.note();
        let late = self.consistency.note();
        let notes = used.into_iter().chain(retries);
        notes.chain(broken_off).chain(late).collect()
    }

    /// Counts a request with or without a response.
    pub fn count_response<T>(&self, url: &Url, response: &Result<T, RequestError>) {
        self.unanswered.count(self.target.base(), url, response);
    }

    /// Whether the target has stopped responding.
    pub fn target_is_gone(&self) -> bool {
        self.unanswered.target_is_gone()
    }
}
