//! The environment of assay (`ASSAY_…`) as raw options.

use std::ffi::{OsStr, OsString};

use clap::{ArgAction, Command};

use super::arguments::check_value;
use super::keys::name;
use super::options::{Origin, RawOptions};
use crate::cli::CliError;

/// The options of a command that its variables set. An empty variable sets nothing.
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
        let Some(value) = variable(&named).filter(|value| !value.is_empty()) else {
            continue;
        };
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
