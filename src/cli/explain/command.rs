//! The options and the execution of `assay explain`.

use super::entries::{Entry, all};
use super::known::Known;
use crate::cli::output::output;
use crate::cli::sources::SourceArgs;
use crate::cli::{CliError, Exit};
use crate::record::REQUIRED;

/// What to explain.
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// A requirement, case, scenario, set-up, feature, fault, variant, profile, deployment, category, error code or exit status
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    sources: SourceArgs,
}

/// The number of suggestions for an unknown name.
const SUGGESTIONS: usize = 5;

/// Explains every entry of that name: a case and a requirement may share one.
///
/// # Errors
/// An unknown name, with the nearest names.
pub fn explain(args: &ExplainArgs) -> Result<Exit, CliError> {
    let (suites, scenarios) = args.sources.load_with_scenarios()?;
    let known = Known {
        suites: &suites,
        scenarios: &scenarios,
    };
    let entries = all(known);
    // Reports name a case with its values, and the failure of a required feature after that.
    let id = args.id.split('/').next().unwrap_or_default();
    let id = id.strip_prefix(REQUIRED).unwrap_or(id);
    let named = entries
        .iter()
        .filter(|entry| entry.name().eq_ignore_ascii_case(id));
    let texts: Vec<String> = named.map(|entry| entry.explain(known)).collect();
    if texts.is_empty() {
        return Err(CliError::usage(unknown(&args.id, &entries)));
    }
    output(&texts.join("\n"))?;
    Ok(Exit::Success)
}

fn unknown(id: &str, entries: &[Entry<'_>]) -> String {
    let wanted = id.to_lowercase();
    let mut near: Vec<(usize, String)> = entries
        .iter()
        .map(Entry::name)
        .filter_map(|name| {
            let distance = strsim::damerau_levenshtein(&wanted, &name.to_lowercase());
            let inside = name.to_lowercase().contains(&wanted) && wanted.len() > 2;
            let close = distance <= name.len().max(wanted.len()) / 3 + 1;
            (inside || close).then_some((distance, name))
        })
        .collect();
    near.sort();
    near.dedup();
    let names: Vec<String> = near
        .into_iter()
        .take(SUGGESTIONS)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    match names.is_empty() {
        true => format!("there is no `{id}`: `assay list` shows all names"),
        false => format!(
            "there is no `{id}`. The nearest names: {}",
            names.join(", ")
        ),
    }
}
