//! From what was typed, the environment and the file of options to one value.

use std::ffi::OsString;

use clap::{Command, CommandFactory, FromArgMatches};

use super::args::{self, Cli};
use super::{CliError, config};

/// The command line as it is declared, with a variable for each option of `assay run`.
pub fn command() -> Command {
    config::with_environment(Cli::command())
}

/// The options of `assay run` as a table in Markdown.
pub fn options_table() -> String {
    config::table(&command())
}

/// The JSON Schema of `assay.toml`.
pub fn options_schema() -> serde_json::Value {
    config::options_schema(&command())
}

/// Reads arguments, environment and the file of options; where the arguments are wrong, or ask for help, it
/// says so and ends the process, as command lines do.
///
/// # Errors
/// What is wrong with the file or the environment.
pub fn parse() -> Result<Cli, CliError> {
    let args: Vec<OsString> = std::env::args_os().collect();
    let command = command();
    let Some(configured) = args.get(1).and_then(|name| config::Configured::of(name)) else {
        let matches = command.get_matches_from(&args);
        return Ok(cli(&matches));
    };
    // What is wrong with the arguments comes first.
    let _ = command.clone().get_matches_from(&args);
    let variable = |name: &str| std::env::var(name).ok();
    let (command, resolved) = config::resolve(command, configured, &args, &variable)?;
    let matches = command.get_matches_from(&args);
    let side_inputs = resolved.side_inputs(&matches)?;
    let mut cli = cli(&matches);
    match &mut cli.command {
        args::Command::Run(run) => run.side_inputs = side_inputs,
        args::Command::Certify(certify) => certify.run.side_inputs = side_inputs,
        _ => {}
    }
    Ok(cli)
}

fn cli(matches: &clap::ArgMatches) -> Cli {
    Cli::from_arg_matches(matches).unwrap_or_else(|error| error.exit())
}
