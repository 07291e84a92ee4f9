//! A whole run: controls, scenarios, and what is observed in all of them.

use std::path::Path;
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::authority::Authority;
use super::client_environment::ClientEnvironment;
use super::daemon::{FoundVersion, StartedClient, version};
use super::findings_as_cases::{Judging, observed_case};
use super::load_adapter::LoadedAdapter;
use super::record_run::{FinishedRun, record_run};
use super::rules::Rule;
use super::run_error::RunError;
use super::scenario::Questions;
use super::switchboard::Switchboard;
use super::trial::Trial;
use super::trials::{Controls, Made, Trials, control_notes};
use crate::catalogue::{Party, Version};
use crate::engine::{Event, emit};
use crate::record::{Case, JudgedBy, Run, Target};
use crate::traffic::Observed;

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
    /// How the user named the client.
    pub judged_by: JudgedBy,
}

/// Tests a client.
///
/// # Errors
/// When the client or its daemon cannot be started.
pub async fn run(
    adapter: &LoadedAdapter,
    questions: Questions<'_>,
    settings: &Settings,
    events: UnboundedSender<Event>,
    stop: watch::Receiver<bool>,
) -> Result<Run, RunError> {
    // Some clients take no capital letters in a path.
    let name = format!("assay-{}", hex::encode(rand::random::<[u8; 6]>()));
    let folder = tempfile::Builder::new()
        .prefix(&name)
        .rand_bytes(0)
        .tempdir()?;
    let switchboard = Switchboard::start().await?;
    let authority = Authority::new(folder.path())?;
    let service = folder.path().join("service");
    std::fs::create_dir_all(&service)?;
    let client = ClientEnvironment {
        adapter,
        switchboard: &switchboard,
        authority: &authority,
        service: &service,
        path: &settings.path,
        limit: settings.limit,
    };
    let run = run_on(&client, folder.path(), questions, settings, &events, stop).await;
    switchboard.stop().await;
    run
}

async fn run_on(
    client: &ClientEnvironment<'_>,
    folder: &Path,
    questions: Questions<'_>,
    settings: &Settings,
    events: &UnboundedSender<Event>,
    stop: watch::Receiver<bool>,
) -> Result<Run, RunError> {
    let clock = (Instant::now(), OffsetDateTime::now_utc());
    let FoundVersion { version, mut notes } = version(client, folder).await?;
    let daemon = StartedClient::start(client).await?;
    let target = target(client.adapter, &version, settings);
    emit(
        events,
        Event::Started {
            cases: questions.scenarios.len(),
            target: target.clone(),
            spec: settings.spec,
            seed: 0,
        },
    );
    let judging = Judging {
        catalogue: questions.catalogue,
        spec: settings.spec,
    };
    let trials = Trials::new(client, folder, settings.jobs, stop);
    let controls = trials.controls(questions.scenarios).await;
    let made = trials
        .scenarios(questions.scenarios, &controls, &judging, events)
        .await;
    daemon.stop().await;
    let (cases, requests) = cases(&made, &controls, questions.observed, &judging);
    emit(
        events,
        Event::Finished {
            cases: cases.len(),
            requests,
        },
    );
    notes.extend(control_notes(&controls));
    Ok(record_run(FinishedRun {
        adapter: client.adapter,
        questions,
        spec: settings.spec,
        partial: settings.partial,
        interrupted: trials.interrupted(),
        target,
        notes,
        cases,
        requests,
        clock,
    }))
}

/// The client, as reports name it.
fn target(adapter: &LoadedAdapter, version: &str, settings: &Settings) -> Target {
    Target {
        url: format!("{} {version}", adapter.text.name),
        repo: "trial".to_owned(),
        repo2: "trial".to_owned(),
        options: Vec::new(),
        no_push: false,
        bundled: false,
        party: Party::Client,
        judged_by: settings.judged_by.clone(),
    }
}

/// The cases of scenarios, and of what is observed in all trials; and how many requests the client sent.
fn cases(
    made: &[Made],
    controls: &Controls,
    observed: &[Observed<Rule>],
    judging: &Judging<'_>,
) -> (Vec<Case>, u64) {
    let controls = controls.values();
    let mut kept: Vec<(String, &Trial)> = controls
        .filter_map(|control| Some(("control".to_owned(), control.trial.as_ref()?)))
        .collect();
    let mut cases = Vec::new();
    for Made { case, trial, .. } in made {
        kept.extend(trial.iter().map(|trial| (case.id.clone(), trial)));
        cases.push(case.clone());
    }
    let observed = observed.iter();
    cases.extend(observed.map(|one| observed_case(one, &kept, judging)));
    let requests = kept.iter().map(|(_, trial)| trial.seen.len() as u64).sum();
    (cases, requests)
}
