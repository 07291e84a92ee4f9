//! `assay spec`: compares texts of the specification with the catalogue.

use std::io::Write;

use clap::Subcommand;

use super::spec_diff::{SpecDiffArgs, spec_diff};
use super::spec_sentences::{SpecSentencesArgs, spec_sentences};
use super::spec_text::SpecTextError;
use crate::catalogue::Catalogue;

/// What to do with a text of the specification.
#[derive(Debug, Clone, Subcommand)]
pub enum SpecCommand {
    /// Compare a text with the catalogue: show what changed, and the affected requirements and cases
    Diff(SpecDiffArgs),
    /// Print the sentences of a text with their fingerprints, for adding a requirement
    #[command(hide = true)]
    Sentences(SpecSentencesArgs),
}

/// Executes a command. `tested_by` names the cases that test a requirement. True when nothing differs.
///
/// # Errors
/// A file that cannot be read or is not a text of the specification, or an output that cannot be written.
pub fn spec(
    command: &SpecCommand,
    catalogue: &Catalogue,
    tested_by: &dyn Fn(&str) -> Vec<String>,
    out: &mut dyn Write,
) -> Result<bool, SpecTextError> {
    match command {
        SpecCommand::Diff(args) => spec_diff(args, catalogue, tested_by, out),
        SpecCommand::Sentences(args) => spec_sentences(args, out).map(|()| true),
    }
}
