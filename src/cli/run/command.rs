//! The command `run`.

use super::RunArgs;
use super::execute::run_and_record;
use super::watch::watch;
use crate::cli::{CliError, Exit};

/// Tests a registry, writes the reports and prints the result.
///
/// # Errors
/// What keeps the run from being done or reported.
pub async fn run(options: RunArgs) -> Result<Exit, CliError> {
    match options.watch {
        true => watch(options).await,
        false => run_and_record(options).await.map(|(exit, _)| exit),
    }
}
