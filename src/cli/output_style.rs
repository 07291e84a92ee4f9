//! How the terminal looks: its width, whether it has colours, and how much is wanted.

use std::io::IsTerminal;

use clap::{ArgAction, ValueEnum};

use crate::report::terminal::{OutputStyle, ProgressMode, Verbosity};

/// What the user says about the output.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct OutputArgs {
    /// Show the exchange behind each failure; -vv: every exchange of every case that does not pass
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet", help_heading = "Output")]
    verbose: u8,
    /// Print the verdict only
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,
    /// Whether colours are used; auto: on a terminal, unless NO_COLOR is set or TERM is dumb
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        env = "ASSAY_COLOR",
        help_heading = "Output"
    )]
    color: When,
}

/// When something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The columns of what is no terminal and has no COLUMNS, and the most and fewest that lines are wrapped to:
/// longer ones are hard to read, and shorter ones leave no room beside the labels.
const WIDTH: usize = 100;
const WIDEST: usize = 120;
const NARROWEST: usize = 40;

impl OutputArgs {
    /// The look of standard output.
    pub fn standard_output(self) -> OutputStyle {
        let terminal = std::io::stdout().is_terminal();
        OutputStyle {
            width: width(terminal),
            colour: match self.color {
                When::Auto => terminal && !is_dumb() && !is_set("NO_COLOR"),
                When::Always => true,
                When::Never => false,
            },
            verbosity: match (self.quiet, self.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, 0) => Verbosity::Normal,
                (false, 1) => Verbosity::Verbose,
                (false, 2..) => Verbosity::Everything,
            },
        }
    }

    /// How progress is shown on standard error. A dumb terminal cannot take a line back: it gets plain lines.
    pub fn progress(self, when: When) -> ProgressMode {
        let terminal = std::io::stderr().is_terminal();
        match when {
            When::Never => ProgressMode::Nothing,
            When::Auto if self.quiet || !terminal => ProgressMode::Nothing,
            When::Auto | When::Always if terminal && !is_dumb() => ProgressMode::Bar,
            When::Auto | When::Always => ProgressMode::Lines,
        }
    }
}

/// The columns of standard output, where it is a terminal: what a script reads is not wrapped.
pub fn columns() -> Option<usize> {
    let terminal = std::io::stdout().is_terminal();
    terminal.then(|| width(terminal))
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn width(terminal: bool) -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
    let seen = terminal
        .then(|| terminal_size::terminal_size_of(std::io::stdout()))
        .flatten()
        .map(|(width, _)| usize::from(width.0));
    seen.or(asked)
        .filter(|width| *width > 0)
        .unwrap_or(WIDTH)
        .clamp(NARROWEST, WIDEST)
}
