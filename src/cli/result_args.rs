//! Where the result of a command goes that judges a client or traffic: the reports, and what fails.

use std::path::PathBuf;

use super::CliError;
use super::formats::format;
use super::output_style::OutputArgs;
use super::report_run::{Deny, Output, ReportOptions, baseline};
use crate::report::Format;

/// The reports, and what fails.
#[derive(Debug, Clone, clap::Args)]
pub struct ResultArgs {
    /// The folder of the reports
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// The reports to write
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = format(), default_value = Format::default_list())]
    format: Vec<Format>,
    /// Also fail for warnings
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    deny: Vec<Deny>,
    /// Known failures, which do not fail: a file of `assay baseline`, or a report.json
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl ResultArgs {
    /// Opens the folder of the reports.
    ///
    /// # Errors
    /// A baseline that cannot be read, or a folder that cannot be written to.
    pub fn open(&self) -> Result<Output, CliError> {
        Output::open(ReportOptions {
            out: self.out.clone(),
            formats: self.format.clone(),
            deny: self.deny.clone(),
            baseline: self.baseline.as_deref().map(baseline).transpose()?,
            style: self.output.standard_output(),
            timings: false,
        })
    }
}
