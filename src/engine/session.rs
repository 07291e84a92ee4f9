//! A planned run, from the check of the target to the record.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use tokio::sync::watch;

use super::event::{Event, emit};
use super::plan::Plan;
use super::schedule::run_from;
use super::settings::Settings;
use super::start::Start;
use crate::client::{PushDenied, RegistryClient, Unreachable};
use crate::record::{Phase, Run, millis};
use crate::suite::Suites;

/// The pause between two requests to a registry that has not started yet.
const START_PAUSE: Duration = Duration::from_millis(250);

/// How long the first request is waited for before the reader is told.
const START_SILENCE: Duration = Duration::from_secs(2);

/// A planned run of a target that answers, accepts the login, and permits the pushes that the run needs.
pub struct Session {
    start: Start,
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

impl From<Unreachable> for SessionError {
    fn from(error: Unreachable) -> Self {
        Self::Unreachable(Box::new(error))
    }
}

/// Waits for a registry that is still starting, up to `wait`. The `probe` is a client of its own: what it meets is no part
/// of the run.
///
/// # Errors
/// When the time is over: with the last error.
pub async fn wait_until_started(
    probe: &RegistryClient,
    wait: Duration,
    start: &Start,
) -> Result<(), SessionError> {
    let url = probe.shown_url();
    emit(&start.events, Event::Connecting { url: url.clone() });
    let mut last = None;
    let left = || wait.saturating_sub(start.began.elapsed());
    let tell = |reason: &str| {
        let event = Event::WaitingForStart {
            reason: reason.to_owned(),
            // Whole seconds: what is left of `--wait 2m` at its first message is two minutes.
            left_ms: millis(left()).div_ceil(1000) * 1000,
        };
        emit(&start.events, event);
    };
    let silent = || "GET /v2/ has no response".to_owned();
    loop {
        let mut asked = pin!(probe.still_starting());
        let mut answer = tokio::time::timeout(START_SILENCE.min(left()), &mut asked).await;
        if answer.is_err() {
            tell(&last.clone().unwrap_or_else(silent));
            answer = tokio::time::timeout(left(), &mut asked).await;
        }
        let reason = match answer {
            Ok(None) => return Ok(()),
            Ok(Some(reason)) => reason,
            Err(_) => last.unwrap_or_else(silent),
        };
        if left().is_zero() {
            return Err(Unreachable::NotStarted { url, wait, reason }.into());
        }
        tell(&reason);
        last = Some(reason);
        tokio::time::sleep(START_PAUSE.min(left())).await;
    }
}

impl Session {
    /// Checks the target before the first case.
    ///
    /// # Errors
    /// When the target cannot be reached, refuses access, or refuses the pushes that the plan needs; when the deadline
    /// passes meanwhile.
    pub async fn open(
        plan: Plan,
        suites: Arc<Suites>,
        target: RegistryClient,
        settings: Settings,
        start: Start,
    ) -> Result<Self, SessionError> {
        let began = Instant::now();
        let url = target.shown_url();
        emit(&start.events, Event::Connecting { url: url.clone() });
        let pushes = plan.pushes() && !settings.no_push;
        let deadline = settings.deadline;
        let left = deadline.saturating_sub(start.began.elapsed());
        let checked = tokio::time::timeout(left, check(&target, &settings, pushes)).await;
        let late = || Unreachable::Deadline {
            url,
            deadline,
            advice: target.settings().advice.more_time,
        };
        checked.unwrap_or_else(|_| Err(late().into()))?;
        Ok(Self {
            start,
            plan,
            suites,
            target,
            settings,
            preflight: began.elapsed(),
        })
    }

    /// Runs the plan to its end; until `stop` turns true or the deadline passes, and then reports the finished cases.
    pub async fn run(self, stop: watch::Receiver<bool>) -> Run {
        let (start, plan, suites) = (self.start, self.plan, self.suites);
        let mut record = run_from(start, plan, suites, self.target, self.settings, stop).await;
        if let Some(timings) = &mut record.timings {
            let preflight = Phase::new("preflight", millis(self.preflight));
            timings.phases.insert(0, preflight);
        }
        record
    }
}

/// Checks that the target answers, accepts the login, and permits pushes if the run needs them. Without credentials both are
/// asked side by side; with credentials the first response says how to use them.
async fn check(
    target: &RegistryClient,
    settings: &Settings,
    pushes: bool,
) -> Result<(), SessionError> {
    let repositories = [settings.repo.as_str(), settings.repo2.as_str()];
    if !pushes {
        target.set_pull_only();
    }
    let reached = pin!(target.preflight(&repositories));
    let permitted = pin!(async {
        // Content that may exist already is looked for first, and then the run may push nothing.
        match pushes && !settings.look_first {
            true => target.may_push(&repositories).await,
            false => Ok(()),
        }
        .map_err(|error| SessionError::PushDenied(Box::new(error)))
    });
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
