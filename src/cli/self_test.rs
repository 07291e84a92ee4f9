//! `assay self-test`: assay against its own registry.
//!
//! The bundled registry conforms to the specification: it must pass every case in every version, and no case may fail
//! on a permitted variant of it. With `--faults`, the cases must detect each fault, and report every requirement that
//! it violates.

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

/// The number of concurrent runs.
const AT_ONCE: usize = 4;

/// A fixed seed, so that a failure can be repeated.
const SEED: u32 = 1;

/// Cases that transfer megabytes. They take half of a run's time, and few faults and variants need them.
const HEAVY: [&str; 2] = ["*-large*", "*-size*"];

/// The second repository of all runs: some faults concern it alone.
const SECOND_REPOSITORY: &str = "self-test/two";

/// The most requirements that a run may report beyond those that a fault violates: one cause has one name, or few.
const MOST_OTHERS: usize = 4;

/// The number of permitted variants that one registry combines, unless --thorough is set.
const COMBINED: usize = 4;

/// What to test.
#[derive(Debug, clap::Args)]
pub struct SelfTestArgs {
    /// Also run every fault of the bundled registry: the cases must detect each
    #[arg(long)]
    pub faults: bool,
    /// Test each permitted variant alone, in every version, and with large content
    #[arg(long)]
    pub thorough: bool,
    /// Only these faults and variants (repeatable)
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    #[command(flatten)]
    sources: SourceArgs,
}

/// One registry to run against; it determines the expected verdict.
#[derive(Clone, Copy)]
enum Trial {
    Strict(Version),
    Permitted(&'static Variant, Version),
    Faulty(&'static Fault, Version),
}

/// Tests assay, and prints the unexpected verdicts.
///
/// # Errors
/// Suites that cannot be read, or a bundled registry that cannot be started.
pub async fn self_test(args: &SelfTestArgs) -> Result<Exit, CliError> {
    let suites = Arc::new(args.sources.load()?);
    let began = Instant::now();
    let trials = trials(args, &suites)?;
    let (count, thorough) = (trials.len(), args.thorough);
    let together = if thorough || !args.only.is_empty() {
        1
    } else {
        COMBINED
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
            "{count} registries tested in {took:.1} s: every verdict is as expected\n"
        ))?;
        return Ok(Exit::Success);
    }
    super::output::output(&format!(
        "{} of {count} registries have an unexpected verdict ({took:.1} s)\n",
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
                .map(|version| Trial::Permitted(variant, version)),
        );
    }
    if args.faults {
        for fault in registry::faults() {
            trials.push(Trial::Faulty(fault, judged_in(fault, suites)?));
        }
    }
    if !args.only.is_empty() {
        trials.retain(|trial| args.only.iter().any(|only| trial.id() == only));
        if trials.is_empty() {
            return Err(CliError::usage(format!(
                "there is no fault or variant `{}`: `assay list faults variants` lists them",
                args.only.join("`, `")
            )));
        }
    }
    Ok(trials)
}

/// Groups the trials by registry: one alone, or up to `together` permitted variants of a version.
fn batches(trials: Vec<Trial>, together: usize) -> Vec<Vec<Trial>> {
    let joins = |trial: &Trial| matches!(trial, Trial::Permitted(variant, _) if !variant.read_only);
    let (permitted, alone): (Vec<Trial>, Vec<Trial>) = trials.into_iter().partition(joins);
    let mut batches = Vec::new();
    for version in Version::ALL {
        let permitted = permitted.iter().filter(|trial| trial.version() == version);
        let permitted: Vec<Trial> = permitted.copied().collect();
        let count = permitted.len().div_ceil(together);
        // Neighbouring variants concern the same requests, and would hide each other.
        let batch = |first| {
            permitted
                .iter()
                .skip(first)
                .step_by(count)
                .copied()
                .collect()
        };
        batches.extend((0..count).map(batch));
    }
    batches.extend(alone.into_iter().map(|trial| vec![trial]));
    batches
}

/// The unexpected verdicts of a batch. If there is one, each trial of the batch runs alone, and that decides.
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

/// The version to test a fault in: the released version if a requirement that the fault violates binds there.
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
                "the fault `{}` violates no requirement of the catalogue: {}",
                fault.id,
                fault.breaks.join(", ")
            ))
        })
}

