//! A planned run, from the check of the target to the record.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::event::Event;
use super::plan::Plan;
use super::schedule::run;
use super::settings::Settings;
use crate::client::{PushDenied, RegistryClient, Unreachable};
use crate::record::Run;
use crate::suite::Suites;

/// A planned run of a target that answers, accepts the login, and permits the pushes that the run needs.
pub struct Session {
    plan: Plan,
    suites: Arc<Suites>,
    target: RegistryClient,
    settings: Settings,
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
        let repositories = [settings.repo.as_str(), settings.repo2.as_str()];
        let pushes = plan.pushes() && !settings.no_push;
        if !pushes {
            target.set_pull_only();
        }
        let reached = target.preflight(&repositories).await;
        reached.map_err(|error| SessionError::Unreachable(Box::new(error)))?;
        // Content that may exist already is looked for first, and then the run may push nothing.
        if pushes && !settings.look_first {
            let permitted = target.may_push(&repositories).await;
            permitted.map_err(|error| SessionError::PushDenied(Box::new(error)))?;
        }
        Ok(Self {
            plan,
            suites,
            target,
            settings,
        })
    }

    /// Runs the plan to its end; until `stop` turns true or the deadline passes, and then reports the finished cases.
    pub async fn run(self, events: UnboundedSender<Event>, stop: watch::Receiver<bool>) -> Run {
        run(
            self.plan,
            self.suites,
            self.target,
            self.settings,
            events,
            stop,
        )
        .await
    }
}
