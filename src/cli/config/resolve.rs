//! From all sources to one checked command line.

use std::ffi::OsString;
use std::path::Path;

use clap::{ArgMatches, Command};

use super::arguments::{command_line, target_options, typed};
use super::constraints::{EXCLUSIVE, check};
use super::environment;
use super::file::{self, Claim, ConfigValues};
use super::go::{self, GoEnvironment};
use super::keys::{Configured, keys};
use super::options::{Origin, RawOptions};
use super::origins::Origins;
use crate::cli::CliError;
use crate::cli::rerun::PreviousRun;

/// What the sources state besides the values of options.
#[derive(Debug, Clone, Default)]
pub struct SideInputs {
    pub claims: Vec<Claim>,
    /// What to tell the user about the sources.
    pub notes: Vec<String>,
    /// The password from the Go tool's environment, if the user comes from there too.
    pub password: Option<Password>,
    /// The run whose failures are run again.
    pub previous: Option<Box<PreviousRun>>,
    /// The options that reach the target again as they do now, as words of a command line. None is a secret.
    pub target_options: Vec<String>,
    pub origins: Origins,
}

/// A password, which is never printed.
#[derive(Clone)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The options of a command from all sources, layered and checked.
pub struct Resolved {
    pub options: RawOptions,
    pub side_inputs: SideInputs,
}

/// Layers arguments over the environment, the report of `--rerun`, the file and the Go tool's environment, and checks
/// the result. `command` declares the variables, `matches` are the arguments alone, and `variable` reads the
/// environment.
///
/// # Errors
/// A mistake in one of the sources, or a constraint between options that does not hold.
pub fn resolve(
    command: &Command,
    configured: Configured,
    matches: &ArgMatches,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Resolved, CliError> {
    let Some(own) = command.find_subcommand(configured.name()) else {
        return Err(CliError::usage(format!(
            "there is no command `{}`",
            configured.name()
        )));
    };
    let typed = typed(own, matches);
    let explicit = typed.over(environment::read(own, variable)?, &EXCLUSIVE);
    let mut resolved = Resolved {
        options: explicit,
        side_inputs: SideInputs::default(),
    };
    if configured.reads_file() {
        resolved.add_files(command, configured, variable)?;
    }
    check(configured, &resolved.options)?;
    resolved.side_inputs.origins = Origins::of_options(&resolved.options);
    resolved.side_inputs.target_options = target_options(own, &resolved.options);
    Ok(resolved)
}

impl Resolved {
    /// Completes arguments and environment from the report of `--rerun`, the file and the Go tool's environment.
    fn add_files(
        &mut self,
        command: &Command,
        configured: Configured,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<(), CliError> {
        let explicit = std::mem::take(&mut self.options);
        let rerun = explicit.text("rerun").map(Path::new);
        let rerun = rerun.filter(|_| configured == Configured::Run);
        let previous = rerun.map(PreviousRun::read).transpose()?;
        let keys = keys(command);
        let ConfigValues { options, claims } =
            file::read(explicit.text("config").map(Path::new), &keys)?;
        let file = options.filtered(|key| configured.takes(key));
        let text = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        let go = go::read(&text).map_err(CliError::usage)?;
        if let Some(previous) = previous
            .as_ref()
            .filter(|_| explicit.get("target").is_none())
        {
            same_target(previous, &file, &go)?;
        }
        let report = previous.as_ref().map(report_options).unwrap_or_default();
        let layers = [report, file, go.options()];
        self.options = layers
            .into_iter()
            .fold(explicit, |upper, lower| upper.over(lower, &EXCLUSIVE));
        let from_go = |key: &str| {
            let value = self.options.get(key);
            value.is_some_and(|value| matches!(value.origin, Origin::GoTool(_)))
        };
        let (used, password) = go.used(&from_go);
        self.side_inputs.notes = go.notes(&used);
        self.side_inputs.password = password.map(Password);
        self.side_inputs.claims = claims;
        self.side_inputs.previous = previous.map(Box::new);
        Ok(())
    }

    /// The command line that sets the layered options, and the parser that reads it.
    pub fn command_line(
        &self,
        command: Command,
        configured: Configured,
    ) -> (Command, Vec<OsString>) {
        let own = command.find_subcommand(configured.name());
        let line = own.map(|own| command_line(own, &self.options));
        let off: Vec<&str> = self.options.turned_off().collect();
        let command = command.mut_subcommand(configured.name(), |own| {
            own.mut_args(
                |arg| match off.contains(&super::keys::name(&arg).as_str()) {
                    true => arg.default_values(Vec::<&str>::new()),
                    false => arg,
                },
            )
        });
        (command, line.unwrap_or_default())
    }
}

/// The options that the earlier run's report sets.
fn report_options(previous: &PreviousRun) -> RawOptions {
    let mut options = RawOptions::default();
    for (name, values) in previous.options() {
        let texts = values.into_iter().map(OsString::from).collect();
        options.set(name, texts, Origin::Report(previous.file().to_owned()));
    }
    options
}

/// Refuses a report of another target than the configured one: the configured credentials are not for it.
fn same_target(
    previous: &PreviousRun,
    file: &RawOptions,
    go: &GoEnvironment,
) -> Result<(), CliError> {
    let go = go.options();
    let configured = [file, &go]
        .into_iter()
        .find(|options| options.given("target").is_some());
    let Some(options) = configured else {
        return Ok(());
    };
    let target = options
        .text("target")
        .map(|target| target.to_string_lossy());
    match (target, options.given("target")) {
        (Some(target), Some(origin)) if previous.is_of_another(&target) => {
            Err(CliError::usage(format!(
                "the report {} is of {}, but {origin} sets the target {target}: name one of the two after `assay run`",
                previous.file().display(),
                previous.target()
            )))
        }
        _ => Ok(()),
    }
}
