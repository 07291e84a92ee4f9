//! `assay spec`: texts of the specification against the catalogue.

use std::io::Write;

use clap::Subcommand;

use super::{SpecDiffArgs, SpecSentencesArgs, SpecTextError, spec_diff, spec_sentences};
use crate::catalogue::Catalogue;

/// What to do with a text of the specification.
#[derive(Debug, Clone, Subcommand)]
pub enum SpecCommand {
    /// Hold a text against the catalogue: what changed, and which requirements and cases that touches
    Diff(SpecDiffArgs),
    /// Print the sentences of a text with their fingerprints, for adding a requirement
    #[command(hide = true)]
    Sentences(SpecSentencesArgs),
}

/// Does it. `tested_by` names the cases that test a requirement. True when nothing differs.
///
/// # Errors
/// When the text cannot be read or is no text of the specification, or when `out` cannot be written to.
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
