//! The commands of `assay spec`.

use clap::Subcommand;

use super::diff::{SpecDiffArgs, spec_diff};
use super::sentences::{SpecSentencesArgs, spec_sentences};
use crate::cli::output::output;
use crate::cli::{CliError, Exit};

/// What to do with a text of the specification.
#[derive(Debug, Clone, Subcommand)]
pub enum SpecCommand {
    /// Compare a text with the catalogue: show what changed, and the affected requirements and cases
    Diff(SpecDiffArgs),
    /// Print the sentences of a text with their fingerprints, for adding a requirement
    Sentences(SpecSentencesArgs),
}

/// Executes a command.
///
/// # Errors
/// Suites or a file that cannot be read, a file that is not a text of the specification, or an output that cannot be
/// written.
pub fn spec(command: &SpecCommand) -> Result<Exit, CliError> {
    match command {
        SpecCommand::Diff(args) => {
            let suites = args.sources.load()?;
            let testers = suites.testers();
            let tested_by = |requirement: &str| testers.tested_by(requirement);
            let shown = spec_diff(args, &suites.catalogue, &tested_by);
            let (same, text) = shown.map_err(CliError::usage)?;
            output(&text)?;
            match same {
                true => Ok(Exit::Success),
                false => Ok(Exit::NonConformant),
            }
        }
        SpecCommand::Sentences(args) => {
            let text = spec_sentences(args).map_err(CliError::usage)?;
            output(&text)?;
            Ok(Exit::Success)
        }
    }
}
