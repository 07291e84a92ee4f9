//! From arguments, environment and configuration file to one value.

use std::ffi::OsString;

use clap::{Command, CommandFactory, FromArgMatches};

use super::args::{self, Cli};
use super::{CliError, config};

/// The command line as it is declared, with a variable for each option of `assay run`.
pub fn command() -> Command {
    config::without_refused(config::with_environment(Cli::command()))
}

/// The options of `assay run` as a table in Markdown.
pub fn options_table() -> String {
    config::table(&command())
}

/// The JSON Schema of `assay.toml`.
#[cfg(test)]
pub fn options_schema() -> serde_json::Value {
    config::options_schema(&command())
}

/// The JSON Schema of `fleet.toml`.
#[cfg(test)]
pub fn fleet_schema() -> serde_json::Value {
    config::published_fleet_schema(&command())
}

/// Reads arguments, environment and the configuration file. Wrong arguments and requests for help end the process
/// with clap's message.
///
/// # Errors
/// A mistake in the file or the environment, or options that do not fit together.
pub fn parse() -> Result<Cli, CliError> {
    let args: Vec<OsString> = std::env::args_os().collect();
    let command = command();
    let Some(configured) = args.get(1).and_then(|name| config::Configured::named(name)) else {
        return Ok(cli(&command.get_matches_from(&args)));
    };
    let plain = config::without_environment(command.clone(), configured.name());
    let matches = plain.clone().try_get_matches_from(&args);
    // The help of the complete command names the variables.
    let matches = matches.unwrap_or_else(|error| {
        let _ = command.clone().get_matches_from(&args);
        error.exit()
    });
    let Some(own) = matches.subcommand_matches(configured.name()) else {
        return Ok(cli(&matches));
    };
    let variable = |name: &str| std::env::var_os(name);
    let resolved = config::resolve(&command, configured, own, &variable)?;
    let (plain, line) = resolved.command_line(plain, configured);
    let matches = plain.try_get_matches_from(line).map_err(|error| {
        let text = error.render().to_string();
        CliError::usage(text.trim_start_matches("error: ").trim_end())
    })?;
    let mut cli = cli(&matches);
    cli.origins = resolved.side_inputs.origins.clone();
    match &mut cli.command {
        args::Command::Run(run) => run.side_inputs = resolved.side_inputs,
        args::Command::Certify(certify) => certify.run.side_inputs = resolved.side_inputs,
        _ => {}
    }
    Ok(cli)
}

fn cli(matches: &clap::ArgMatches) -> Cli {
    Cli::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
}
