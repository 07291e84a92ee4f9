//! The keys of the file and the names of the variables, derived from the flags of `assay run`.

use std::any::TypeId;
use std::ffi::OsStr;

use clap::builder::{self, BoolishValueParser, StyledStr};
use clap::{Arg, ArgAction, Command, Id};

/// The command whose options can be configured.
pub const COMMAND: &str = "run";

/// A command whose options are layered: arguments over environment, and over the file where the command reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configured {
    /// `assay run`.
    Run,
    /// `assay certify`: a run of every case.
    Certify,
    /// `assay clean`. It reads no file: the report names the target.
    Clean,
    /// `assay publish`, to any registry: it reads no file, which is about the registry under test.
    Publish,
    /// `assay fetch`: like `assay publish`.
    Fetch,
}

impl Configured {
    const ALL: [Self; 5] = [
        Self::Run,
        Self::Certify,
        Self::Clean,
        Self::Publish,
        Self::Fetch,
    ];

    pub fn named(name: &OsStr) -> Option<Self> {
        Self::ALL.into_iter().find(|one| name == one.name())
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => COMMAND,
            Self::Certify => "certify",
            Self::Clean => "clean",
            Self::Publish => "publish",
            Self::Fetch => "fetch",
        }
    }

    pub fn reads_file(self) -> bool {
        matches!(self, Self::Run | Self::Certify)
    }

    /// Whether the command obeys a key of the file. The reports of a certification are fixed, so that a `format` which
    /// is meant for runs is ignored there.
    pub fn takes(self, key: &str) -> bool {
        self == Self::Run || key != "format"
    }
}

/// Flags without a key in the file, because they concern one invocation.
const OF_ONE_RUN: [&str; 7] = [
    "config",
    "password-stdin",
    "help",
    "version",
    "dry-run",
    "watch",
    "rerun",
];

/// Why the file has no key for an option, if that is so.
pub fn typed_only(key: &str) -> Option<String> {
    let of_one_run = OF_ONE_RUN.contains(&key);
    of_one_run.then(|| format!("it concerns one run, and is not in the file: type --{key}"))
}

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
        let name = name(arg);
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

    /// Whether its value is how often the flag is typed.
    pub fn counts(&self) -> bool {
        matches!(self.arg.get_action(), ArgAction::Count)
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

/// The name of an option: its flag without dashes, or what a positional argument is called.
pub fn name(arg: &Arg) -> String {
    arg.get_long()
        .unwrap_or_else(|| arg.get_id().as_str())
        .to_owned()
}

/// The keys of the file, in the order of the flags.
pub fn keys(command: &Command) -> Vec<Key> {
    let run = command.find_subcommand(COMMAND);
    let args = run.into_iter().flat_map(Command::get_arguments);
    args.filter_map(Key::of).collect()
}

/// The command line with a variable for each option of `assay run`, `ASSAY_` and its name. The other
/// commands of [`Configured`] have the same variables for the options that they share with it.
pub fn with_environment(command: Command) -> Command {
    let run = command.find_subcommand(COMMAND).into_iter();
    let ids: Vec<Id> = run
        .flat_map(Command::get_arguments)
        .map(|arg| arg.get_id().clone())
        .collect();
    Configured::ALL.into_iter().fold(command, |command, one| {
        command.mut_subcommand(one.name(), |command| {
            command.mut_args(|arg| match ids.contains(arg.get_id()) {
                true => with_variable(arg),
                false => arg,
            })
        })
    })
}

/// No variable for the password's flag, since standard input belongs to one invocation; and none for a positional
/// argument unless it declares one.
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

/// The variable of an option.
pub fn variable(name: &str) -> String {
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
