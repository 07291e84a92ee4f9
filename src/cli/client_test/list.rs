//! `assay client list`.

use super::run::bundled_adapters;
use crate::cli::list::of_clients;
use crate::cli::output::output;
use crate::cli::output_format::OutputFormat;
use crate::cli::sources::SourceArgs;
use crate::cli::{CliError, Exit};

/// What to list, and how.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// List the scenarios instead of the clients
    #[arg(long)]
    scenarios: bool,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    format: OutputFormat,
    #[command(flatten)]
    sources: SourceArgs,
}

/// Lists clients, or scenarios.
///
/// # Errors
/// Scenarios that cannot be read.
pub fn list(args: &ListArgs) -> Result<Exit, CliError> {
    let text = match args.scenarios {
        true => {
            let (_, scenarios) = args.sources.load_with_scenarios()?;
            let all = scenarios.abouts();
            match args.format {
                OutputFormat::Text => of_clients::scenarios(all, &scenarios.titles),
                OutputFormat::Json => format!("{:#}\n", of_clients::scenarios_as_json(all)),
            }
        }
        false => {
            let adapters = bundled_adapters()?;
            match args.format {
                OutputFormat::Text => of_clients::clients(&adapters),
                OutputFormat::Json => format!("{:#}\n", of_clients::clients_as_json(&adapters)),
            }
        }
    };
    output(&text)?;
    Ok(Exit::Success)
}
