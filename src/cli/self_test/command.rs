//! The execution of `assay self-test`.

use std::sync::Arc;
use std::time::Instant;

use futures_util::{StreamExt, stream};

use super::SelfTestArgs;
use super::complaints::complaints_of;
use super::registry_trials::{batches, trials};
use crate::cli::output::output;
use crate::cli::{CliError, Exit};

/// The number of concurrent runs.
const AT_ONCE: usize = 4;

/// The number of permitted variants that one registry combines, unless --thorough is set.
const COMBINED: usize = 4;

/// Tests assay, and prints the unexpected verdicts.
///
/// # Errors
/// Suites that cannot be read, or a bundled registry that cannot be started.
pub async fn self_test(args: &SelfTestArgs) -> Result<Exit, CliError> {
    let suites = Arc::new(args.sources.load()?);
    let began = Instant::now();
    let trials = trials(args, &suites)?;
    let (count, thorough) = (trials.len(), args.thorough);
    let together = if thorough || !args.only.is_empty() {
        1
    } else {
        COMBINED
    };
    let results: Vec<Result<Vec<String>, CliError>> = stream::iter(batches(trials, together))
        .map(|batch| {
            let suites = suites.clone();
            async move { complaints_of(&batch, &suites, thorough).await }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut complaints = Vec::new();
    for result in results {
        complaints.extend(result?);
    }
    complaints.sort();
    report(&complaints, count, began.elapsed().as_secs_f64())
}

/// Prints the complaints and their number; `took` is in seconds.
fn report(complaints: &[String], count: usize, took: f64) -> Result<Exit, CliError> {
    for complaint in complaints {
        output(&format!("{complaint}\n"))?;
    }
    if complaints.is_empty() {
        let registries = match count {
            1 => "1 registry".to_owned(),
            many => format!("{many} registries"),
        };
        output(&format!(
            "{registries} tested in {took:.1} s: every verdict is as expected\n"
        ))?;
        return Ok(Exit::Success);
    }
    output(&format!(
        "{} of {count} registries have an unexpected verdict ({took:.1} s)\n",
        complaints.len()
    ))?;
    Ok(Exit::NonConformant)
}
