//! The suites: the bundled ones, or the user's.

use std::path::PathBuf;

use miette::GraphicalReportHandler;

use super::CliError;
use crate::client_test::Scenarios;
use crate::data::Diagnostics;
use crate::suite::{Sources, Suites};

/// The help of `--fixtures`, in every command.
pub const FIXTURES_HELP: &str =
    "A folder of fixtures to use in addition to (or instead of) the bundled ones";

/// The options that choose suites and fixtures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, clap::Args)]
pub struct SourceArgs {
    /// A folder of suites to use instead of the bundled ones
    #[arg(long, value_name = "DIR", env = "ASSAY_SUITES")]
    pub suites: Option<PathBuf>,
    #[arg(long, value_name = "DIR", env = "ASSAY_FIXTURES", help = FIXTURES_HELP)]
    pub fixtures: Option<PathBuf>,
}

impl SourceArgs {
    /// Reads and checks the suites.
    ///
    /// # Errors
    /// A folder that cannot be read, or all mistakes in the files, each with its line.
    pub fn load(&self) -> Result<Suites, CliError> {
        load(&self.read()?)
    }

    /// Reads and checks the suites, and the scenarios for clients.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_with_scenarios(&self) -> Result<(Suites, Scenarios), CliError> {
        let sources = self.read()?;
        let suites = load(&sources)?;
        let scenarios = load_scenarios(&sources, &suites)?;
        Ok((suites, scenarios))
    }

    /// The files.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn read(&self) -> Result<Sources, CliError> {
        let sources = Sources::with(self.suites.as_deref(), self.fixtures.as_deref());
        sources.map_err(|error| CliError::of_option(error.option, error.reason()))
    }
}

/// Checks the suites among some files.
///
/// # Errors
/// All mistakes in the files, each with its line.
pub fn load(sources: &Sources) -> Result<Suites, CliError> {
    Suites::load(sources).map_err(refused)
}

/// The same, with what `assay lint` doubts.
///
/// # Errors
/// As [`load`].
pub fn load_with_doubts(sources: &Sources) -> Result<Suites, CliError> {
    Suites::load_with_doubts(sources).map_err(refused)
}

/// Checks the scenarios for clients among some files.
///
/// # Errors
/// All mistakes in the files, each with its line.
pub fn load_scenarios(sources: &Sources, suites: &Suites) -> Result<Scenarios, CliError> {
    Scenarios::load(&sources.suites, &suites.catalogue).map_err(refused)
}

fn refused(diagnostics: Diagnostics) -> CliError {
    CliError::usage(show(&diagnostics))
}

/// Diagnostics, each as file, line, column, the offending line and the way out.
pub fn show(diagnostics: &Diagnostics) -> String {
    format!("{diagnostics}\n{}", show_each(diagnostics))
}

/// The same without a heading.
pub fn show_each(diagnostics: &Diagnostics) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new()
        .with_theme(miette::GraphicalTheme::unicode_nocolor())
        .with_links(false);
    for diagnostic in &diagnostics.list {
        // Writing to a text cannot fail.
        let _ = handler.render_report(&mut text, diagnostic);
    }
    text.trim_end().to_owned()
}
