//! `assay completions`: completion scripts for shells.

use clap_complete::Shell;

use super::output::output;
use super::{CliError, Exit};

/// Which shell.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints the script for the shell.
///
/// # Errors
/// A script that cannot be printed.
pub fn completions(args: &CompletionsArgs, mut assay: clap::Command) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut assay, "assay", &mut script);
    output(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
