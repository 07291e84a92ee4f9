//! The command `run`.

use super::RunArgs;
use super::execute::{interrupts, run_and_record};
use super::watch::watch;
use crate::cli::{CliError, Exit};

/// Tests a registry, writes the reports and prints the result.
///
/// # Errors
/// What keeps the run from being done or reported.
pub async fn run(options: RunArgs) -> Result<Exit, CliError> {
    if options.watch {
        return watch(options).await;
    }
    let interrupts = interrupts(&options);
    let (exit, _) = run_and_record(options, &interrupts).await?;
    Ok(exit)
}
