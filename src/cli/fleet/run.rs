//! Testing the targets of a fleet: several at once, and none a second time for nothing.

use futures_util::{StreamExt, stream};
use tokio::sync::watch;

use super::args::{FleetCommand, FleetRunArgs, FleetSiteArgs};
use super::check::check;
use super::child;
use crate::cli::config::{self, Fleet, FleetTarget};
use crate::cli::output::{error_line, output};
use crate::cli::report_run::today;
use crate::cli::signals::Interrupts;
use crate::cli::{CliError, Exit};
use crate::data::{count, did_you_mean};
use crate::fleet::{Outcome, Results, write_site};

/// Tests a fleet, or makes the site of its results.
///
/// # Errors
/// A fleet file with mistakes, or results that cannot be read or written.
pub async fn fleet(command: &FleetCommand, assay: &clap::Command) -> Result<Exit, CliError> {
    match command {
        FleetCommand::Run(args) => run(args, assay).await,
        FleetCommand::Site(args) => site(args),
    }
}

fn site(args: &FleetSiteArgs) -> Result<Exit, CliError> {
    let written = write_site(&args.results, &args.out, args.reports.unwrap_or(usize::MAX))
        .map_err(CliError::usage)?;
    output(&format!(
        "{}: {}, {}\n",
        args.out.join("index.html").display(),
        count(written.targets, "target"),
        count(written.results, "result")
    ))?;
    Ok(Exit::Success)
}

async fn run(args: &FleetRunArgs, assay: &clap::Command) -> Result<Exit, CliError> {
    let interrupts = Interrupts::install("interrupted before the first target");
    let fleet = config::fleet(&args.file, assay)?;
    let chosen = choose(&fleet, args)?;
    check(&chosen, assay)?;
    let results = Results::create(&args.out).map_err(CliError::usage)?;
    let date = args.date.clone().unwrap_or_else(|| today().to_string());
    let stop = interrupts.stop_gracefully();
    tokio::spawn(announce(stop.clone()));
    let tested = stream::iter(chosen).map(|target| test(target, &results, &date, stop.clone()));
    let tested: Vec<Result<Option<Outcome>, CliError>> =
        tested.buffer_unordered(fleet.at_once).collect().await;
    if *stop.borrow() {
        return Ok(Exit::Interrupted);
    }
    let outcomes: Result<Vec<_>, CliError> = tested.into_iter().collect();
    Ok(exit(outcomes?.iter().flatten()))
}

/// Says what happens after a signal.
async fn announce(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_ok() {
        error_line("interrupted: waiting until the runs have deleted what they pushed");
    }
}

/// Violations weigh more than missing verdicts, as in `assay run`.
fn exit<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Exit {
    outcomes.fold(Exit::Success, |worst, outcome| {
        match (worst, outcome.status) {
            (Exit::NonConformant, _) | (_, Some(1)) => Exit::NonConformant,
            (worst, Some(0)) => worst,
            _ => Exit::NoVerdict,
        }
    })
}

/// Tests a target, unless it has a verdict of the date. None where the fleet is stopped before it begins.
async fn test(
    target: &FleetTarget,
    results: &Results,
    date: &str,
    stop: watch::Receiver<bool>,
) -> Result<Option<Outcome>, CliError> {
    let known = results
        .outcome(&target.name, date)
        .map_err(CliError::usage)?;
    if let Some(known) = known.filter(Outcome::is_final) {
        say(
            target,
            &known,
            "has a result of this date, and is not tested again",
        )?;
        return Ok(Some(known));
    }
    if *stop.borrow() {
        return Ok(None);
    }
    // No process of the target can be older.
    let stale = target.time * 2 + std::time::Duration::from_secs(600);
    let attempt = results
        .begin(&target.name, date, stale)
        .map_err(CliError::usage)?;
    let outcome = child::run(target, &attempt, stop).await?;
    let counts = attempt.finish(&outcome).map_err(CliError::usage)?;
    let note = match counts {
        true => "",
        false => "another process finished first, and its result stays",
    };
    say(target, &outcome, note)?;
    Ok(Some(outcome))
}

fn say(target: &FleetTarget, outcome: &Outcome, note: &str) -> Result<(), CliError> {
    let verdict = match (outcome.status, &outcome.reason) {
        (Some(0), None) => "conforms",
        (Some(1), None) => "violates a MUST",
        (_, Some(reason)) => reason,
        (_, None) => "no verdict",
    };
    let note = match note.is_empty() {
        true => String::new(),
        false => format!(" ({note})"),
    };
    output(&format!("{}: {verdict}{note}\n", target.name))
}

/// The targets to test.
fn choose<'a>(fleet: &'a Fleet, args: &FleetRunArgs) -> Result<Vec<&'a FleetTarget>, CliError> {
    if let Some(index) = args.index {
        let target = fleet.targets.get(index);
        return target.map(|target| vec![target]).ok_or_else(|| {
            CliError::usage(format!(
                "--index {index}: {} has {}, from 0 to {}",
                args.file.display(),
                count(fleet.targets.len(), "target"),
                fleet.targets.len().saturating_sub(1)
            ))
        });
    }
    let names = || fleet.targets.iter().map(|target| target.name.as_str());
    if let Some(unknown) = args
        .only
        .iter()
        .find(|only| !names().any(|name| name == *only))
    {
        let help = did_you_mean(unknown, names())
            .unwrap_or_else(|| format!("the names are {}", names().collect::<Vec<_>>().join(", ")));
        return Err(CliError::usage(format!(
            "--only {unknown}: {} has no such target: {help}",
            args.file.display()
        )));
    }
    let chosen = fleet.targets.iter();
    let chosen = chosen.filter(|one| args.only.is_empty() || args.only.contains(&one.name));
    Ok(chosen.collect())
}
