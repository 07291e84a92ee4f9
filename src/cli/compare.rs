//! `assay compare`: compares several runs.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::{output, write};
use super::output_style::OutputArgs;
use super::{CliError, Exit};
use crate::record::Run;
use crate::report::{self, compare as views};

/// What to compare, and the output.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// The report.json of each run, optionally with a name: zot=reports/zot.json
    #[arg(value_name = "[NAME=]REPORT.json", required = true, num_args = 2..)]
    pub reports: Vec<String>,
    /// The output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "terminal")]
    pub format: View,
    /// The file to write; standard output by default
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// An output format.
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

/// Compares runs.
///
/// # Errors
/// A report that cannot be read, or a comparison that cannot be written.
pub fn compare(args: &CompareArgs) -> Result<Exit, CliError> {
    let runs: Result<Vec<_>, CliError> = args.reports.iter().map(|named| read(named)).collect();
    let comparison = views::compare(&runs?);
    let text = match args.format {
        View::Terminal => views::terminal(&comparison, &args.output.standard_output()),
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

/// A file name may contain an equals sign: if the whole text names an existing file, it has no name part.
fn read(named: &str) -> Result<(Option<String>, String, Run), CliError> {
    let (name, file) = match named.split_once('=') {
        Some((name, file)) if !Path::new(named).exists() => (Some(name.to_owned()), file),
        Some(_) | None => (None, named),
    };
    let run = report::read(Path::new(file)).map_err(CliError::usage)?;
    Ok((name, file.to_owned(), run))
}
