//! `assay run`: test a registry.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::config::SideInputs;
use super::connect::{ConnectArgs, connect, reach};
use super::durations::{deadline, duration};
use super::existing::{self, Existing};
use super::formats::format;
use super::github_actions::Actions;
use super::output_style::{OutputArgs, When};
use super::report_run::{Deny, RunReport};
use super::rerun::PreviousRun;
use super::sources::SourceArgs;
use super::{CliError, Exit};
use crate::catalogue::{Category, Version};
use crate::client::{self, Address, RegistryClient};
use crate::engine::{self, Claim, Pattern, Plan, PlanError, Selection};
use crate::record::Run;
use crate::registry::{self, Server};
use crate::report::{self, Format};
use crate::suite::{SuiteVersion, Suites};

/// The repositories that are used unless told.
pub const REPOS: [&str; 2] = ["conformance/repo1", "conformance/repo2"];

/// What to test, and how.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// A URL or host[:port], perhaps with a repository: https://registry.example/team/app
    #[arg(value_name = "TARGET", env = "ASSAY_TARGET")]
    pub target: Option<String>,

    /// The version of the specification to judge against: 1.0, 1.1 or dev
    #[arg(
        long,
        default_value = "1.1",
        env = "ASSAY_SPEC",
        help_heading = "What is tested"
    )]
    pub spec: Version,
    /// Only cases that match: an id, suite, section or requirement, or a glob of it (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "What is tested")]
    pub only: Vec<Pattern>,
    /// All but the cases that match (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "What is tested")]
    pub skip: Vec<Pattern>,
    /// Only these categories: pull, push, discovery, management, everywhere
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Category::parse, help_heading = "What is tested")]
    pub category: Vec<Category>,
    /// Only what failed in the run of this report, against the same target: says what is fixed and what is not
    #[arg(long, value_name = "REPORT.json", help_heading = "What is tested")]
    pub rerun: Option<PathBuf>,
    /// A feature that the target must have: leaving it out fails the run (repeatable)
    #[arg(long, value_name = "FEATURE", help_heading = "What is tested")]
    pub require: Vec<String>,
    /// Judge by the cases of a version of the suites; newer ones are run, shown, and not counted
    #[arg(long, value_name = "VERSION", value_parser = SuiteVersion::as_of, help_heading = "What is tested")]
    pub as_of: Option<SuiteVersion>,
    #[command(flatten)]
    pub sources: SourceArgs,

    /// The repository that most of the run uses
    #[arg(long, value_name = "NAME", env = "ASSAY_REPO", help_heading = "Target")]
    pub repo: Option<String>,
    /// The second repository, for mounts and isolation
    #[arg(
        long,
        value_name = "NAME",
        env = "ASSAY_REPO2",
        help_heading = "Target"
    )]
    pub repo2: Option<String>,
    #[command(flatten)]
    pub connect: ConnectArgs,

    /// Push nothing: test what `assay fixtures export` wrote for the same --seed and a client loaded
    #[arg(
        long,
        requires = "seed",
        env = "ASSAY_NO_PUSH",
        help_heading = "How it is run"
    )]
    pub no_push: bool,
    /// Push nothing: test content that is there already, an image or an index by its tag (repeatable)
    #[arg(
        long,
        value_name = "NAME:TAG",
        value_parser = Existing::read,
        conflicts_with = "no_push",
        help_heading = "How it is run"
    )]
    pub existing: Vec<Existing>,
    /// What unique names and content are drawn from: a number below 2^32
    #[arg(
        long,
        value_name = "N",
        env = "ASSAY_SEED",
        help_heading = "How it is run"
    )]
    pub seed: Option<u32>,
    /// How long a read is repeated that does not yet show what was written
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = duration, env = "ASSAY_SETTLE", help_heading = "How it is run")]
    pub settle: Duration,
    /// How long the whole run may take: then what is left is in error, and what was finished is reported
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = deadline, env = "ASSAY_DEADLINE", help_heading = "How it is run")]
    pub deadline: Duration,

    /// Leave what the run pushed in the registry; `assay clean` deletes it later
    #[arg(long, help_heading = "How it is run")]
    pub keep: bool,
    /// Send nothing: print every request that would be sent, as text or json
    #[arg(
        long,
        value_name = "FORM",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "text",
        help_heading = "How it is run"
    )]
    pub dry_run: Option<super::dry_run::Form>,

    /// Where reports go
    #[arg(
        long,
        value_name = "DIR",
        default_value = "reports",
        env = "ASSAY_OUT",
        help_heading = "Reports"
    )]
    pub out: PathBuf,
    /// Which reports are written
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        value_parser = format(),
        default_value = "json,junit,html",
        env = "ASSAY_FORMAT",
        help_heading = "Reports"
    )]
    pub format: Vec<Format>,
    /// Whether progress is shown on standard error
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        env = "ASSAY_PROGRESS",
        help_heading = "Reports"
    )]
    pub progress: When,
    /// Fail the run for warnings too, or for entries of the baseline that are stale
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        value_delimiter = ',',
        env = "ASSAY_DENY",
        help_heading = "Reports"
    )]
    pub deny: Vec<Deny>,
    /// Known failures, which do not fail the run: a file of `assay baseline`, or a report.json
    #[arg(
        long,
        value_name = "FILE",
        env = "ASSAY_BASELINE",
        help_heading = "Reports"
    )]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub look: OutputArgs,
    /// The file of options: assay.toml of the working directory unless told
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// What was said neither by flags nor by options
    #[arg(skip)]
    pub side_inputs: SideInputs,
}

