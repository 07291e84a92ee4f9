//! The execution of `assay list`.

use super::args::ListArgs;
use super::choose::{Choice, Listing};
use super::{json, text};
use crate::cli::client_test::bundled_adapters;
use crate::cli::output::output;
use crate::cli::output_format::OutputFormat;
use crate::cli::{CliError, Exit};

/// Lists suites with their cases, requirements, features, faults, variants, profiles, deployments, and the scenarios and clients of
/// `assay client`.
///
/// # Errors
/// Suites that cannot be read, an invalid pattern, or an empty selection.
pub fn list(args: &ListArgs) -> Result<Exit, CliError> {
    let (suites, scenarios) = args.sources.load_with_scenarios()?;
    let adapters = bundled_adapters()?;
    let choice = Choice::of(args, &suites)?;
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
