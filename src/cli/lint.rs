//! `assay lint`: checks suites, catalogue, fixtures and scenarios for clients.

use std::path::PathBuf;

use super::sources::{FIXTURES_HELP, SourceArgs, load_scenarios, load_with_doubts, show};
use super::{CliError, Exit};
use crate::data::{Diagnostics, Folder, count};

/// What to check.
#[derive(Debug, clap::Args)]
pub struct LintArgs {
    /// A folder of suites; the bundled ones without it
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    #[arg(long, value_name = "DIR", help = FIXTURES_HELP)]
    pub fixtures: Option<PathBuf>,
}

/// Checks the suites.
///
/// # Errors
/// Everything that is wrong; of the bundled suites also what nothing uses; and a folder without a file.
pub fn lint(args: &LintArgs) -> Result<Exit, CliError> {
    let own = args.dir.is_some() || args.fixtures.is_some();
    let sources = SourceArgs {
        suites: args.dir.clone(),
        fixtures: args.fixtures.clone(),
    };
    if let Some(dir) = &args.dir
        && Folder::on_disk(dir).is_ok_and(|folder| folder.files.is_empty())
    {
        return Err(CliError::usage(format!(
            "{} has no YAML file, and so nothing to check: `assay new suite CATEGORY/NAME --suites DIR` writes one",
            dir.display()
        )));
    }
    let sources = sources.read().map_err(|error| match error.option {
        Some("suites") => error.without_option(),
        _ => error,
    })?;
    let mut suites = load_with_doubts(&sources)?;
    let scenarios = load_scenarios(&sources, &suites)?;
    let mut list = suites.lint();
    if !own {
        // What supports a user's suites may have more than they use.
        list.append(&mut suites.unused);
    }
    Diagnostics { list }
        .or(())
        .map_err(|diagnostics| CliError::usage(show(&diagnostics)))?;
    super::output::output(&format!(
        "{}, {}, {}, {}: nothing is wrong with them\n",
        count(suites.suites.len(), "suite"),
        count(suites.cases().count(), "case"),
        count(scenarios.scenarios.len(), "scenario"),
        count(suites.catalogue.iter().count(), "requirement"),
    ))?;
    Ok(Exit::Success)
}