/// Tests a registry, writes the reports and prints the result.
///
/// # Errors
/// Whatever keeps the run from being done or reported.
pub async fn run(args: RunArgs) -> Result<Exit, CliError> {
    run_and_record(args).await.map(|(exit, _)| exit)
}

/// The same, with the record; there is none where nothing was sent.
///
/// # Errors
/// Like [`run`].
pub(super) async fn run_and_record(args: RunArgs) -> Result<(Exit, Option<Run>), CliError> {
    for note in &args.side_inputs.notes {
        eprintln!("note: {note}");
    }
    let previous = args.side_inputs.previous.as_deref();
    if let Some(previous) = previous.filter(|previous| previous.ids().is_empty()) {
        super::output::output(&previous.nothing())?;
        return Ok((Exit::Success, None));
    }
    let address = args.target.as_deref().map(Address::parse).transpose();
    let address = address.map_err(CliError::usage)?;
    let (repo, repo2) = repositories(&args, address.as_ref())?;
    let suites = Arc::new(args.sources.load()?);
    if !args.existing.is_empty() {
        engine::check_substitutes(&suites).map_err(CliError::usage)?;
    }
    let claims = super::claims::claims(&args.require, &args.side_inputs, &suites)?;
    let plan = planned(&args, &suites, &claims)?;
    let baseline = args.baseline.as_deref().map(super::report_run::baseline);
    let baseline = baseline.transpose()?;
    if let Some(form) = args.dry_run {
        let dry_run = engine::dry_run(&plan, &suites, [&repo, &repo2]);
        return super::dry_run::print(&dry_run, form).map(|exit| (exit, None));
    }
    let out = previous.map(|previous| previous.out(&args.out));
    let folder =
        report::Folder::open(out.as_ref().unwrap_or(&args.out)).map_err(CliError::usage)?;
    let (target, bundled) = attach(&args, address, &repo).await?;
    let actions = Actions::begin();
    target
        .preflight(&[&repo, &repo2])
        .await
        .map_err(CliError::no_verdict)?;
    let mut stop = super::signals::stop_on_interrupt();
    look_before_pushing(&args, &plan, &target, [&repo, &repo2], &mut stop).await?;
    let settings = settings(&args, [repo, repo2], claims, bundled.is_some());
    let (tell, on_event) = mpsc::unbounded_channel();
    let shown = tokio::spawn(report::terminal::follow(
        on_event,
        args.look.progress(args.progress),
    ));
    let mut record = engine::run(plan, suites, target, settings, tell, stop).await;
    // Progress is only decoration: what becomes of it changes nothing.
    let _ = shown.await;
    if let Some(server) = bundled {
        server.stop().await;
    }
    record.rerun = previous.map(|previous| previous.side_inputs(&record));
    let look = args.look.standard_output();
    let exit = RunReport {
        folder: &folder,
        formats: &args.format,
        deny: &args.deny,
        baseline: baseline.as_ref(),
        look,
        keep: args.keep,
    }
    .finish(&mut record)?;
    actions.tell(&record)?;
    Ok((exit, Some(record)))
}