impl Trial {
    fn id(self) -> &'static str {
        match self {
            Self::Strict(_) => "strict",
            Self::Permitted(variant, _) => variant.id,
            Self::Faulty(fault, _) => fault.id,
        }
    }

    fn version(self) -> Version {
        match self {
            Self::Strict(version) | Self::Permitted(_, version) | Self::Faulty(_, version) => {
                version
            }
        }
    }

    fn name(self) -> String {
        let kind = match self {
            Self::Strict(_) => "strict registry",
            Self::Permitted(..) => "permitted variant",
            Self::Faulty(..) => "fault",
        };
        format!("{kind} {} ({})", self.id(), self.version())
    }

    fn set(self, options: &mut Options) {
        match self {
            Self::Strict(_) => {}
            Self::Permitted(variant, _) => (variant.set)(options),
            Self::Faulty(fault, _) => options.faults.push(fault),
        }
    }

    /// The unexpected verdict, if any. Stops at the first selection with the expected verdict.
    async fn complaint(
        self,
        options: &Options,
        suites: &Arc<Suites>,
        thorough: bool,
    ) -> Result<Option<String>, CliError> {
        let mut complaint = None;
        for selection in self.selections(thorough) {
            complaint = match engine::plan(suites, self.version(), &selection) {
                Ok(plan) => {
                    self.unexpected(&self.run(options.clone(), suites.clone(), plan).await?)
                }
                // The light cases may select nothing: larger selections follow.
                Err(error) => Some(error.to_string()),
            };
            if complaint.is_none() {
                break;
            }
        }
        Ok(complaint)
    }

    /// The selections to try, smallest first. For a fault: the cases that test the violated requirements, then the cases
    /// that pull (for requirements that only an invariant tests), then all.
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
            // There are no variants of the vendor extensions yet.
            Self::Permitted(..) if thorough => vec![Selection::default()],
            Self::Permitted(..) => vec![light(&Selection::default())],
            Self::Faulty(fault, _) => {
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
            // Without TLS the system's certificates are not needed.
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
                Self::Faulty(..) => Duration::ZERO,
                Self::Strict(_) | Self::Permitted(..) => Duration::from_secs(2),
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
        let (events, _) = mpsc::unbounded_channel();
        let (_stop, stopped) = watch::channel(false);
        let run = engine::run(plan, suites, target, settings, events, stopped).await;
        server.stop().await;
        Ok(run)
    }

    /// The first unexpected verdict of a run.
    fn unexpected(self, run: &Run) -> Option<String> {
        match self {
            Self::Strict(_) => first_that(run, |case| {
                !matches!(case.verdict, Verdict::Pass | Verdict::Untested)
            }),
            Self::Permitted(variant, _) if variant.read_only => {
                first_that(run, |case| case.verdict == Verdict::Fail)
            }
            Self::Permitted(..) => first_that(run, |case| {
                matches!(
                    case.verdict,
                    Verdict::Fail | Verdict::Blocked | Verdict::Error
                )
            }),
            Self::Faulty(fault, _) => {
                let detected = |id: &&&str| {
                    let mut checks = run.cases.iter().flat_map(|case| &case.checks);
                    checks.any(|check| check.verdict.is_broken() && check.requirement == **id)
                };
                // A fault may violate a requirement of another version only.
                let asked = |id: &&&str| run.requirements.iter().any(|one| one.id == **id);
                let missed: Vec<&str> = match fault.breaks.iter().any(|id| detected(&id)) {
                    true => fault
                        .breaks
                        .iter()
                        .filter(asked)
                        .filter(|id| !detected(id))
                        .copied()
                        .collect(),
                    false => fault.breaks.to_vec(),
                };
                if !missed.is_empty() {
                    return Some(format!("not detected as {}", missed.join(", ")));
                }
                let others = others(fault, run);
                (others.len() > MOST_OTHERS)
                    .then(|| format!("detected as {} too", others.join(", ")))
            }
        }
    }
}

/// The requirements that a run reports beyond those that the fault violates.
fn others<'r>(fault: &Fault, run: &'r Run) -> Vec<&'r str> {
    let checks = run.cases.iter().flat_map(|case| &case.checks);
    let broken = checks.filter(|check| check.verdict.is_broken());
    let mut others: Vec<&str> = broken.map(|check| check.requirement.as_str()).collect();
    others.retain(|id| !fault.breaks.contains(id));
    others.sort_unstable();
    others.dedup();
    others
}

/// The credentials for a registry with a login.
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
