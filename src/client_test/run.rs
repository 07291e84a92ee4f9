//! A whole run: controls, scenarios, and what is observed in all of them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use time::OffsetDateTime;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::adapter::LoadedAdapter;
use super::cases::{Judging, observed_case, scenario_case};
use super::daemon::{StartedClient, version};
use super::format::{Action, ContentKind, LoginKind};
use super::judge::succeeds;
use super::record_run::{FinishedRun, record_run};
use super::run_error::RunError;
use super::scenario::{Scenario, Setup};
use super::switchboard::Switchboard;
use super::trial::{Bench, Trial, TrialError, trial};
use crate::catalogue::{Catalogue, Party, Version};
use crate::engine::{Event, Reason, emit};
use crate::record::{self, Case, Run, Stop, Target};
use crate::traffic::{Finding, Observed};

/// How a client is tested.
#[derive(Debug, Clone)]
pub struct Settings {
    pub spec: Version,
    /// How long each command of the client may run.
    pub limit: Duration,
    /// How many trials run at the same time.
    pub jobs: usize,
    /// PATH of the client.
    pub path: String,
    /// Whether the user left scenarios out.
    pub partial: bool,
}

/// What a trial of a kind was made for.
type ControlKey = (Action, ContentKind, bool, LoginKind);

/// Tests a client with the scenarios.
///
/// # Errors
/// When the client or its daemon cannot be started.
pub async fn run(
    adapter: &LoadedAdapter,
    scenarios: &[Scenario],
    observed: &[Observed],
    catalogue: &Catalogue,
    settings: &Settings,
    events: UnboundedSender<Event>,
    stop: watch::Receiver<bool>,
) -> Result<Run, RunError> {
    let clock = (Instant::now(), OffsetDateTime::now_utc());
    // Some clients take no capital letters in a path.
    let name = format!("assay-{}", hex::encode(rand::random::<[u8; 6]>()));
    let folder = tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(0)
        .tempdir()?;
    let switchboard = Switchboard::start().await?;
    let service = folder.path().join("service");
    std::fs::create_dir_all(&service)?;
    let bench = Bench {
        adapter,
        switchboard: &switchboard,
        service: &service,
        path: &settings.path,
        limit: settings.limit,
    };
    let found = version(&bench, folder.path()).await?;
    let client = StartedClient::start(&bench).await?;
    let target = Target {
        url: format!("{} {}", adapter.text.name, found.version),
        repo: "trial".to_owned(),
        repo2: "trial".to_owned(),
        bundled: false,
        party: Party::Client,
    };
    emit(
        &events,
        Event::Started {
            cases: scenarios.len(),
            target: target.clone(),
            spec: settings.spec,
            seed: 0,
        },
    );
    let trials = Trials {
        bench: &bench,
        folder: folder.path(),
        next: AtomicUsize::new(1),
        stop,
    };
    let judging = Judging {
        catalogue,
        spec: settings.spec,
    };
    let controls = trials.controls(scenarios, settings.jobs).await;
    let mut made = trials
        .scenarios(scenarios, &controls, settings.jobs, &judging, &events)
        .await;
    let interrupted = *trials.stop.borrow();
    client.stop().await;
    switchboard.stop().await;
    made.sort_by_key(|(position, ..)| *position);
    let (cases, requests) = cases(&made, &controls, observed, &judging);
    emit(
        &events,
        Event::Finished {
            cases: cases.len(),
            requests,
        },
    );
    let mut notes = found.notes;
    notes.extend(control_notes(&controls));
    Ok(record_run(FinishedRun {
        adapter,
        scenarios,
        observed,
        catalogue,
        spec: settings.spec,
        partial: settings.partial,
        interrupted,
        target,
        notes,
        cases,
        requests,
        clock,
    }))
}

/// The cases of scenarios, and of what is observed in all trials; and how many requests the client sent.
fn cases(
    made: &[(usize, Case, Option<Trial>)],
    controls: &HashMap<ControlKey, Control>,
    observed: &[Observed],
    judging: &Judging<'_>,
) -> (Vec<Case>, u64) {
    let controls = controls.values();
    let mut kept: Vec<(String, &Trial)> = controls
        .filter_map(|control| Some(("control".to_owned(), control.trial.as_ref()?)))
        .collect();
    let mut cases = Vec::new();
    for (_, case, trial) in made {
        kept.extend(trial.iter().map(|trial| (case.id.clone(), trial)));
        cases.push(case.clone());
    }
    let observed = observed.iter();
    cases.extend(observed.map(|one| observed_case(one, &kept, judging)));
    let requests = kept.iter().map(|(_, trial)| trial.seen.len() as u64).sum();
    (cases, requests)
}

