//! The execution of `assay list`.

use super::args::ListArgs;
use super::choose::Choice;
use super::{json, text};
use crate::cli::output::output;
use crate::cli::output_format::OutputFormat;
use crate::cli::{CliError, Exit};

/// Lists suites with their cases, requirements, features, faults, variants, profiles and deployments.
///
/// # Errors
/// Suites that cannot be read, an invalid pattern, or an empty selection.
pub fn list(args: &ListArgs) -> Result<Exit, CliError> {
    let suites = args.sources.load()?;
    let choice = Choice::of(args, &suites)?;
    let listing = choice.listing(&suites);
    if listing.is_empty() {
        return Err(CliError::usage(
            "no entry matches: `assay list` without filters shows all",
        ));
    }
    output(&match args.format {
        OutputFormat::Text => text::text(&listing),
        OutputFormat::Json => format!("{:#}\n", json::as_json(&listing, &suites)),
    })?;
    Ok(Exit::Success)
}
