//! The style of terminal output: width, colours and verbosity.

use std::io::IsTerminal;

use clap::{ArgAction, ValueEnum};

use crate::report::terminal::{OutputStyle, ProgressMode, Verbosity};

/// The output options.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct OutputArgs {
    /// Show the exchange of each failure; -vv: every exchange of each case that does not pass
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet", help_heading = "Output")]
    verbose: u8,
    /// Print only the verdict
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,
    /// Whether to use colours; auto: on a terminal, unless NO_COLOR is set or TERM is dumb
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

/// The columns without a terminal and without COLUMNS, and the bounds of the wrapping: longer lines are hard to read,
/// and shorter lines leave no room next to the labels.
const WIDTH: usize = 100;
const WIDEST: usize = 120;
const NARROWEST: usize = 40;

/// A stream that may be a terminal.
#[derive(Clone, Copy)]
struct Stream {
    terminal: bool,
    columns: Option<usize>,
}

impl Stream {
    fn output() -> Self {
        let stream = std::io::stdout();
        Self::new(&stream, terminal_size::terminal_size_of(&stream))
    }

    fn error() -> Self {
        let stream = std::io::stderr();
        Self::new(&stream, terminal_size::terminal_size_of(&stream))
    }

    fn new(
        stream: &impl IsTerminal,
        size: Option<(terminal_size::Width, terminal_size::Height)>,
    ) -> Self {
        let terminal = stream.is_terminal();
        let columns = size.map(|(width, _)| usize::from(width.0));
        Self {
            terminal,
            columns: columns.filter(|_| terminal),
        }
    }

    /// The columns to wrap at.
    fn width(self) -> usize {
        let asked = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
        self.columns
            .or(asked)
            .filter(|width| *width > 0)
            .unwrap_or(WIDTH)
            .clamp(NARROWEST, WIDEST)
    }
}

impl OutputArgs {
    pub fn standard_output(self) -> OutputStyle {
        self.style(Stream::output())
    }

    /// The style of progress.
    pub fn standard_error(self) -> OutputStyle {
        self.style(Stream::error())
    }

    fn style(self, stream: Stream) -> OutputStyle {
        OutputStyle {
            width: stream.width(),
            colour: match self.color {
                When::Auto => stream.terminal && !is_dumb() && !is_set("NO_COLOR"),
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

    /// How standard error shows progress. A dumb terminal cannot overwrite a line, so that it gets plain lines.
    pub fn progress(self, when: When) -> ProgressMode {
        let terminal = Stream::error().terminal;
        match when {
            When::Never | When::Auto if self.quiet => ProgressMode::Nothing,
            When::Never => ProgressMode::Start,
            When::Auto if !terminal => ProgressMode::Waiting,
            When::Auto | When::Always if terminal && !is_dumb() => ProgressMode::Bar,
            When::Auto | When::Always => ProgressMode::Lines,
        }
    }
}

/// The columns of standard output, if it is a terminal: output for scripts is not wrapped.
pub fn columns() -> Option<usize> {
    let output = Stream::output();
    output.terminal.then(|| output.width())
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
