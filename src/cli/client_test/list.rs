//! `assay client list`.

use std::fmt::Write as _;

use serde_json::json;

use super::run::bundled_adapters;
use crate::cli::output::output;
use crate::cli::output_format::OutputFormat;
use crate::cli::sources::SourceArgs;
use crate::cli::{CliError, Exit};
use crate::client_test::LoadedAdapter;

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
    let adapters = bundled_adapters()?;
    let text = match (args.scenarios, args.format) {
        (false, OutputFormat::Text) => clients(&adapters),
        (false, OutputFormat::Json) => {
            let one = |adapter: &LoadedAdapter| {
                let actions = adapter.text.actions.keys().map(|action| action.name());
                json!({
                    "name": adapter.text.name, "about": adapter.text.about,
                    "actions": actions.collect::<Vec<_>>(),
                })
            };
            let list: Vec<_> = adapters.iter().map(one).collect();
            format!("{:#}\n", json!(list))
        }
        (true, format) => scenarios(&args.sources, format)?,
    };
    output(&text)?;
    Ok(Exit::Success)
}

fn clients(adapters: &[LoadedAdapter]) -> String {
    let mut text = String::from("clients (assay client run NAME)\n");
    for adapter in adapters {
        let actions: Vec<&str> = adapter.text.actions.keys().map(|it| it.name()).collect();
        let (name, about) = (&adapter.text.name, &adapter.text.about);
        let _ = writeln!(text, "  {name:<12} {about} ({})", actions.join(", "));
    }
    text
}

fn scenarios(sources: &SourceArgs, format: OutputFormat) -> Result<String, CliError> {
    let (_, scenarios) = sources.load_with_scenarios()?;
    let scenario = scenarios.scenarios.iter().map(|one| &one.about);
    let all = scenario.chain(scenarios.observed.iter().map(|one| &one.about));
    if format == OutputFormat::Json {
        let one = |about: &crate::traffic::About| json!({"id": about.id, "suite": about.suite, "title": about.title});
        return Ok(format!("{:#}\n", json!(all.map(one).collect::<Vec<_>>())));
    }
    let mut text = String::new();
    let mut suite = "";
    for about in all {
        if suite != about.suite {
            suite = &about.suite;
            let title = scenarios.titles.get(suite).map_or("", String::as_str);
            let _ = writeln!(text, "{suite}: {title}");
        }
        let _ = writeln!(text, "  {:<36} {}", about.id, about.title);
    }
    Ok(text)
}
