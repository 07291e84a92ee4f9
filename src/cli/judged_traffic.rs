//! What `assay proxy` and `assay judge` have in common: by which rules traffic is judged, and how that is reported.

use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use super::CliError;
use super::formats::format;
use super::output_style::OutputArgs;
use super::report_run::{Deny, Output, ReportOptions, baseline};
use super::sources::SourceArgs;
use crate::catalogue::Version;
use crate::client::Redactor;
use crate::report::Format;
use crate::traffic::{Judge, JudgedParties};

/// A side of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PartyArg {
    /// The responses.
    Registry,
    /// The requests.
    Client,
}

/// The rules, and the reports.
#[derive(Debug, Clone, clap::Args)]
pub struct JudgingArgs {
    /// The version of the specification to judge against
    #[arg(long, default_value = "1.1", help = format!("The version of the specification to judge against: {}", Version::choices()))]
    spec: Version,
    /// Judge one side alone: tests of a registry send wrong requests on purpose
    #[arg(long, value_name = "SIDE", value_enum)]
    party: Option<PartyArg>,
    #[command(flatten)]
    sources: SourceArgs,
    /// The folder of the reports
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// The reports to write
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = format(), default_value = "json,junit,html")]
    format: Vec<Format>,
    /// Also fail for warnings
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    deny: Vec<Deny>,
    /// Known failures, which do not fail: a file of `assay baseline`, or a report.json
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

impl JudgingArgs {
    /// The judge, and where its result goes.
    ///
    /// # Errors
    /// Suites with mistakes, a baseline that cannot be read, or a folder that cannot be written to.
    pub fn prepare(&self) -> Result<(Judge, Output), CliError> {
        let (suites, scenarios) = self.sources.load_with_scenarios()?;
        let parties = JudgedParties {
            registry: self.party != Some(PartyArg::Client),
            client: self.party != Some(PartyArg::Registry),
        };
        let mut rules = scenarios.observed;
        rules.extend(scenarios.traffic);
        let redactor = Arc::new(Redactor::default());
        let judge = Judge::new(&Arc::new(suites), rules, self.spec, parties, redactor);
        let output = Output::open(ReportOptions {
            out: self.out.clone(),
            formats: self.format.clone(),
            deny: self.deny.clone(),
            baseline: self.baseline.as_deref().map(baseline).transpose()?,
            style: self.output.standard_output(),
            timings: false,
        })?;
        Ok((judge, output))
    }
}
