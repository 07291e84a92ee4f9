//! `assay compare`: compares several runs.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::output::{output, output_words, write};
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
    let runs = runs?;
    let named = runs
        .iter()
        .map(|(name, file, run)| (name.clone(), file.clone(), run));
    let mut comparison = views::compare(&named.collect::<Vec<_>>());
    if let Some(out) = &args.out {
        for (column, named) in comparison.columns.iter_mut().zip(&args.reports) {
            column.report = page_beside(Path::new(split(named).1), out);
        }
    }
    let text = match args.format {
        View::Terminal => views::terminal(&comparison, &args.output.standard_output()),
        View::Html => views::html(&comparison, None).map_err(CliError::usage)?,
        View::Markdown => views::markdown(&comparison),
        View::Json => {
            let text = serde_json::to_string_pretty(&comparison).map_err(CliError::usage)?;
            text + "\n"
        }
    };
    match &args.out {
        None if args.format == View::Terminal => output_words(&text)?,
        None => output(&text)?,
        Some(file) => write(file, &text)?,
    }
    Ok(Exit::Success)
}

/// The name and the file of an argument. A file name may contain an equals sign: if the whole text names an existing file,
/// it has no name part.
fn split(named: &str) -> (Option<&str>, &str) {
    match named.split_once('=') {
        Some((name, file)) if !Path::new(named).exists() => (Some(name), file),
        Some(_) | None => (None, named),
    }
}

fn read(named: &str) -> Result<(Option<String>, String, Run), CliError> {
    let (name, file) = split(named);
    let run = report::read(Path::new(file)).map_err(CliError::usage)?;
    Ok((name.map(str::to_owned), file.to_owned(), run))
}

/// The address of the page that stands beside a report, from the comparison: only where both can be moved together, that is
/// where the page is below the folder of the comparison.
fn page_beside(report: &Path, out: &Path) -> Option<String> {
    let page = report.with_file_name("report.html").canonicalize().ok()?;
    let folder = match out.parent() {
        Some(parent) if parent != Path::new("") => parent.canonicalize().ok()?,
        Some(_) | None => Path::new(".").canonicalize().ok()?,
    };
    let parts = page.strip_prefix(folder).ok()?.components();
    let parts = parts.map(|part| {
        let part = part.as_os_str().to_string_lossy();
        url::form_urlencoded::byte_serialize(part.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    });
    Some(parts.collect::<Vec<String>>().join("/"))
}
