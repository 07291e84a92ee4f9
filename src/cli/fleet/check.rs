//! What can be known of the chosen targets before anything is sent.

use std::collections::HashMap;
use std::sync::Arc;

use clap::{Command, FromArgMatches};

use crate::cli::CliError;
use crate::cli::claims::unknown;
use crate::cli::config::{self, Configured, FleetTarget, Login};
use crate::cli::connect::client_with;
use crate::cli::run::{RunArgs, RunInputs};
use crate::cli::sources::SourceArgs;
use crate::data::Diagnostic;
use crate::suite::Suites;

/// Checks the passwords, claims and options of the chosen targets: other targets may need passwords that this process does not
/// have.
///
/// # Errors
/// All mistakes, each with its line.
pub fn check(chosen: &[&FleetTarget], assay: &Command) -> Result<(), CliError> {
    let plain = config::without_environment(assay.clone(), Configured::Run.name());
    let mut loaded = LoadedSuites::default();
    let mut mistakes = claims(chosen, &mut loaded)?;
    for target in chosen {
        mistakes.extend(unset_password(target));
        mistakes.extend(options(target, &plain, &mut loaded));
    }
    match mistakes.is_empty() {
        true => Ok(()),
        false => Err(config::refused(mistakes)),
    }
}

/// The suites of the targets: most have the same.
#[derive(Default)]
struct LoadedSuites(HashMap<SourceArgs, Arc<Suites>>);

impl LoadedSuites {
    /// Reads suites, or gives those that were read before.
    ///
    /// # Errors
    /// As [`SourceArgs::load`].
    fn load(&mut self, sources: &SourceArgs) -> Result<Arc<Suites>, CliError> {
        if let Some(suites) = self.0.get(sources) {
            return Ok(suites.clone());
        }
        let suites = Arc::new(sources.load()?);
        self.0.insert(sources.clone(), suites.clone());
        Ok(suites)
    }
}

fn unset_password(target: &FleetTarget) -> Option<Diagnostic> {
    match &target.login {
        Some(Login::Variable(name, span)) if std::env::var_os(name).is_none() => {
            let unset = span.diagnostic(format!("the environment variable {name} is not set"));
            let name_of = &target.name;
            Some(unset.help(format!("set {name} to the password of `{name_of}`")))
        }
        _ => None,
    }
}

/// What the run of a target would refuse before its first request: files that cannot be read, and a selection without cases.
fn options(target: &FleetTarget, plain: &Command, loaded: &mut LoadedSuites) -> Option<Diagnostic> {
    let line = ["assay", Configured::Run.name()].map(std::ffi::OsString::from);
    let line = line.into_iter().chain(target.arguments.iter().cloned());
    let matches = plain.clone().try_get_matches_from(line).ok()?;
    let options = RunArgs::from_arg_matches(matches.subcommand_matches(Configured::Run.name())?);
    let inputs = RunInputs::with_suites(options.ok()?, |sources| loaded.load(sources));
    let checked = inputs.and_then(|inputs| match &inputs.address {
        Some(address) => client_with(&inputs.connect, address, None).map(|_| ()),
        None => Ok(()),
    });
    checked.err().map(|error| target.mistake(&error))
}

/// Every claim names a feature of the bundled suites.
fn claims(chosen: &[&FleetTarget], loaded: &mut LoadedSuites) -> Result<Vec<Diagnostic>, CliError> {
    let mut claims = chosen.iter().flat_map(|target| &target.claims).peekable();
    if claims.peek().is_none() {
        return Ok(Vec::new());
    }
    let suites = loaded.load(&SourceArgs::default())?;
    let unknown = claims.filter_map(|claim| {
        let (message, help) = unknown(&claim.feature, &suites)?;
        Some(claim.span.key_diagnostic(message).help(help))
    });
    Ok(unknown.collect())
}
