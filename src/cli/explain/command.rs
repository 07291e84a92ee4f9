//! What is asked: names, the nearest ones, and what is said.

use super::entries::{Entry, all};
use crate::cli::output::output;
use crate::cli::sources::SourceArgs;
use crate::cli::{CliError, Exit};
use crate::record::REQUIRED;

/// What to explain.
#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// A requirement, case, set-up, feature, fault, variant, profile, category, error code or exit status
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    sources: SourceArgs,
}

/// How many names are offered for one that there is not.
const OFFERED: usize = 5;

/// Explains everything of that name: a case may be called as the requirement that it tests.
///
/// # Errors
/// When nothing has the name; the nearest names are said.
pub fn explain(args: &ExplainArgs) -> Result<Exit, CliError> {
    let suites = args.sources.load()?;
    let things = all(&suites);
    // Reports name a case with its values, and the failure of a required feature after that.
    let id = args.id.split('/').next().unwrap_or_default();
    let id = id.strip_prefix(REQUIRED).unwrap_or(id);
    let named = things
        .iter()
        .filter(|thing| thing.name().eq_ignore_ascii_case(id));
    let texts: Vec<String> = named.map(|thing| thing.explain(&suites)).collect();
    if texts.is_empty() {
        return Err(CliError::usage(unknown(&args.id, &things)));
    }
    output(&texts.join("\n"))?;
    Ok(Exit::Success)
}

fn unknown(id: &str, things: &[Entry<'_>]) -> String {
    let wanted = id.to_lowercase();
    let mut near: Vec<(usize, String)> = things
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
        .take(OFFERED)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    match names.is_empty() {
        true => format!("nothing is called `{id}`: `assay list` names everything"),
        false => format!(
            "nothing is called `{id}`. The nearest names: {}",
            names.join(", ")
        ),
    }
}