/// What a control showed.
struct Control {
    /// Why scenarios of its kind say nothing about the client; `None` where it went well.
    fault: Option<String>,
    trial: Option<Trial>,
}

struct Trials<'a> {
    bench: &'a Bench<'a>,
    folder: &'a Path,
    next: AtomicUsize,
    stop: watch::Receiver<bool>,
}

impl Trials<'_> {
    async fn make(&self, setup: &Setup) -> Result<Trial, TrialError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(format!("trial-{number}"));
        std::fs::create_dir_all(&folder)?;
        let made = trial(self.bench, setup, number, &folder).await;
        // What cannot be removed now goes with the folder of the run.
        let _ = std::fs::remove_dir_all(&folder);
        made
    }

    /// The controls that scenarios need, each once.
    async fn controls(&self, scenarios: &[Scenario], jobs: usize) -> HashMap<ControlKey, Control> {
        let mut wanted: BTreeMap<ControlKey, Setup> = BTreeMap::new();
        for scenario in scenarios {
            if self.missing(&scenario.setup).is_none() {
                let key = scenario.setup.control_key();
                wanted
                    .entry(key)
                    .or_insert_with(|| scenario.setup.control());
            }
        }
        let made = stream::iter(wanted).map(|(key, setup)| async move {
            let control = match self.make(&setup).await {
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
            (key, control)
        });
        made.buffer_unordered(jobs).collect().await
    }

    /// Why the client cannot be asked for this.
    fn missing(&self, setup: &Setup) -> Option<String> {
        let text = &self.bench.adapter.text;
        if let Some(why) = text.without.get(&setup.action) {
            return Some(format!(
                "the client has no action `{}`: {why}",
                setup.action.name()
            ));
        }
        let can_login = !text.login.is_empty()
            || !text.login_words.is_empty()
            || text.files.iter().any(|file| file.login);
        let login = setup.login != LoginKind::None && !can_login;
        login.then(|| "the adapter does not say how the client logs in".to_owned())
    }

    async fn scenarios(
        &self,
        scenarios: &[Scenario],
        controls: &HashMap<ControlKey, Control>,
        jobs: usize,
        judging: &Judging<'_>,
        events: &UnboundedSender<Event>,
    ) -> Vec<(usize, Case, Option<Trial>)> {
        let made =
            stream::iter(scenarios.iter().enumerate()).map(|(position, scenario)| async move {
                let id: Arc<str> = scenario.about.id.as_str().into();
                emit(events, Event::CaseStarted { id: id.clone() });
                let (case, trial) = self.scenario(scenario, controls, judging).await;
                let verdict = record::verdict(&case.checks, case.stopped.as_ref(), false, false);
                emit(
                    events,
                    Event::CaseFinished {
                        id,
                        verdict,
                        reason: reason(&case),
                        duration_ms: case.duration_ms,
                    },
                );
                (position, case, trial)
            });
        made.buffer_unordered(jobs).collect().await
    }

    async fn scenario(
        &self,
        scenario: &Scenario,
        controls: &HashMap<ControlKey, Control>,
        judging: &Judging<'_>,
    ) -> (Case, Option<Trial>) {
        let mut case = scenario.about.case();
        if *self.stop.borrow() {
            case.stopped = Some(Stop::Skipped);
            return (case, None);
        }
        if let Some(why) = self.missing(&scenario.setup) {
            case.stopped = Some(Stop::Declined);
            case.notes.push(why);
            return (case, None);
        }
        let control = controls.get(&scenario.setup.control_key());
        if let Some(fault) = control.and_then(|control| control.fault.as_ref()) {
            let why = format!("the client fails without the scenario, too: {fault}");
            case.notes.push(why.clone());
            case.stopped = Some(Stop::Error(why));
            return (case, None);
        }
        match self.make(&scenario.setup).await {
            Err(error) => {
                case.notes.push(error.to_string());
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
    if let Some(Stop::Error(why)) = &case.stopped {
        return Some(Reason::NoVerdict(why.clone()));
    }
    let mut checks = case.checks.iter();
    let broken = checks.find(|check| check.verdict.is_broken())?;
    Some(Reason::Deviates {
        requirement: broken.requirement.clone(),
        message: broken.difference(),
    })
}

fn control_notes(controls: &HashMap<ControlKey, Control>) -> Vec<String> {
    let failed = controls.iter().filter_map(|((action, ..), control)| {
        let fault = control.fault.as_ref()?;
        Some(format!(
            "`{}` fails against the bundled registry as it is: {fault}",
            action.name()
        ))
    });
    let mut notes: Vec<String> = failed.collect();
    notes.sort();
    notes.dedup();
    notes
}
