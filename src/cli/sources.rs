//! Which suites: the bundled ones, or the user's.

use std::path::PathBuf;

use miette::GraphicalReportHandler;

use super::Refusal;
use crate::data::Mistakes;
use crate::suite::{Sources, Suites};

/// The options by which suites and fixtures are chosen.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SourceArgs {
    /// A folder of suites to use instead of the bundled ones
    #[arg(long, value_name = "DIR", env = "ASSAY_SUITES")]
    pub suites: Option<PathBuf>,
    /// A folder of fixtures to use beside (or instead of) the bundled ones
    #[arg(long, value_name = "DIR", env = "ASSAY_FIXTURES")]
    pub fixtures: Option<PathBuf>,
}

impl SourceArgs {
    /// The suites, read and checked.
    ///
    /// # Errors
    /// A folder that cannot be read, or all mistakes in the files, each with its place.
    pub fn load(&self) -> Result<Suites, Refusal> {
        let sources = Sources::with(self.suites.as_deref(), self.fixtures.as_deref());
        let sources = sources.map_err(Refusal::usage)?;
        Suites::load(&sources).map_err(|mistakes| Refusal::usage(show(&mistakes)))
    }
}

/// Mistakes, each as file, line, column, the offending line and the way out.
pub fn show(mistakes: &Mistakes) -> String {
    format!("{mistakes}\n{}", show_each(mistakes))
}

/// The mistakes without a heading.
pub fn show_each(mistakes: &Mistakes) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new()
        .with_theme(miette::GraphicalTheme::unicode_nocolor())
        .with_links(false);
    for mistake in &mistakes.list {
        // Writing to a text cannot fail.
        let _ = handler.render_report(&mut text, mistake);
    }
    text.trim_end().to_owned()
}
