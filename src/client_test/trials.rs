//! The trials of a run: controls, and scenarios.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt, stream};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::asked::{Asked, Setup};
use super::client_environment::ClientEnvironment;
use super::findings_as_cases::{Judging, scenario_case};
use super::format::LoginKind;
use super::judge::succeeds;
use super::scenario::Scenario;
use super::trial::{Trial, trial};
use super::trial_error::TrialError;
use crate::engine::{Event, Reason, emit};
use crate::record::{Case, Stop};
use crate::traffic::Finding;

/// The controls of a run, by what the client was asked for.
pub type Controls = BTreeMap<Asked, Control>;

/// What a control showed.
pub struct Control {
    /// Why scenarios of its kind say nothing about the client; `None` where it went well.
    pub fault: Option<String>,
    pub trial: Option<Trial>,
}

/// A scenario that was tried.
pub struct Made {
    position: usize,
    pub case: Case,
    pub trial: Option<Trial>,
}

/// Controls and scenarios of a run, several at a time.
pub struct Trials<'a> {
    client: &'a ClientEnvironment<'a>,
    folder: &'a Path,
    jobs: usize,
    next: AtomicUsize,
    stop: watch::Receiver<bool>,
}

impl<'a> Trials<'a> {
    pub const fn new(
        client: &'a ClientEnvironment<'a>,
        folder: &'a Path,
        jobs: usize,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self {
            client,
            folder,
            jobs,
            next: AtomicUsize::new(1),
            stop,
        }
    }

    /// Whether the user ended the run.
    pub fn interrupted(&self) -> bool {
        *self.stop.borrow()
    }

    async fn make(&self, setup: &Setup) -> Result<Trial, TrialError> {
        let action = setup.asked.action;
        let Some(said) = self.client.adapter.text.actions.get(&action) else {
            let why = format!("the adapter has no action `{}`", action.name());
            return Err(TrialError::SetUp(why));
        };
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(format!("trial-{number}"));
        std::fs::create_dir_all(&folder)?;
        let made = trial(self.client, setup, said, number, &folder).await;
        // What cannot be removed now goes with the folder of the run.
        let _ = std::fs::remove_dir_all(&folder);
        made
    }

    /// The controls that scenarios need, each once.
    pub async fn controls(&self, scenarios: &[Scenario]) -> Controls {
        let setups = scenarios.iter().map(|scenario| &scenario.setup);
        let possible = setups.filter(|setup| self.missing(setup).is_none());
        let wanted: BTreeSet<Asked> = possible.map(|setup| setup.asked.control()).collect();
        let made = stream::iter(wanted).map(|asked| async move {
            let control = match self.make(&Setup::expected(asked)).await {
                Err(error) => Control {
                    fault: Some(error.to_string()),
                    trial: None,
                },
                Ok(trial) => Control {
                    fault: match succeeds(&trial) {
                        Finding::Violated(evidence) => Some(evidence.actual),
                        Finding::Holds(_) | Finding::NotExercised(_) => None,
                    },
                    trial: Some(trial),
                },
            };
            (asked, control)
        });
        made.buffer_unordered(self.jobs).collect().await
    }

    /// Why the client cannot be asked for this.
    fn missing(&self, setup: &Setup) -> Option<String> {
        let adapter = self.client.adapter;
        let asked = &setup.asked;
        if let Some(why) = adapter.text.without.get(&asked.action) {
            let action = asked.action.name();
            return Some(format!("the client has no action `{action}`: {why}"));
        }
        let said = adapter.text.actions.get(&asked.action);
        let lacks = [
            (
                asked.login != LoginKind::None && !adapter.logs_in,
                "how the client logs in",
            ),
            (
                asked.tls.is_some() && !adapter.trusts,
                "how the client trusts the certificate authority `{ca}`",
            ),
            (
                asked.filtered && said.is_some_and(|said| said.filtered.is_empty()),
                "how the client lists the referrers of one artifact type",
            ),
        ];
        let lack = lacks.iter().find(|(lacks, _)| *lacks);
        lack.map(|(_, what)| format!("the adapter does not say {what}"))
    }

    /// The scenarios, in their order.
    pub async fn scenarios(
        &self,
        scenarios: &[Scenario],
        controls: &Controls,
        judging: &Judging<'_>,
        events: &UnboundedSender<Event>,
    ) -> Vec<Made> {
        let made =
            stream::iter(scenarios.iter().enumerate()).map(|(position, scenario)| async move {
                let id: Arc<str> = scenario.about.id.as_str().into();
                emit(events, Event::CaseStarted { id: id.clone() });
                let (case, trial) = self.scenario(scenario, controls, judging).await;
                let verdict = case.own_verdict();
                emit(
                    events,
                    Event::CaseFinished {
                        id,
                        verdict,
                        reason: reason(&case),
                        duration_ms: case.duration_ms,
                    },
                );
                Made {
                    position,
                    case,
                    trial,
                }
            });
        let mut made: Vec<Made> = made.buffer_unordered(self.jobs).collect().await;
        made.sort_by_key(|one| one.position);
        made
    }

    async fn scenario(
        &self,
        scenario: &Scenario,
        controls: &Controls,
        judging: &Judging<'_>,
    ) -> (Case, Option<Trial>) {
        let mut case = scenario.about.case();
        if self.interrupted() {
            case.stopped = Some(Stop::Skipped);
            return (case, None);
        }
        if let Some(why) = self.missing(&scenario.setup) {
            case.stopped = Some(Stop::Declined);
            case.reason = Some(why);
            return (case, None);
        }
        let control = controls.get(&scenario.setup.asked.control());
        if let Some(fault) = control.and_then(|control| control.fault.as_ref()) {
            let why = format!("the client fails without the scenario, too: {fault}");
            case.reason = Some(why.clone());
            case.stopped = Some(Stop::Error(why));
            return (case, None);
        }
        match self.make(&scenario.setup).await {
            // The same preparation went well with the content of the control.
            Err(error @ TrialError::Prepare { .. }) => {
                case.reason = Some(format!("the client does not take the content: {error}"));
                (case, None)
            }
            Err(error) => {
                case.reason = Some(error.to_string());
                case.stopped = Some(Stop::Error(error.to_string()));
                (case, None)
            }
            Ok(trial) => {
                scenario_case(&mut case, scenario, &trial, judging);
                (case, Some(trial))
            }
        }
    }
}

/// The first violation, or why there is no verdict.
fn reason(case: &Case) -> Option<Reason> {
    if let Some(why) = case.stopped.as_ref().and_then(Stop::reason) {
        return Some(Reason::NoVerdict(why));
    }
    let mut checks = case.checks.iter();
    let broken = checks.find(|check| check.verdict.is_broken())?;
    Some(Reason::Deviates {
        requirement: broken.requirement.clone(),
        message: broken.difference(),
    })
}

/// Why scenarios say nothing about the client.
pub fn control_notes(controls: &Controls) -> Vec<String> {
    let failed = controls.iter().filter_map(|(asked, control)| {
        let fault = control.fault.as_ref()?;
        Some(format!(
            "the control ({}) fails against the bundled registry as it is: {fault}",
            asked.describe()
        ))
    });
    let mut notes: Vec<String> = failed.collect();
    notes.sort();
    notes.dedup();
    notes
}
