//! The keys of the file, read off the flags of `assay run`.

use std::any::TypeId;
use std::ffi::OsStr;

use clap::builder::{self, BoolishValueParser, StyledStr};
use clap::{Arg, ArgAction, Command, Id};

/// The command whose options can be configured.
pub const COMMAND: &str = "run";

/// A command that the file and the environment are the defaults of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configured {
    /// `assay run`.
    Run,
    /// `assay certify`, which is a run of everything and refuses what would make it less.
    Certify,
}

impl Configured {
    /// The command of a name.
    pub fn of(name: &OsStr) -> Option<Self> {
        [Self::Run, Self::Certify]
            .into_iter()
            .find(|one| name == one.name())
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => COMMAND,
            Self::Certify => "certify",
        }
    }

    /// Whether a key of the file is for this command too: the files that a certification wants are fixed.
    pub fn takes(self, key: &Key) -> bool {
        self == Self::Run || key.name != "format"
    }
}

/// What is said of one run and has no place in a file that stays: which file it is, what is typed, and what asks
/// for something else than a run.
const OF_ONE_RUN: [&str; 6] = [
    "config",
    "password-stdin",
    "help",
    "version",
    "dry-run",
    "rerun",
];

/// An option that a file may set.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its name: that of the flag.
    pub name: String,
    /// What kind of value it has.
    pub kind: Kind,
    /// The flag it is, with all that is declared of it.
    pub arg: Arg,
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// Several texts.
    List,
}

impl Key {
    fn of(arg: &Arg) -> Option<Self> {
        let name = match arg.get_long() {
            Some(long) => long.to_owned(),
            None if arg.is_positional() => arg.get_id().as_str().to_owned(),
            None => return None,
        };
        let stays = !OF_ONE_RUN.contains(&name.as_str()) && !arg.is_hide_set();
        stays.then(|| Self {
            kind: kind(arg),
            name,
            arg: arg.clone(),
        })
    }

    /// What it is for, in a sentence.
    pub fn help(&self) -> String {
        self.arg.get_help().map_or_else(String::new, plain)
    }

    /// The names that it takes, where there are only some.
    pub fn choices(&self) -> Vec<String> {
        match self.kind {
            Kind::Text | Kind::List => {
                let values = self.arg.get_possible_values();
                values.iter().map(|one| one.get_name().to_owned()).collect()
            }
            Kind::Number | Kind::Flag => Vec::new(),
        }
    }

    /// Its default, as it would be typed; for a list, its parts.
    pub fn defaults(&self) -> Vec<String> {
        let values = self.arg.get_default_values().iter();
        let values = values.map(|value| value.to_string_lossy().into_owned());
        match self.arg.get_value_delimiter() {
            Some(cut) => values
                .flat_map(|value| value.split(cut).map(str::to_owned).collect::<Vec<_>>())
                .collect(),
            None => values.collect(),
        }
    }

    /// Its variable.
    pub fn variable(&self) -> String {
        let declared = self.arg.get_env().map(|name| name.to_string_lossy());
        declared.map_or_else(|| variable(&self.name), std::borrow::Cow::into_owned)
    }
}

/// The keys of the file, in the order of the flags.
pub fn keys(command: &Command) -> Vec<Key> {
    let run = command.find_subcommand(COMMAND);
    let args = run.into_iter().flat_map(Command::get_arguments);
    args.filter_map(Key::of).collect()
}

/// The command line with a variable for each option of `assay run`, `ASSAY_` and its name; what `assay clean` and
/// `assay certify` share with it has the same ones.
pub fn with_environment(command: Command) -> Command {
    let run = command.find_subcommand(COMMAND).into_iter();
    let ids: Vec<Id> = run
        .flat_map(Command::get_arguments)
        .map(|arg| arg.get_id().clone())
        .collect();
    let commands = [COMMAND, Configured::Certify.name(), "clean"];
    commands.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |one| {
            one.mut_args(|arg| match ids.contains(arg.get_id()) {
                true => with_variable(arg),
                false => arg,
            })
        })
    })
}

fn with_variable(arg: Arg) -> Arg {
    if matches!(arg.get_action(), ArgAction::Help | ArgAction::Version) {
        return arg;
    }
    let arg = match arg.get_action() {
        ArgAction::SetTrue => arg.value_parser(BoolishValueParser::new()),
        _ => arg,
    };
    let named = arg.get_env().is_some() || arg.get_long() == Some("password-stdin");
    let name = arg.get_long().map(variable);
    match name.filter(|_| !named) {
        Some(name) => arg.env(builder::OsStr::from(name)).hide_env_values(true),
        None => arg.hide_env_values(true),
    }
}

fn variable(name: &str) -> String {
    format!("ASSAY_{}", name.to_uppercase().replace('-', "_"))
}

fn kind(arg: &Arg) -> Kind {
    let numbers = [
        TypeId::of::<u8>(),
        TypeId::of::<u16>(),
        TypeId::of::<u32>(),
        TypeId::of::<u64>(),
        TypeId::of::<usize>(),
    ];
    let value = arg.get_value_parser().type_id();
    match arg.get_action() {
        ArgAction::SetTrue | ArgAction::SetFalse => Kind::Flag,
        ArgAction::Count => Kind::Number,
        ArgAction::Append => Kind::List,
        _ if arg.get_value_delimiter().is_some() => Kind::List,
        _ if numbers.iter().any(|number| value == *number) => Kind::Number,
        _ => Kind::Text,
    }
}

fn plain(text: &StyledStr) -> String {
    text.to_string().replace('\n', " ")
}
