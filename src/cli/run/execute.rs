//! A run, from its options to its reports.

use std::time::Instant;

use tokio::sync::mpsc;

use super::RunArgs;
use super::inputs::RunInputs;
use crate::cli::connect::{client_with, connect};
use crate::cli::output::{error_line, output};
use crate::cli::report_run::Output;
use crate::cli::signals::{Interrupts, end_of_input};
use crate::cli::{CliError, Exit, dry_run};
use crate::client::{Address, RegistryClient};
use crate::engine::{self, NotStarted, Session, SessionError, Start};
use crate::record::{Phase, Run, millis};
use crate::registry::{self, Server};
use crate::report::terminal;

/// What is printed when a signal comes before the first case.
const INTERRUPTED: &str = "interrupted before the first case started: no report is written";

/// Installs the handlers of signals for a run: suites, standard input, connecting and preflight take time, and a signal that
/// comes meanwhile must be heard.
pub fn interrupts(options: &RunArgs) -> Interrupts {
    match options.stop_at_eof {
        true => Interrupts::install_or(INTERRUPTED, end_of_input()),
        false => Interrupts::install(INTERRUPTED),
    }
}

/// Tests a registry, writes the reports and prints the result. There is no record of a dry run, or if there is nothing
/// to rerun.
///
/// # Errors
/// What keeps the run from being done or reported.
pub async fn run_and_record(
    options: RunArgs,
    interrupts: &Interrupts,
) -> Result<(Exit, Option<Run>), CliError> {
    for note in &options.side_inputs.notes {
        error_line(&format!("note: {note}"));
    }
    let previous = options.side_inputs.previous.as_deref();
    if let Some(previous) = previous.filter(|previous| previous.ids().is_empty()) {
        output(&previous.nothing_to_rerun())?;
        return Ok((Exit::Success, None));
    }
    let began = Instant::now();
    let origins = options.side_inputs.origins.clone();
    let inputs = RunInputs::new(options)?;
    let load = Phase::new("load", millis(began.elapsed()));
    if let Some(format) = inputs.dry_run {
        // The files of certificates are checked as in a run.
        let address = inputs.address.as_ref();
        let client = address.map(|address| client_with(&inputs.connect, address, None));
        client.transpose()?;
        let requests = engine::dry_run(&inputs.plan, &inputs.suites, inputs.repositories());
        return dry_run::print(&requests, format).map(|exit| (exit, None));
    }
    let output = Output::open(inputs.reports.clone())?;
    let not_started = NotStarted::new(&inputs.settings, &inputs.url(), &inputs.plan);
    match record(inputs, interrupts).await {
        Ok(mut record) => {
            if let Some(timings) = &mut record.timings {
                timings.phases.insert(0, load);
            }
            let exit = output.report(&mut record)?;
            Ok((exit, Some(record)))
        }
        Err(error) => Err(output.report_error(error.set_by(&origins), not_started)),
    }
}

/// Runs the plan against the target, to its record.
async fn record(inputs: RunInputs, interrupts: &Interrupts) -> Result<Run, CliError> {
    let (target, bundled) = start_target(&inputs).await?;
    let probe = probe(&inputs)?;
    let previous = inputs.previous.clone();
    let (events, on_event) = mpsc::unbounded_channel();
    let (mode, style) = inputs.progress.clone();
    let progress = tokio::spawn(terminal::follow(on_event, mode, style));
    let run = run_target(inputs, probe, target, Start::now(events), interrupts).await;
    // A failure to show progress changes no result.
    let _ = progress.await;
    if let Some(server) = bundled {
        server.stop().await;
    }
    let mut record = run.map_err(CliError::no_verdict)?;
    record.rerun = previous.map(|previous| previous.compare(&record));
    Ok(record)
}

/// Waits for the target where that is wanted, checks it, and runs the plan.
async fn run_target(
    inputs: RunInputs,
    probe: Option<RegistryClient>,
    target: RegistryClient,
    start: Start,
    interrupts: &Interrupts,
) -> Result<Run, SessionError> {
    if let Some(probe) = probe {
        engine::wait_until_started(&probe, inputs.wait, &start).await?;
    }
    let session = Session::open(inputs.plan, inputs.suites, target, inputs.settings, start);
    let session = session.await?;
    Ok(session.run(interrupts.stop_gracefully()).await)
}

/// The client of the target; for the bundled registry, starts it too.
async fn start_target(inputs: &RunInputs) -> Result<(RegistryClient, Option<Server>), CliError> {
    if let Some(address) = &inputs.address {
        let password = inputs.password.clone();
        let target = connect(&inputs.connect, password, address, &inputs.settings.repo).await?;
        return Ok((target, None));
    }
    let server = start_bundled().await?;
    let address = Address::parse(&server.url()).map_err(CliError::usage)?;
    Ok((client_with(&inputs.connect, &address, None)?, Some(server)))
}

/// The client that waits for a target which is still starting. What it meets is no part of the run.
fn probe(inputs: &RunInputs) -> Result<Option<RegistryClient>, CliError> {
    match &inputs.address {
        Some(address) if !inputs.wait.is_zero() => {
            client_with(&inputs.connect, address, None).map(Some)
        }
        Some(_) | None => Ok(None),
    }
}

async fn start_bundled() -> Result<Server, CliError> {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    Server::start(address, registry::Options::default())
        .await
        .map_err(|error| {
            CliError::no_verdict(format!("the bundled registry cannot be started: {error}"))
        })
}
