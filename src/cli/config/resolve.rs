//! From all places to one command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Command, parser::ValueSource};

use super::file::{self, ConfigValues};
use super::go::{self, GoEnvironment};
use super::keys::{Configured, Key, keys};
use crate::cli::CliError;
use crate::cli::rerun::PreviousRun;
use crate::data::SourceSpan;

/// What was said neither by flags nor by options.
#[derive(Debug, Clone, Default)]
pub struct SideInputs {
    /// What is claimed of the target.
    pub claims: Vec<Claim>,
    /// What the user should know of where options came from.
    pub notes: Vec<String>,
    /// The password of the Go tool's environment, where ours has none.
    pub password: Option<Password>,
    /// The run whose failures are run again.
    pub previous: Option<Box<PreviousRun>>,
}

/// A password: it is not printed.
#[derive(Clone)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A feature that the target is said to have, or to leave out.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The feature.
    pub feature: String,
    /// Whether the target is said to have it.
    pub claimed: bool,
    /// Where that is said.
    pub span: SourceSpan,
}

/// The command line in which a report that is run again, a file and the environment of the Go tool are the defaults
/// of a command, and what they say beside options. `variable` reads the environment.
///
/// # Errors
/// What is wrong with the report, the file or the environment.
pub fn resolve(
    command: Command,
    configured: Configured,
    args: &[OsString],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(Command, Resolved), CliError> {
    let path = |flag: &str, name: &str| {
        let named = variable(name).filter(|path| !path.is_empty());
        path_flag(args, configured, flag).or_else(|| named.map(PathBuf::from))
    };
    let named = path("--config", "ASSAY_CONFIG");
    let rerun = || path("--rerun", "ASSAY_AGAIN");
    let previous = rerun().filter(|_| configured == Configured::Run);
    let previous = previous.as_deref().map(PreviousRun::read).transpose()?;
    let keys = keys(&command);
    let said = file::read(named.as_deref(), &keys)?;
    let go = go::read(variable).map_err(CliError::usage)?;
    let command = command.mut_subcommand(configured.name(), |run| {
        let keys = keys.iter().filter(|key| configured.takes(key));
        keys.fold(run, |run, key| {
            match defaults(key, previous.as_ref(), &said, &go) {
                Some(values) => {
                    run.mut_arg(key.arg.get_id().clone(), |arg| arg.default_values(values))
                }
                None => run,
            }
        })
    });
    let previous = previous.map(Box::new);
    let resolved = Resolved {
        configured,
        said,
        go,
        previous,
    };
    Ok((command, resolved))
}

/// What was found, until it is known what of it is used.
pub struct Resolved {
    configured: Configured,
    said: ConfigValues,
    go: GoEnvironment,
    previous: Option<Box<PreviousRun>>,
}

impl Resolved {
    /// What is said beside options, once the command line is parsed.
    ///
    /// # Errors
    /// When a report names another target than the file, or the environment of the Go tool, and none is typed:
    /// credentials that stand there are not for it.
    pub fn side_inputs(self, matches: &ArgMatches) -> Result<SideInputs, CliError> {
        let Some(run) = matches.subcommand_matches(self.configured.name()) else {
            return Ok(SideInputs::default());
        };
        let source = |key: &str| run.value_source(&key.replace('-', "_"));
        if matches!(source("target"), None | Some(ValueSource::DefaultValue)) {
            self.same_target()?;
        }
        let silent = |key: &str| {
            let previous = self.previous.as_ref().and_then(|one| one.option(key));
            source(key) == Some(ValueSource::DefaultValue)
                && !self.said.values.contains_key(key)
                && previous.is_none()
        };
        let (used, password) = self.go.used(&silent);
        Ok(SideInputs {
            claims: self.said.claims,
            notes: self.go.notes(&used),
            password: password.map(Password),
            previous: self.previous,
        })
    }

    fn same_target(&self) -> Result<(), CliError> {
        let said = self.said.values.get("target");
        let target = said.or_else(|| self.go.value("target"));
        match (&self.previous, target.and_then(|values| values.first())) {
            (Some(previous), Some(target)) if previous.is_of_another(target) => {
                Err(CliError::usage(format!(
                    "the report to run again is of {}, and the target that is configured is {target}: name the one that is meant after `assay run`",
                    previous.target()
                )))
            }
            _ => Ok(()),
        }
    }
}

fn defaults(
    key: &Key,
    previous: Option<&PreviousRun>,
    said: &ConfigValues,
    go: &GoEnvironment,
) -> Option<Vec<String>> {
    if let Some(values) = previous.and_then(|previous| previous.option(&key.name)) {
        return (!values.is_empty()).then_some(values);
    }
    let file = said.values.get(&key.name);
    file.or_else(|| go.value(&key.name)).cloned()
}

/// The file that a flag of a command names.
fn path_flag(args: &[OsString], configured: Configured, flag: &str) -> Option<PathBuf> {
    let mut args = args.iter().skip_while(|arg| *arg != configured.name());
    while let Some(arg) = args.next() {
        let text = arg.to_string_lossy();
        if text == "--" {
            return None;
        }
        if text == flag {
            return args.next().map(PathBuf::from);
        }
        let file = text.strip_prefix(flag);
        if let Some(file) = file.and_then(|rest| rest.strip_prefix('=')) {
            return Some(PathBuf::from(file));
        }
    }
    None
}
