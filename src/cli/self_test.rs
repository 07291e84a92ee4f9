//! `assay self-test`: the tool proved on its own registry.
//!
//! The bundled registry, which keeps the specification, must pass everything in every version, and so must
//! each of its legal variants. With `--faults`, each deliberate violation must be noticed, under the name of every
//! requirement that it breaks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use tokio::sync::{mpsc, watch};

use super::sources::SourceArgs;
use super::{CliError, Exit};
use crate::catalogue::{Category, Version};
use crate::client::{self, Address, RegistryClient};
use crate::engine::{self, Pattern, Selection};
use crate::record::{Case, Run, Verdict};
use crate::registry::{self, Fault, Options, Server, Variant};
use crate::suite::Suites;

/// How many runs go side by side.
const AT_ONCE: usize = 4;

/// The seed of all runs: a failure can be repeated.
const SEED: u32 = 1;

/// Cases that move megabytes, by their names: they take half of a run's time, and few faults and variants need them.
const HEAVY: [&str; 2] = ["*-large*", "*-size*"];

/// The second repository of all runs: some faults concern it alone.
const SECOND_REPOSITORY: &str = "self-test/two";

/// How many legal variants one registry has at a time, unless all is to be thorough.
const TOGETHER: usize = 4;

/// What to prove.
#[derive(Debug, clap::Args)]
pub struct SelfTestArgs {
    /// Run every fault of the bundled registry too: each must be noticed by name
    #[arg(long)]
    pub faults: bool,
    /// Each legal variant alone, in every version and with every size, not four in one registry, in one version by turns and without the megabytes
    #[arg(long)]
    pub thorough: bool,
    /// Only these faults and variants (repeatable)
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    #[command(flatten)]
    sources: SourceArgs,
}