/// What is run of the suites.
fn planned(args: &RunArgs, suites: &Suites, claims: &[Claim]) -> Result<Plan, CliError> {
    let previous = args.side_inputs.previous.as_deref();
    let selection = Selection {
        only: args.only.clone(),
        skip: args.skip.clone(),
        categories: args.category.clone(),
        requirements: Vec::new(),
        find_out: claims.iter().map(|claim| claim.feature.clone()).collect(),
        as_of: args.as_of,
        ids: previous.map(PreviousRun::ids).unwrap_or_default(),
    };
    engine::plan(suites, args.spec, &selection).map_err(|error| match (error, previous) {
        (PlanError::Nothing(_), Some(previous)) => CliError::usage(previous.unmatched()),
        (error, _) => CliError::usage(error),
    })
}

/// The client of what is tested, and the bundled registry, where that is what is tested.
async fn attach(
    args: &RunArgs,
    address: Option<Address>,
    repo: &str,
) -> Result<(RegistryClient, Option<Server>), CliError> {
    if let Some(address) = address {
        let password = args.side_inputs.password.clone();
        let target = connect(&args.connect, password, &address, repo).await?;
        return Ok((target, None));
    }
    let server = start_bundled().await?;
    let address = Address::parse(&server.url()).map_err(CliError::usage)?;
    Ok((reach(&args.connect, &address, None)?, Some(server)))
}

impl RunArgs {
    /// Whether the user wants nothing to be pushed.
    fn pushes_nothing(&self) -> bool {
        self.no_push || !self.existing.is_empty()
    }
}

/// Ends the run before it begins where it would push and may not.
async fn look_before_pushing(
    args: &RunArgs,
    plan: &Plan,
    target: &RegistryClient,
    repos: [&str; 2],
    stop: &mut watch::Receiver<bool>,
) -> Result<(), CliError> {
    // Where the seed was chosen, what would be pushed may be there already.
    if plan.pushes() && !args.pushes_nothing() && args.seed.is_none() {
        tokio::select! {
            may_push = target.may_push(&repos) => may_push.map_err(CliError::no_verdict)?,
            // The run says itself that it was stopped.
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
    Ok(())
}

fn settings(
    args: &RunArgs,
    [repo, repo2]: [String; 2],
    claims: Vec<Claim>,
    bundled: bool,
) -> engine::Settings {
    engine::Settings {
        spec: args.spec,
        repo,
        repo2,
        seed: args.seed.unwrap_or_else(rand::random),
        settle: args.settle,
        jobs: usize::from(args.connect.jobs),
        deadline: args.deadline,
        look_first: args.seed.is_some(),
        leftovers: match (bundled, args.keep) {
            (true, _) => engine::Leftovers::Vanish,
            (false, true) => engine::Leftovers::Keep,
            (false, false) => engine::Leftovers::Delete,
        },
        bundled,
        no_push: args.pushes_nothing(),
        existing: args.existing.iter().map(|one| one.tag.clone()).collect(),
        claims,
        as_of: args.as_of,
    }
}

/// The two repositories: as told, or from the target, or the usual ones.
fn repositories(args: &RunArgs, address: Option<&Address>) -> Result<(String, String), CliError> {
    let previous = args.side_inputs.previous.as_ref();
    let [first, second] = previous.map_or(REPOS, |previous| previous.repositories());
    let named = address.and_then(|address| address.repository.clone());
    let existing = existing::repository(&args.existing, args.repo.as_ref().or(named.as_ref()))?;
    let named = args.repo.clone().or(existing).or(named);
    let repo = named.unwrap_or_else(|| first.into());
    let repo2 = args.repo2.clone().unwrap_or_else(|| second.into());
    for (option, name) in [("--repo", &repo), ("--repo2", &repo2)] {
        client::check_repository(name)
            .map_err(|error| CliError::usage(format!("{option}: {error}")))?;
    }
    if repo == repo2 {
        return Err(CliError::usage(format!(
            "--repo and --repo2 are both `{repo}`: mounts and isolation need two repositories"
        )));
    }
    Ok((repo, repo2))
}

async fn start_bundled() -> Result<Server, CliError> {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    Server::start(address, registry::Options::default())
        .await
        .map_err(|error| {
            CliError::no_verdict(format!("the bundled registry cannot be started: {error}"))
        })
}
