//! `assay completions`: what makes a shell complete commands and options.

use clap_complete::Shell;

use super::output::output;
use super::{CliError, Exit, command};

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
/// When it cannot be printed.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "assay", &mut script);
    output(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
