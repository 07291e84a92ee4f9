//! The subcommands.

use super::list::{ListArgs, list};
use super::run::{RunArgs, run};
use crate::cli::{CliError, Exit};

/// What to do with clients.
#[derive(Debug, clap::Subcommand)]
pub enum ClientCommand {
    /// List the clients that assay knows how to use, or the scenarios
    List(ListArgs),
    /// Test a client
    Run(Box<RunArgs>),
}

/// Executes a subcommand.
///
/// # Errors
/// What keeps it from being done.
pub async fn client(command: ClientCommand) -> Result<Exit, CliError> {
    match command {
        ClientCommand::List(args) => list(&args),
        ClientCommand::Run(args) => run(*args).await,
    }
}
