//! The working parts of a run, made once of its checked options. Execution reads these and no option.

use std::sync::Arc;
use std::time::Duration;

use super::RunArgs;
use crate::baseline::KnownNames;
use crate::cli::CliError;
use crate::cli::claims::claims;
use crate::cli::config::{Password, SideInputs};
use crate::cli::connect::ConnectArgs;
use crate::cli::existing;
use crate::cli::output_format::OutputFormat;
use crate::cli::report_run::{self, ReportOptions};
use crate::cli::rerun::PreviousRun;
use crate::cli::sources::SourceArgs;
use crate::client::{self, Address};
use crate::engine::{self, Claim, Plan, PlanError, Selection, Settings};
use crate::record::Target;
use crate::report::terminal::{OutputStyle, ProgressMode};
use crate::suite::Suites;

/// What a run needs.
pub struct RunInputs {
    /// None for the bundled registry.
    pub address: Option<Address>,
    pub connect: ConnectArgs,
    pub password: Option<Password>,
    pub suites: Arc<Suites>,
    pub plan: Plan,
    pub settings: Settings,
    pub reports: ReportOptions,
    pub progress: (ProgressMode, OutputStyle),
    /// How long a target that is still starting is waited for.
    pub wait: Duration,
    pub dry_run: Option<OutputFormat>,
    pub previous: Option<Box<PreviousRun>>,
}

impl RunInputs {
    /// Reads the suites and the baseline, and selects the cases. Sends nothing.
    ///
    /// # Errors
    /// An address, repository, feature, suite, baseline or selection that cannot be used.
    pub fn new(options: RunArgs) -> Result<Self, CliError> {
        Self::with_suites(options, |sources| sources.load().map(Arc::new))
    }

    /// The same with the suites that `load` gives.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_suites(
        options: RunArgs,
        load: impl FnOnce(&SourceArgs) -> Result<Arc<Suites>, CliError>,
    ) -> Result<Self, CliError> {
        let address = options.target.as_deref().map(Address::parse).transpose();
        let address = address.map_err(|error| CliError::of_option("target", error))?;
        let repositories = repositories(&options, address.as_ref())?;
        let suites = load(&options.sources)?;
        if !options.existing.is_empty() {
            engine::check_substitutes(&suites).map_err(CliError::usage)?;
        }
        let claims = claims(&options.require, &options.side_inputs, &suites)?;
        let plan = plan(&options, &suites, &claims)?;
        let settings = settings(&options, repositories, claims, address.is_none());
        let baseline = options.baseline.as_deref().map(report_run::baseline);
        let baseline = baseline.transpose()?;
        let baseline = baseline.map(|baseline| baseline.with_names(names(&suites)));
        let SideInputs {
            password, previous, ..
        } = options.side_inputs;
        let out = previous.as_ref().map(|previous| previous.out(&options.out));
        Ok(Self {
            address,
            connect: options.connect,
            password,
            suites,
            plan,
            settings,
            reports: ReportOptions {
                out: out.unwrap_or(options.out),
                formats: options.format,
                deny: options.deny,
                baseline,
                style: options.output.standard_output(),
                timings: options.timings,
            },
            progress: (
                options.output.progress(options.progress),
                options.output.standard_error(),
            ),
            wait: options.wait.min(options.deadline),
            dry_run: options.dry_run,
            previous,
        })
    }

    /// The address of the target; that of the bundled registry is known once it is started.
    pub fn url(&self) -> String {
        let known = self
            .address
            .as_ref()
            .map(|address| address.base.to_string());
        known.unwrap_or_else(|| "http://127.0.0.1".to_owned())
    }

    pub fn repositories(&self) -> [&str; 2] {
        [&self.settings.repo, &self.settings.repo2]
    }
}

/// What a baseline can name.
fn names(suites: &Suites) -> KnownNames {
    let all = suites.suites.iter();
    let cases = all.flat_map(|suite| suite.cases.iter().map(|case| &case.id));
    let invariants = suites.invariants().map(|one| &one.id);
    let requirements = suites.catalogue.iter().map(|one| &one.id);
    KnownNames {
        cases: cases.chain(invariants).cloned().collect(),
        requirements: requirements.cloned().collect(),
    }
}

fn plan(options: &RunArgs, suites: &Suites, claims: &[Claim]) -> Result<Plan, CliError> {
    let previous = options.side_inputs.previous.as_deref();
    let selection = Selection {
        only: options.only.clone(),
        skip: options.skip.clone(),
        categories: options.category.clone(),
        requirements: Vec::new(),
        find_out: claims.iter().map(|claim| claim.feature.clone()).collect(),
        as_of: options.as_of,
        ids: previous.map(PreviousRun::ids).unwrap_or_default(),
    };
    engine::plan(suites, options.spec, &selection).map_err(|error| match (error, previous) {
        (PlanError::Nothing { .. } | PlanError::OtherVersion { .. }, Some(previous)) => {
            CliError::usage(previous.nothing_selected())
        }
        (error, _) => {
            let origins = &options.side_inputs.origins;
            CliError::usage(error.sentence(&|option, value| origins.with_value(option, value)))
        }
    })
}

fn settings(
    options: &RunArgs,
    [repo, repo2]: [String; 2],
    claims: Vec<Claim>,
    bundled: bool,
) -> Settings {
    let tags = options.existing.iter().map(|one| one.tag.clone());
    Settings {
        spec: options.spec,
        repo,
        repo2,
        seed: options.seed.unwrap_or_else(rand::random),
        settle: options.settle,
        jobs: usize::from(options.connect.jobs),
        deadline: options.deadline,
        retries: usize::from(options.retries),
        look_first: options.seed.is_some(),
        leftovers: match (bundled, options.keep) {
            (true, _) => engine::Leftovers::Vanish,
            (false, true) => engine::Leftovers::Keep,
            (false, false) => engine::Leftovers::Delete,
        },
        bundled,
        target_options: options.side_inputs.target_options.clone(),
        no_push: options.no_push || !options.existing.is_empty(),
        existing: tags.collect(),
        claims,
        as_of: options.as_of,
    }
}

/// The two repositories: from the options, from the target, from the report that is run again, or the defaults.
fn repositories(options: &RunArgs, address: Option<&Address>) -> Result<[String; 2], CliError> {
    let side_inputs = &options.side_inputs;
    let previous = side_inputs.previous.as_ref();
    let [first, second] = previous.map_or(Target::REPOSITORIES, |previous| previous.repositories());
    let named = address.and_then(|address| address.repository.clone());
    let existing =
        existing::repository(&options.existing, options.repo.as_ref().or(named.as_ref()))?;
    let named = options.repo.clone().or(existing).or(named);
    let repo = named.unwrap_or_else(|| first.into());
    let repo2 = options.repo2.clone().unwrap_or_else(|| second.into());
    let origins = ["repo", "repo2"].map(|option| side_inputs.origins.of(option));
    for (origin, name) in origins.iter().zip([&repo, &repo2]) {
        client::check_repository(name)
            .map_err(|error| CliError::usage(format!("{origin}: {error}")))?;
    }
    if repo == repo2 {
        let [first, second] = origins;
        return Err(CliError::usage(format!(
            "{first} and {second} are both `{repo}`: mounts and isolation need two repositories"
        )));
    }
    Ok([repo, repo2])
}
