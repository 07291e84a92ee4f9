//! `assay report`: renders a finished run again.

use std::path::PathBuf;

use super::formats::format;
use super::output::{output, output_words};
use super::output_style::OutputArgs;
use super::{CliError, Exit};
use crate::report::{self, Folder, Format};

/// What to render, and the output.
#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// The report.json of a run
    #[arg(value_name = "REPORT.json")]
    pub report: PathBuf,
    /// The formats to render; by default the summary of the run
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = format())]
    pub format: Vec<Format>,
    /// The folder of the reports; by default, one format goes to standard output
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// # Errors
/// A report that cannot be read or written.
pub fn report(args: &ReportArgs) -> Result<Exit, CliError> {
    let mut run = report::read(&args.report).map_err(CliError::usage)?;
    run.file = Some(args.report.clone());
    let text = match (args.format.as_slice(), &args.out) {
        ([], None) => {
            let style = args.output.standard_output();
            output_words(&report::terminal::summary(&run, &[], &style))?;
            return Ok(Exit::Success);
        }
        ([], Some(folder)) => write(args, folder, &run, Format::DEFAULT)?,
        ([one], None) => report::render(&run, *one).map_err(CliError::usage)?,
        (_, None) => {
            return Err(CliError::usage("several formats need a folder: set --out"));
        }
        (several, Some(folder)) => write(args, folder, &run, several)?,
    };
    output(&text)?;
    Ok(Exit::Success)
}

fn write(
    args: &ReportArgs,
    folder: &std::path::Path,
    run: &crate::record::Run,
    formats: &[Format],
) -> Result<String, CliError> {
    let folder = Folder::open(folder).map_err(CliError::usage)?;
    let written = folder.write(run, formats).map_err(CliError::usage)?;
    Ok(report::terminal::written(
        &written,
        &args.output.standard_output(),
    ))
}
