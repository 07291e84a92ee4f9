//! The unexpected verdicts of the registries under test.

use std::sync::Arc;

use super::registry_run::run;
use super::registry_trial::RegistryTrial;
use super::unexpected::unexpected;
use crate::cli::CliError;
use crate::engine;
use crate::registry::Options;
use crate::suite::Suites;

/// The unexpected verdicts of a batch. If there is one, each trial of the batch runs alone, and that decides.
pub async fn complaints_of(
    batch: &[RegistryTrial],
    suites: &Arc<Suites>,
    thorough: bool,
) -> Result<Vec<String>, CliError> {
    if let [first, _, ..] = batch {
        let mut options = Options::default();
        for trial in batch {
            trial.set(&mut options);
        }
        let unexpected = complaint(*first, &options, suites, thorough).await?;
        if unexpected.is_none() {
            return Ok(Vec::new());
        }
    }
    let mut complaints = Vec::new();
    for trial in batch {
        let mut options = Options::default();
        trial.set(&mut options);
        let unexpected = complaint(*trial, &options, suites, thorough).await?;
        complaints.extend(unexpected.map(|why| format!("{}: {why}", trial.name())));
    }
    Ok(complaints)
}

/// The unexpected verdict, if any. Stops at the first selection with the expected verdict.
async fn complaint(
    trial: RegistryTrial,
    options: &Options,
    suites: &Arc<Suites>,
    thorough: bool,
) -> Result<Option<String>, CliError> {
    let mut complaint = None;
    for selection in trial.selections(thorough) {
        complaint = match engine::plan(suites, trial.version(), &selection) {
            Ok(plan) => {
                let settle = trial.settle();
                let run = run(
                    options.clone(),
                    suites.clone(),
                    plan,
                    trial.version(),
                    settle,
                );
                unexpected(trial, &run.await?)
            }
            // The light cases may select nothing: larger selections follow.
            Err(error) => Some(error.to_string()),
        };
        if complaint.is_none() {
            break;
        }
    }
    Ok(complaint)
}
