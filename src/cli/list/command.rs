//! The execution of `assay list`.

use super::args::ListArgs;
use super::choose::{Choice, Listing};
use super::{json, text};
use crate::cli::client_test::bundled_adapters;
use crate::cli::output::output;
use crate::cli::output_format::OutputFormat;
use crate::cli::sources::{load, load_scenarios};
use crate::cli::{CliError, Exit};
use crate::client_test::Scenarios;

/// Lists suites with their cases, requirements, features, faults, variants, profiles, deployments, and the scenarios and clients of
/// `assay client`.
///
/// # Errors
/// Suites that cannot be read, an invalid pattern, or an empty selection.
pub fn list(args: &ListArgs) -> Result<Exit, CliError> {
    let sources = args.sources.read()?;
    let suites = load(&sources)?;
    let choice = Choice::of(args, &suites)?;
    let scenarios = match choice.wants("scenarios") {
        true => load_scenarios(&sources, &suites)?,
        false => Scenarios::default(),
    };
    let adapters = match choice.wants("clients") {
        true => bundled_adapters()?,
        false => Vec::new(),
    };
    let listing = Listing {
        scenarios: choice.scenarios(&suites, &scenarios),
        clients: choice.clients(&adapters),
        ..choice.listing(&suites)
    };
    if listing.is_empty() {
        return Err(CliError::usage(
            "no entry matches: `assay list` without filters shows all",
        ));
    }
    output(&match args.format {
        OutputFormat::Text => text::text(&listing, &scenarios.titles),
        OutputFormat::Json => format!("{:#}\n", json::as_json(&listing, &suites)),
    })?;
    Ok(Exit::Success)
}
