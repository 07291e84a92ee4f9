//! `assay lint`: suites, catalogue and fixtures hold together.

use std::path::PathBuf;

use super::sources::{SourceArgs, show};
use super::{CliError, Exit};
use crate::data::Diagnostics;

/// What to check.
#[derive(Debug, clap::Args)]
pub struct LintArgs {
    /// A folder of suites; the bundled ones without it
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// A folder of fixtures to use beside (or instead of) the bundled ones
    #[arg(long, value_name = "DIR")]
    pub fixtures: Option<PathBuf>,
}

/// Checks, and says what is wrong.
///
/// # Errors
/// All mistakes, and what nothing uses.
pub fn lint(args: &LintArgs) -> Result<Exit, CliError> {
    let own = args.dir.is_some() || args.fixtures.is_some();
    let sources = SourceArgs {
        suites: args.dir.clone(),
        fixtures: args.fixtures.clone(),
    };
    let mut suites = sources.load()?;
    if !own {
        // What supports a user's suites may well have more than they use.
        let unused = Diagnostics {
            list: std::mem::take(&mut suites.unused),
        };
        unused
            .or(())
            .map_err(|diagnostics| CliError::usage(show(&diagnostics)))?;
    }
    super::output::output(&format!(
        "{} suites, {} cases, {} requirements: nothing is wrong with them\n",
        suites.suites.len(),
        suites.cases().count(),
        suites.catalogue.iter().count(),
    ))?;
    Ok(Exit::Success)
}
