//! The environment of assay (`ASSAY_…`) as raw options.

use std::ffi::{OsStr, OsString};

use clap::{ArgAction, Command};

use super::arguments::check_value;
use super::keys::name;
use super::options::{Origin, RawOptions};
use crate::cli::CliError;

/// The variable that names the registry. If it is empty, a run would test the bundled registry, and pass.
const TARGET: &str = "ASSAY_TARGET";

/// The options of a command that its variables set. An empty variable sets nothing, except the target, which must have a value.
///
/// # Errors
/// A value that the flag would refuse, with the variable's name.
pub fn read(
    command: &Command,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<RawOptions, CliError> {
    let mut options = RawOptions::default();
    for arg in command.get_arguments() {
        let Some(named) = arg.get_env().map(|name| name.to_string_lossy()) else {
            continue;
        };
        let Some(value) = variable(&named) else {
            continue;
        };
        if value.is_empty() && named == TARGET {
            return Err(CliError::usage(format!(
                "{TARGET} is empty: set it to the URL of the registry, or unset it to test the bundled registry"
            )));
        }
        if value.is_empty() {
            continue;
        }
        check_value(arg, &value).map_err(|why| CliError::usage(format!("{named}: {why}")))?;
        let texts = match arg.get_action() {
            ArgAction::SetTrue if is_false(&value) => Vec::new(),
            ArgAction::Count if value == "0" => Vec::new(),
            ArgAction::SetTrue => vec![OsString::from("true")],
            _ => vec![value],
        };
        options.set(&name(arg), texts, Origin::Variable(named.into_owned()));
    }
    Ok(options)
}

/// The words that clap takes for false.
fn is_false(value: &OsStr) -> bool {
    let value = value.to_string_lossy().to_lowercase();
    ["n", "no", "f", "false", "off", "0"].contains(&value.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::Arg;

    use super::*;

    #[test]
    fn an_empty_target_is_a_mistake_and_another_empty_variable_sets_nothing() {
        let command = Command::new("run")
            .arg(Arg::new("target").env(TARGET))
            .arg(Arg::new("seed").long("seed").env("ASSAY_SEED"));
        let empty = |name: &'static str| move |asked: &str| (asked == name).then(OsString::new);
        assert!(read(&command, &empty("ASSAY_SEED")).is_ok());
        let error = read(&command, &empty(TARGET)).unwrap_err().message;
        assert!(error.starts_with("ASSAY_TARGET is empty"), "{error}");
    }
}
