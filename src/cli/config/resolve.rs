//! From all places to one command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Command, parser::ValueSource};

use super::file::{self, Said};
use super::go::{self, GoEnvironment};
use super::keys::{COMMAND, Key, keys};
use crate::cli::Refusal;
use crate::data::Place;

/// What was said neither by flags nor by options.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// What is claimed of the target.
    pub claims: Vec<Claim>,
    /// What the user should know of where options came from.
    pub notes: Vec<String>,
    /// The password of the Go tool's environment, where ours has none.
    pub password: Option<Password>,
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
    pub place: Place,
}

/// The command line in which a file and the environment of the Go tool are the defaults of `assay run`, and what
/// they say beside options. `variable` reads the environment.
///
/// # Errors
/// What is wrong with the file or the environment.
pub fn resolve(
    command: Command,
    args: &[OsString],
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(Command, Resolved), Refusal> {
    let named = config_flag(args).or_else(|| variable("ASSAY_CONFIG").map(PathBuf::from));
    let keys = keys(&command);
    let said = file::read(named.as_deref(), &keys)?;
    let go = go::read(variable).map_err(Refusal::usage)?;
    let command = command.mut_subcommand(COMMAND, |run| {
        keys.iter()
            .fold(run, |run, key| match defaults(key, &said, &go) {
                Some(values) => {
                    run.mut_arg(key.arg.get_id().clone(), |arg| arg.default_values(values))
                }
                None => run,
            })
    });
    Ok((command, Resolved { said, go }))
}

/// What was found, until it is known what of it is used.
pub struct Resolved {
    said: Said,
    go: GoEnvironment,
}

impl Resolved {
    /// What is said beside options, once the command line is parsed.
    pub fn beside(self, matches: &ArgMatches) -> Beside {
        let Some(run) = matches.subcommand_matches(COMMAND) else {
            return Beside::default();
        };
        let silent = |key: &str| {
            let typed = run.value_source(&key.replace('-', "_"));
            typed == Some(ValueSource::DefaultValue) && !self.said.values.contains_key(key)
        };
        let (used, password) = self.go.used(&silent);
        Beside {
            claims: self.said.claims,
            notes: self.go.notes(&used),
            password: password.map(Password),
        }
    }
}

fn defaults(key: &Key, said: &Said, go: &GoEnvironment) -> Option<Vec<String>> {
    let file = said.values.get(&key.name);
    file.or_else(|| go.value(&key.name)).cloned()
}

/// The file that `assay run … --config FILE` names.
fn config_flag(args: &[OsString]) -> Option<PathBuf> {
    let mut args = args.iter().skip_while(|arg| *arg != COMMAND);
    while let Some(arg) = args.next() {
        let text = arg.to_string_lossy();
        if text == "--" {
            return None;
        }
        if text == "--config" {
            return args.next().map(PathBuf::from);
        }
        if let Some(file) = text.strip_prefix("--config=") {
            return Some(PathBuf::from(file));
        }
    }
    None
}
