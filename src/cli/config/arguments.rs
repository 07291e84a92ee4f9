//! From the command line to raw options, and from layered raw options to a command line.

use std::ffi::{OsStr, OsString};

use clap::builder::{BoolishValueParser, Resettable};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::keys::name;
use super::options::{Origin, RawOptions};

/// The options that are typed after a command.
pub fn typed(command: &Command, matches: &ArgMatches) -> RawOptions {
    let mut options = RawOptions::default();
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let texts = match arg.get_action() {
            ArgAction::SetTrue => vec![OsString::from("true")],
            ArgAction::Count => vec![matches.get_count(id).to_string().into()],
            _ => {
                let raw = matches.get_raw(id).into_iter().flatten();
                raw.map(OsStr::to_owned).collect()
            }
        };
        let typed = match arg.get_long() {
            Some(long) => format!("--{long}"),
            None => id.to_uppercase(),
        };
        options.set(&name(arg), texts, Origin::Argument(typed));
    }
    options
}

/// The command line that sets these options, after the name of the program.
pub fn command_line(command: &Command, options: &RawOptions) -> Vec<OsString> {
    let mut line = vec![OsString::from("assay"), command.get_name().into()];
    let mut positional = vec![OsString::from("--")];
    for arg in command.get_arguments() {
        let Some(value) = options.get(&name(arg)) else {
            continue;
        };
        let Some(long) = arg.get_long() else {
            positional.extend(value.texts.iter().cloned());
            continue;
        };
        let flag = OsString::from(format!("--{long}"));
        for text in &value.texts {
            match arg.get_action() {
                ArgAction::SetTrue => line.push(flag.clone()),
                ArgAction::Count => {
                    let count = text.to_str().and_then(|text| text.parse::<u8>().ok());
                    let count = usize::from(count.unwrap_or(u8::MAX));
                    line.extend(std::iter::repeat_n(flag.clone(), count));
                }
                _ => {
                    let mut argument = flag.clone();
                    argument.push("=");
                    argument.push(text);
                    line.push(argument);
                }
            }
        }
    }
    line.extend(positional);
    line
}

/// The words of the options that reach a target again as these options do, read the same suites and judge alike. The record has
/// its repositories, and a password that was read is not there to be read again.
pub fn target_options(command: &Command, options: &RawOptions) -> Vec<String> {
    const BESIDES: [&str; 7] = [
        "suites", "fixtures", "no-push", "existing", "require", "as-of", "settle",
    ];
    const WITHOUT: [&str; 3] = ["repo", "repo2", "password-stdin"];
    let reaches = |arg: &&Arg| {
        let name = name(arg);
        let of_target = arg.get_help_heading() == Some("Target");
        BESIDES.contains(&name.as_str()) || of_target && !WITHOUT.contains(&name.as_str())
    };
    let names: Vec<String> = command.get_arguments().filter(reaches).map(name).collect();
    let kept = options
        .clone()
        .filtered(|option| names.iter().any(|name| name == option));
    let line = command_line(command, &kept);
    // The program and the command come first, and the end of the options last.
    let words = line.iter().skip(2).take_while(|word| *word != "--");
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

/// The command line parser in which clap reads no variables for a command, so that arguments are one source and the
/// environment is another.
pub fn without_environment(command: Command, name: &str) -> Command {
    command.mut_subcommand(name, |one| one.mut_args(|arg| arg.env(Resettable::Reset)))
}

/// Checks one value as the argument does.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn check_value(arg: &Arg, value: &OsStr) -> Result<(), String> {
    let mut alone = match arg.get_action() {
        ArgAction::SetTrue => Arg::new("value").value_parser(BoolishValueParser::new()),
        ArgAction::Count => Arg::new("value").value_parser(clap::value_parser!(u8)),
        _ => Arg::new("value").value_parser(arg.get_value_parser().clone()),
    };
    if let Some(delimiter) = arg.get_value_delimiter() {
        alone = alone.value_delimiter(delimiter);
    }
    let command = Command::new("assay").no_binary_name(true);
    let command = command.arg(alone.allow_hyphen_values(true));
    match command.try_get_matches_from([value]) {
        Ok(_) => Ok(()),
        Err(error) => {
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default();
            let first = first.trim_start_matches("error: ");
            Err(first.replace(" for '[value]'", ""))
        }
    }
}
