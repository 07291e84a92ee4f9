//! `assay spec sentences`: the passages of a text with their fingerprints, for adding a requirement.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::text::{SpecTextError, read};
use crate::catalogue::Text;

/// Print the sentences of a text with their fingerprints
#[derive(Debug, Clone, Args)]
pub struct SpecSentencesArgs {
    /// The text: a spec.md
    pub file: PathBuf,
    /// Include sentences without an obligation
    #[arg(long)]
    pub all: bool,
    /// Print the entry of the text for requirements/texts.yaml instead
    #[arg(long, conflicts_with = "all")]
    pub index: bool,
}

/// A line a passage: fingerprint, line, section, words, with tabs between.
///
/// # Errors
/// When the file cannot be read.
pub fn spec_sentences(args: &SpecSentencesArgs) -> Result<String, SpecTextError> {
    let text = Text::parse(&read(&args.file)?);
    let mut out = String::new();
    if args.index {
        for (section, passages) in text.index() {
            // Writing to a text cannot fail.
            let _ = writeln!(out, "    {section}: {passages:?}");
        }
        return Ok(out);
    }
    for passage in text.passages.iter().filter(|one| one.binds || args.all) {
        let words: String = passage
            .words
            .chars()
            .filter(|char| !char.is_control())
            .collect();
        let (fingerprint, line) = (&passage.fingerprint, passage.line);
        let _ = writeln!(out, "{fingerprint}\t{line}\t{}\t{words}", passage.section);
    }
    Ok(out)
}