/// One registry to run against, and what must come of it.
#[derive(Clone, Copy)]
enum Trial {
    Strict(Version),
    Legal(&'static Variant, Version),
    Broken(&'static Fault, Version),
}

/// Proves the tool, and says what is not as it must be.
///
/// # Errors
/// When the suites cannot be read, or the bundled registry cannot be started.
pub async fn self_test(args: &SelfTestArgs) -> Result<Exit, CliError> {
    let suites = Arc::new(args.sources.load()?);
    let began = Instant::now();
    let trials = trials(args, &suites)?;
    let (count, thorough) = (trials.len(), args.thorough);
    let together = if thorough || !args.only.is_empty() {
        1
    } else {
        TOGETHER
    };
    let results: Vec<Result<Vec<String>, CliError>> = stream::iter(batches(trials, together))
        .map(|batch| {
            let suites = suites.clone();
            async move { complaints_of(&batch, &suites, thorough).await }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut complaints = Vec::new();
    for result in results {
        complaints.extend(result?);
    }
    complaints.sort();
    for complaint in &complaints {
        super::output::output(&format!("{complaint}\n"))?;
    }
    let took = began.elapsed().as_secs_f64();
    if complaints.is_empty() {
        super::output::output(&format!(
            "{count} registries tested in {took:.1} s: every verdict is right\n"
        ))?;
        return Ok(Exit::Success);
    }
    super::output::output(&format!(
        "{} of {count} registries were judged wrongly, in {took:.1} s\n",
        complaints.len()
    ))?;
    Ok(Exit::NonConformant)
}

fn trials(args: &SelfTestArgs, suites: &Suites) -> Result<Vec<Trial>, CliError> {
    let mut trials: Vec<Trial> = Version::ALL.map(Trial::Strict).to_vec();
    let mut turns = Version::ALL.into_iter().cycle();
    for variant in registry::variants() {
        let versions: Vec<Version> = match args.thorough {
            true => Version::ALL.to_vec(),
            false => turns.next().into_iter().collect(),
        };
        trials.extend(
            versions
                .into_iter()
                .map(|version| Trial::Legal(variant, version)),
        );
    }
    if args.faults {
        for fault in registry::faults() {
            trials.push(Trial::Broken(fault, judged_in(fault, suites)?));
        }
    }
    if !args.only.is_empty() {
        trials.retain(|trial| args.only.iter().any(|only| trial.id() == only));
        if trials.is_empty() {
            return Err(CliError::usage(format!(
                "there is no fault or variant `{}`: `assay list` shows them",
                args.only.join("`, `")
            )));
        }
    }
    Ok(trials)
}

/// The trials that are made in one registry: one alone, or as many legal variants of a version as may be `together`.
fn batches(trials: Vec<Trial>, together: usize) -> Vec<Vec<Trial>> {
    let joins = |trial: &Trial| matches!(trial, Trial::Legal(variant, _) if !variant.read_only);
    let (legal, alone): (Vec<Trial>, Vec<Trial>) = trials.into_iter().partition(joins);
    let mut batches = Vec::new();
    for version in Version::ALL {
        let legal = legal.iter().filter(|trial| trial.version() == version);
        let legal: Vec<Trial> = legal.copied().collect();
        let count = legal.len().div_ceil(together);
        // Neighbours are about the same thing, and would hide each other.
        let batch = |first| legal.iter().skip(first).step_by(count).copied().collect();
        batches.extend((0..count).map(batch));
    }
    batches.extend(alone.into_iter().map(|trial| vec![trial]));
    batches
}

/// What is wrong with the verdicts on a batch. Where something is, each of it is tried alone: that decides.
async fn complaints_of(
    batch: &[Trial],
    suites: &Arc<Suites>,
    thorough: bool,
) -> Result<Vec<String>, CliError> {
    if let [first, _, ..] = batch {
        let mut options = Options::default();
        for trial in batch {
            trial.set(&mut options);
        }
        let complaint = first.complaint(&options, suites, thorough).await?;
        if complaint.is_none() {
            return Ok(Vec::new());
        }
    }
    let mut complaints = Vec::new();
    for trial in batch {
        let mut options = Options::default();
        trial.set(&mut options);
        let complaint = trial.complaint(&options, suites, thorough).await?;
        complaints.extend(complaint.map(|why| format!("{}: {why}", trial.name())));
    }
    Ok(complaints)
}

/// The newest version in which a requirement that the fault breaks is one: the released one where it can be.
fn judged_in(fault: &'static Fault, suites: &Suites) -> Result<Version, CliError> {
    [Version::V1_1, Version::Dev, Version::V1_0]
        .into_iter()
        .find(|version| {
            fault.breaks.iter().any(|id| {
                suites
                    .catalogue
                    .level(id, *version)
                    .is_some_and(|level| level != crate::catalogue::Level::May)
            })
        })
        .ok_or_else(|| {
            CliError::usage(format!(
                "the fault `{}` breaks no requirement of the catalogue: {}",
                fault.id,
                fault.breaks.join(", ")
            ))
        })
}

impl Trial {
    fn id(self) -> &'static str {
        match self {
            Self::Strict(_) => "strict",
            Self::Legal(variant, _) => variant.id,
            Self::Broken(fault, _) => fault.id,
        }
    }

    fn version(self) -> Version {
        match self {
            Self::Strict(version) | Self::Legal(_, version) | Self::Broken(_, version) => version,
        }
    }

    fn name(self) -> String {
        let kind = match self {
            Self::Strict(_) => "strict registry",
            Self::Legal(..) => "legal variant",
            Self::Broken(..) => "fault",
        };
        format!("{kind} {} ({})", self.id(), self.version())
    }

    /// Makes a registry so.
    fn set(self, options: &mut Options) {
        match self {
            Self::Strict(_) => {}
            Self::Legal(variant, _) => (variant.set)(options),
            Self::Broken(fault, _) => options.faults.push(fault),
        }
    }

    /// What is wrong with the verdict; nothing where it is right. What a few cases notice needs no others.
    async fn complaint(
        self,
        options: &Options,
        suites: &Arc<Suites>,
        thorough: bool,
    ) -> Result<Option<String>, CliError> {
        let mut complaint = None;
        for selection in self.selections(thorough) {
            complaint = match engine::plan(suites, self.version(), &selection) {
                Ok(plan) => self.wrong(&self.run(options.clone(), suites.clone(), plan).await?),
                // Of the light cases none may be left: all of them follow.
                Err(error) => Some(error.to_string()),
            };
            if complaint.is_none() {
                break;
            }
        }
        Ok(complaint)
    }

    /// The cases that are run, and those that are run instead where they do not come to the right verdict. A fault is
    /// looked for by the cases that test what it breaks; what only an invariant tests, by those that pull, then by all.
    fn selections(self, thorough: bool) -> Vec<Selection> {
        let all = Selection {
            categories: Category::every().collect(),
            ..Selection::default()
        };
        let light = |selection: &Selection| Selection {
            skip: HEAVY
                .iter()
                .filter_map(|name| name.parse::<Pattern>().ok())
                .collect(),
            ..selection.clone()
        };
        match self {
            Self::Strict(_) => vec![all],
            // What stands beside the specification has variants of its own: none yet.
            Self::Legal(..) if thorough => vec![Selection::default()],
            Self::Legal(..) => vec![light(&Selection::default())],
            Self::Broken(fault, _) => {
                let narrow = Selection {
                    requirements: fault.breaks.iter().map(|id| (*id).to_owned()).collect(),
                    ..all.clone()
                };
                let pulls = Selection {
                    categories: vec![Category::Pull, Category::Everywhere],
                    ..Selection::default()
                };
                vec![light(&narrow), narrow, light(&pulls), all]
            }
        }
    }

    async fn run(
        self,
        mut options: Options,
        suites: Arc<Suites>,
        plan: engine::Plan,
    ) -> Result<Run, CliError> {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let credentials = credentials(&options);
        options.second_repository = SECOND_REPOSITORY.to_owned();
        let server = Server::start(address, options).await.map_err(|error| {
            CliError::no_verdict(format!("the bundled registry cannot be started: {error}"))
        })?;
        let address = Address::parse(&server.url()).map_err(CliError::usage)?;
        let settings = client::Settings {
            credentials,
            // There is no TLS: the system's certificates need not be read.
            tls: client::Tls {
                insecure: true,
                ..client::Tls::default()
            },
            ..client::Settings::default()
        };
        let target = RegistryClient::new(&address, settings).map_err(CliError::usage)?;
        let settings = engine::Settings {
            spec: self.version(),
            repo: "self-test/one".to_owned(),
            repo2: SECOND_REPOSITORY.to_owned(),
            seed: SEED,
            settle: match self {
                Self::Broken(..) => Duration::ZERO,
                Self::Strict(_) | Self::Legal(..) => Duration::from_secs(2),
            },
            jobs: 16,
            deadline: Duration::from_secs(300),
            look_first: false,
            leftovers: engine::Leftovers::Vanish,
            bundled: true,
            no_push: false,
            existing: Vec::new(),
            claims: Vec::new(),
            as_of: None,
        };
        let (tell, _) = mpsc::unbounded_channel();
        let (_stop, stopped) = watch::channel(false);
        let run = engine::run(plan, suites, target, settings, tell, stopped).await;
        server.stop().await;
        Ok(run)
    }

    /// What is wrong with a run's verdict; nothing where it is right.
    fn wrong(self, run: &Run) -> Option<String> {
        match self {
            Self::Strict(_) => first_that(run, |case| !matches!(case.verdict, Verdict::Pass)),
            Self::Legal(variant, _) if variant.read_only => {
                first_that(run, |case| case.verdict == Verdict::Fail)
            }
            Self::Legal(..) => first_that(run, |case| {
                matches!(
                    case.verdict,
                    Verdict::Fail | Verdict::Blocked | Verdict::Error
                )
            }),
            Self::Broken(fault, _) => {
                let noticed = |id: &&&str| {
                    let mut checks = run.cases.iter().flat_map(|case| &case.checks);
                    checks.any(|check| check.verdict.is_broken() && check.requirement == **id)
                };
                // A fault may break what only another version asks for.
                let asked = |id: &&&str| run.requirements.iter().any(|one| one.id == **id);
                let missed: Vec<&str> = match fault.breaks.iter().any(|id| noticed(&id)) {
                    true => fault
                        .breaks
                        .iter()
                        .filter(asked)
                        .filter(|id| !noticed(id))
                        .copied()
                        .collect(),
                    false => fault.breaks.to_vec(),
                };
                (!missed.is_empty()).then(|| format!("not noticed as {}", missed.join(", ")))
            }
        }
    }
}

/// What lets a run in.
fn credentials(options: &Options) -> Option<client::Credentials> {
    let (username, password) = options.login.users.first()?.clone();
    Some(client::Credentials {
        secret: client::Secret::Password { username, password },
        source: "the bundled registry itself".to_owned(),
    })
}

fn first_that(run: &Run, wrong: impl Fn(&Case) -> bool) -> Option<String> {
    let case = run.cases.iter().find(|case| wrong(case))?;
    let broken = case.checks.iter().find(|check| check.verdict.is_broken());
    let why = broken.map(|check| format!("{}: {}", check.requirement, check.message));
    let why = why.or_else(|| case.notes.last().cloned());
    Some(format!(
        "{} is {}: {}",
        case.id,
        case.verdict,
        why.unwrap_or_default()
    ))
}
