//! `assay client run`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::catalogue::Version;
use crate::cli::durations::time_limit;
use crate::cli::numbers::within;
use crate::cli::output_style::When;
use crate::cli::result_args::ResultArgs;
use crate::cli::signals::Interrupts;
use crate::cli::sources::{SourceArgs, show_each};
use crate::cli::{CliError, Exit};
use crate::client_test::{
    LoadedAdapter, Questions, Rule, Scenario, Scenarios, Settings, adapters, load_adapter,
    run as run_trials,
};
use crate::data::{Diagnostic, Diagnostics, File, did_you_mean, read_bounded};
use crate::engine::Pattern;
use crate::record::JudgedBy;
use crate::report::terminal;
use crate::traffic::{About, Observed};

/// The largest adapter that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What is printed when a signal comes before the first scenario.
const INTERRUPTED: &str = "interrupted before the first scenario: no report is written";

/// The options of a client's run.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// The client: a name that `assay client list` shows
    #[arg(value_name = "NAME", conflicts_with = "adapter")]
    name: Option<String>,
    /// How to use any other client: a TOML file (docs/clients.md)
    #[arg(long, value_name = "FILE")]
    adapter: Option<PathBuf>,
    /// The version of the specification to judge against
    #[arg(long, default_value = Version::RELEASED.name(), help = format!("The version of the specification to judge against: {}", Version::choices()))]
    spec: Version,
    /// Run only the scenarios that match an id, suite, section or requirement, or a glob of one (repeatable)
    #[arg(long, value_name = "PATTERN")]
    only: Vec<Pattern>,
    /// Do not run the scenarios that match (repeatable)
    #[arg(long, value_name = "PATTERN")]
    skip: Vec<Pattern>,
    /// How long each command of the client may run
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = time_limit)]
    timeout: Duration,
    /// How many scenarios run at the same time
    #[arg(long, value_name = "N", default_value = "4", value_parser = within(1..=32_u8))]
    jobs: u8,
    #[command(flatten)]
    sources: SourceArgs,
    /// Whether standard error shows progress
    #[arg(long, value_enum, default_value = "auto")]
    progress: When,
    #[command(flatten)]
    result: ResultArgs,
}

/// Tests a client, writes the reports and prints the result.
///
/// # Errors
/// What keeps the client from being tested or reported.
pub async fn run(args: RunArgs) -> Result<Exit, CliError> {
    let interrupts = Interrupts::install(INTERRUPTED);
    let mut adapter = match (&args.adapter, &args.name) {
        (Some(path), _) => adapter_of(path)?,
        (None, Some(name)) => bundled_adapter(name)?,
        (None, None) => {
            let message = "name a client that `assay client list` shows, or an adapter of your own with --adapter FILE";
            return Err(CliError::usage(message));
        }
    };
    if let Some(program) = adapter
        .text
        .program_from
        .as_deref()
        .and_then(|name| std::env::var(name).ok())
    {
        adapter.text.program = program;
    }
    let (suites, all) = args.sources.load_with_scenarios()?;
    let (scenarios, observed) = args.selection().chosen(all);
    if scenarios.is_empty() {
        let message = "no scenario matches: `assay client list --scenarios` shows them";
        return Err(CliError::usage(message));
    }
    let output = args.result.open()?;
    let settings = Settings {
        spec: args.spec,
        limit: args.timeout,
        jobs: usize::from(args.jobs),
        path: std::env::var("PATH").unwrap_or_default(),
        partial: args.selection().is_partial(),
        judged_by: match &args.adapter {
            Some(file) => JudgedBy::Adapter(file.display().to_string()),
            None => JudgedBy::Client(adapter.text.name.clone()),
        },
    };
    let (events, on_event) = mpsc::unbounded_channel();
    let progress = tokio::spawn(terminal::follow(
        on_event,
        args.result.output.progress(args.progress),
        args.result.output.standard_error(),
    ));
    let stop = interrupts.stop_gracefully();
    let questions = Questions {
        scenarios: &scenarios,
        observed: &observed,
        catalogue: &suites.catalogue,
    };
    let run = run_trials(&adapter, questions, &settings, events, stop);
    let mut record = run.await.map_err(CliError::no_verdict)?;
    // A failure to show progress changes no result.
    let _ = progress.await;
    output.report(&mut record)
}

impl RunArgs {
    fn selection(&self) -> Selection<'_> {
        Selection {
            only: &self.only,
            skip: &self.skip,
        }
    }
}

/// The user's selection of scenarios.
struct Selection<'a> {
    only: &'a [Pattern],
    skip: &'a [Pattern],
}

impl Selection<'_> {
    fn is_partial(&self) -> bool {
        !self.only.is_empty() || !self.skip.is_empty()
    }

    fn chosen(&self, all: Scenarios) -> (Vec<Scenario>, Vec<Observed<Rule>>) {
        let takes = |about: &About, requirements: &[&str]| {
            let names = [&*about.id, &about.suite, &about.section];
            let names: Vec<&str> = names
                .into_iter()
                .chain(requirements.iter().copied())
                .collect();
            let any = |patterns: &[Pattern]| {
                patterns
                    .iter()
                    .any(|one| names.iter().any(|name| one.matches_text(name)))
            };
            (self.only.is_empty() || any(self.only)) && !any(self.skip)
        };
        let of = |one: &Scenario| {
            let expected: Vec<&str> = one.expect.keys().map(String::as_str).collect();
            takes(&one.about, &expected)
        };
        let observed = all.observed.into_iter();
        let observed: Vec<Observed<Rule>> = observed
            .filter(|one| takes(&one.about, &[&one.requirement]))
            .collect();
        let scenarios: Vec<Scenario> = all
            .scenarios
            .iter()
            .filter(|one| of(one))
            .cloned()
            .collect();
        match scenarios.is_empty() && !observed.is_empty() {
            // What is observed needs something to observe.
            true => (all.scenarios, observed),
            false => (scenarios, observed),
        }
    }
}

/// The bundled adapters.
///
/// # Errors
/// Their mistakes.
pub fn bundled_adapters() -> Result<Vec<LoadedAdapter>, CliError> {
    adapters().map_err(mistakes)
}

fn bundled_adapter(name: &str) -> Result<LoadedAdapter, CliError> {
    let adapters = bundled_adapters()?;
    let known: Vec<&str> = adapters.iter().map(|one| one.text.name.as_str()).collect();
    let hint = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| {
        let known = known.join(", ");
        format!("use one of {known}, or write your own (--adapter FILE)")
    });
    let message = format!("there is no adapter for `{name}`: {hint}");
    let found = adapters.iter().find(|one| one.text.name == name).cloned();
    found.ok_or_else(|| CliError::usage(message))
}

fn adapter_of(path: &Path) -> Result<LoadedAdapter, CliError> {
    let text = read_bounded(path, LARGEST)
        .map_err(|error| CliError::usage(format!("cannot read {}: {error}", path.display())))?;
    load_adapter(&File::new(path.to_string_lossy(), text)).map_err(mistakes)
}

fn mistakes(list: Vec<Diagnostic>) -> CliError {
    let shown = show_each(&Diagnostics { list });
    CliError::usage(format!("the adapter has mistakes\n{shown}"))
}
