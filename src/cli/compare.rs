//! `assay compare`: several runs side by side.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::{output, write};
use super::output_style::OutputArgs;
use super::{CliError, Exit};
use crate::record::Run;
use crate::report::{self, compare as views};

/// What to compare, and how it is shown.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// The report.json of each run, perhaps with a name for it: zot=reports/zot.json
    #[arg(value_name = "[NAME=]REPORT.json", required = true, num_args = 2..)]
    pub reports: Vec<String>,
    /// How it is shown
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "terminal")]
    pub format: View,
    /// The file to write; standard output without it
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    look: OutputArgs,
}

/// How a comparison is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum View {
    /// A table for the terminal.
    Terminal,
    /// One page for a browser.
    Html,
    /// For a pull request.
    Markdown,
    /// For programs.
    Json,
}

/// Lays runs side by side.
///
/// # Errors
/// When a report cannot be read, or the comparison cannot be written.
pub fn compare(args: &CompareArgs) -> Result<Exit, CliError> {
    let runs: Result<Vec<_>, CliError> = args.reports.iter().map(|named| read(named)).collect();
    let comparison = views::compare(&runs?);
    let text = match args.format {
        View::Terminal => views::terminal(&comparison, &args.look.standard_output()),
        View::Html => views::html(&comparison).map_err(CliError::usage)?,
        View::Markdown => views::markdown(&comparison),
        View::Json => {
            let text = serde_json::to_string_pretty(&comparison).map_err(CliError::usage)?;
            text + "\n"
        }
    };
    match &args.out {
        None => output(&text)?,
        Some(file) => write(file, &text)?,
    }
    Ok(Exit::Success)
}

/// A file may have an equals sign in its own name: what is there as it stands is a file.
fn read(named: &str) -> Result<(Option<String>, String, Run), CliError> {
    let (name, file) = match named.split_once('=') {
        Some((name, file)) if !Path::new(named).exists() => (Some(name.to_owned()), file),
        Some(_) | None => (None, named),
    };
    let run = report::read(Path::new(file)).map_err(CliError::usage)?;
    Ok((name, file.to_owned(), run))
}
