//! The options of `assay run`, each declared once. What options demand of each other stands in `config::constraints`,
//! because it concerns all sources.

use std::path::PathBuf;
use std::time::Duration;

use crate::catalogue::{Category, Version};
use crate::cli::config::SideInputs;
use crate::cli::connect::ConnectArgs;
use crate::cli::durations::{deadline, duration};
use crate::cli::existing::Existing;
use crate::cli::formats::format;
use crate::cli::numbers::within;
use crate::cli::output_format::OutputFormat;
use crate::cli::output_style::{OutputArgs, When};
use crate::cli::report_run::Deny;
use crate::cli::sources::SourceArgs;
use crate::engine::Pattern;
use crate::report::Format;
use crate::suite::SuiteVersion;

/// The options of a run, as clap reads them after all sources are layered.
#[derive(Debug, Clone, clap::Args)]
pub struct RunArgs {
    /// The registry: a URL or host[:port], optionally with a repository (https://registry.example/team/app)
    #[arg(value_name = "TARGET", env = "ASSAY_TARGET")]
    // clap prints the comment as it is: `[:port]` is no link.
    #[allow(rustdoc::broken_intra_doc_links, rustdoc::bare_urls)]
    pub target: Option<String>,

    /// The version of the specification to judge against
    #[arg(long, default_value = Version::RELEASED.name(), help_heading = "What is tested", help = format!("The version of the specification to judge against: {}", Version::choices()))]
    pub spec: Version,
    /// Run only the cases that match an id, suite, section or requirement, or a glob of one (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "What is tested")]
    pub only: Vec<Pattern>,
    /// Do not run the cases that match (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "What is tested")]
    pub skip: Vec<Pattern>,
    /// Run only these categories
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Category::parse_of_registry, help = format!("Run only these categories: {}", Category::choices_of_registry()), help_heading = "What is tested")]
    pub category: Vec<Category>,
    /// Run only the cases that failed in this report, against the same target, and report which are fixed
    #[arg(long, value_name = "REPORT.json", help_heading = "What is tested")]
    pub rerun: Option<PathBuf>,
    /// A feature that the target must support: the run fails without it (repeatable)
    #[arg(long, value_name = "FEATURE", help_heading = "What is tested")]
    pub require: Vec<String>,
    /// Count only the cases of this version of the suites; newer cases run and are shown, but do not count
    #[arg(long, value_name = "VERSION", value_parser = SuiteVersion::as_of, help_heading = "What is tested")]
    pub as_of: Option<SuiteVersion>,
    #[command(flatten)]
    pub sources: SourceArgs,

    /// The repository that most cases use
    #[arg(long, value_name = "NAME", help_heading = "Target")]
    pub repo: Option<String>,
    /// The second repository, for mounts and isolation
    #[arg(long, value_name = "NAME", help_heading = "Target")]
    pub repo2: Option<String>,
    #[command(flatten)]
    pub connect: ConnectArgs,

    /// Push nothing: test the fixtures of the same --seed, which `assay fixtures export` wrote and a client has pushed
    #[arg(long, help_heading = "How it is run")]
    pub no_push: bool,
    /// Push nothing: test existing content, an image or an index by its tag (repeatable)
    #[arg(
        long,
        value_name = "NAME:TAG",
        value_parser = Existing::read,
        help_heading = "How it is run"
    )]
    pub existing: Vec<Existing>,
    /// The seed of names and content: a number below 2^32; random by default
    #[arg(long, value_name = "N", value_parser = within(0..=u32::MAX), help_heading = "How it is run")]
    pub seed: Option<u32>,
    /// The longest time that a read is retried until it shows a preceding write. Up to 2s, other reads of the run may shorten it
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = duration, help_heading = "How it is run")]
    pub settle: Duration,
    /// The time limit of the run: cases that are not finished by then are in error. The cleanup after it takes at most a minute
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = deadline, help_heading = "How it is run")]
    pub deadline: Duration,

    /// Wait for a registry that is still starting: until it answers, for at most this time
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration, help_heading = "How it is run")]
    pub wait: Duration,

    /// Run a case that fails again, up to N times; it is flaky if it passes then
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = within(0..=10_u8), help_heading = "How it is run")]
    pub retries: u8,

    /// Do not delete the pushed content; `assay clean` deletes it later
    #[arg(long, help_heading = "How it is run")]
    pub keep: bool,
    /// Run again whenever a file of --suites or --fixtures is saved, until Ctrl-C
    #[arg(long, help_heading = "How it is run")]
    pub watch: bool,
    /// Send nothing: print every request of the run, as text or json
    #[arg(
        long,
        value_name = "FORM",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "text",
        help_heading = "How it is run"
    )]
    pub dry_run: Option<OutputFormat>,

    /// Print where the time of the run went
    #[arg(long, help_heading = "Reports")]
    pub timings: bool,
    /// The folder of the reports
    #[arg(
        long,
        value_name = "DIR",
        default_value = "reports",
        help_heading = "Reports"
    )]
    pub out: PathBuf,
    /// The reports to write
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        value_parser = format(),
        default_value = Format::default_list(),
        help_heading = "Reports"
    )]
    pub format: Vec<Format>,
    /// Whether standard error shows progress
    #[arg(long, value_enum, default_value = "auto", help_heading = "Reports")]
    pub progress: When,
    /// Also fail the run for warnings, or for stale entries of the baseline
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        value_delimiter = ',',
        help_heading = "Reports"
    )]
    pub deny: Vec<Deny>,
    /// Known failures, which do not fail the run: a file of `assay baseline`, or a report.json
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
    /// The configuration file; by default assay.toml in the working directory
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// Stop when standard input ends, as at Ctrl-C: `assay fleet run` has the other end
    #[arg(long, hide = true)]
    pub stop_at_eof: bool,
    /// What the sources of options state besides them
    #[arg(skip)]
    pub side_inputs: SideInputs,
}
