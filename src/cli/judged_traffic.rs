//! What `assay proxy` and `assay judge` have in common: by which rules traffic is judged, and how that is reported.

use std::sync::Arc;

use super::CliError;
use super::party_arg::PartyArg;
use super::report_run::Output;
use super::result_args::ResultArgs;
use super::sources::SourceArgs;
use crate::catalogue::{Party, Version};
use crate::traffic::Judge;

/// The rules, and the reports.
#[derive(Debug, Clone, clap::Args)]
pub struct JudgingArgs {
    /// The version of the specification to judge against
    #[arg(long, default_value = Version::RELEASED.name(), help = format!("The version of the specification to judge against: {}", Version::choices()))]
    spec: Version,
    /// Judge one side alone: tests of a registry send wrong requests on purpose
    #[arg(long, value_name = "SIDE", value_enum)]
    party: Option<PartyArg>,
    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    result: ResultArgs,
}

impl JudgingArgs {
    /// The judge, and where its result goes.
    ///
    /// # Errors
    /// Suites with mistakes, a baseline that cannot be read, or a folder that cannot be written to.
    pub fn prepare(&self) -> Result<(Judge, Output), CliError> {
        let (suites, scenarios) = self.sources.load_with_scenarios()?;
        let judge = Judge::new(
            &Arc::new(suites),
            scenarios.for_traffic(),
            self.spec,
            self.party.map(Party::from),
        );
        Ok((judge, self.result.open()?))
    }
}
