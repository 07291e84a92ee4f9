//! A planned run, from the check of the target to the record.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::event::Event;
use super::plan::Plan;
use super::schedule::run;
use super::settings::Settings;
use crate::client::{PushDenied, RegistryClient, Unreachable};
use crate::record::{Phase, Run, millis};
use crate::suite::Suites;

/// A planned run of a target that answers, accepts the login, and permits the pushes that the run needs.
pub struct Session {
    plan: Plan,
    suites: Arc<Suites>,
    target: RegistryClient,
    settings: Settings,
    /// How long the checks took.
    preflight: Duration,
}

/// Why a run ends before its first case.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The target does not answer, or refuses the login.
    #[error(transparent)]
    Unreachable(Box<Unreachable>),
    /// The login does not permit pushing to the repositories.
    #[error(transparent)]
    PushDenied(Box<PushDenied>),
}

impl Session {
    /// Checks the target before the first case.
    ///
    /// # Errors
    /// When the target cannot be reached, refuses access, or refuses the pushes that the plan needs.
    pub async fn open(
        plan: Plan,
        suites: Arc<Suites>,
        target: RegistryClient,
        settings: Settings,
    ) -> Result<Self, SessionError> {
        let began = Instant::now();
        let repositories = [settings.repo.as_str(), settings.repo2.as_str()];
        let pushes = plan.pushes() && !settings.no_push;
        if !pushes {
            target.set_pull_only();
        }
        check(&target, &repositories, pushes && !settings.look_first).await?;
        Ok(Self {
            plan,
            suites,
            target,
            settings,
            preflight: began.elapsed(),
        })
    }

    /// Runs the plan to its end; until `stop` turns true or the deadline passes, and then reports the finished cases.
    pub async fn run(self, events: UnboundedSender<Event>, stop: watch::Receiver<bool>) -> Run {
        let (plan, suites, target) = (self.plan, self.suites, self.target);
        let mut record = run(plan, suites, target, self.settings, events, stop).await;
        if let Some(timings) = &mut record.timings {
            let preflight = Phase::new("preflight", millis(self.preflight));
            timings.phases.insert(0, preflight);
        }
        record
    }
}

/// Checks that the target answers and, unless content that may exist already is looked for first, that it permits pushes.
/// Without credentials both are asked side by side; with credentials the first response says how to use them.
async fn check(
    target: &RegistryClient,
    repositories: &[&str; 2],
    pushes: bool,
) -> Result<(), SessionError> {
    let reached = async {
        let reached = target.preflight(repositories).await;
        reached.map_err(|error| SessionError::Unreachable(Box::new(error)))
    };
    let permitted = async {
        match pushes {
            true => target.may_push(repositories).await,
            false => Ok(()),
        }
        .map_err(|error| SessionError::PushDenied(Box::new(error)))
    };
    let (reached, permitted) = (pin!(reached), pin!(permitted));
    if target.has_credentials() {
        reached.await?;
        return permitted.await;
    }
    match select(reached, permitted).await {
        Either::Left((reached, permitted)) => {
            reached?;
            permitted.await
        }
        Either::Right((permitted, reached)) => {
            reached.await?;
            permitted
        }
    }
}
