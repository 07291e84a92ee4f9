//! The provider whose job assay runs in.

use super::github::GitHubActions;
use crate::cli::CliError;
use crate::record::Run;

/// The provider whose job assay runs in, with what it reads at the end of a run.
#[derive(Debug)]
pub enum CiOutput {
    GitHub(GitHubActions),
    /// No provider, or one that reads reports alone.
    None,
}

impl CiOutput {
    /// Recognizes the provider by its environment. From now on, the output may contain text from the target, which the
    /// provider does not take for a command.
    pub fn begin() -> Self {
        GitHubActions::begin().map_or(Self::None, Self::GitHub)
    }

    /// Writes what the provider reads.
    ///
    /// # Errors
    /// When one of its files cannot be written.
    pub fn report(self, run: &Run) -> Result<(), CliError> {
        match self {
            Self::GitHub(actions) => actions.report(run),
            Self::None => Ok(()),
        }
    }
}
