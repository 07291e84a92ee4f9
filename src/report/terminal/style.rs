//! How the terminal looks.

use crate::record::{Conformance, Verdict};

/// What the command line found out about the terminal and the user's wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputStyle {
    /// How many columns there are; lines that are made to be copied may be longer.
    pub width: usize,
    /// Whether colours are wanted.
    pub colour: bool,
    /// How much is wanted.
    pub verbosity: Verbosity,
}

/// How much the summary says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verbosity {
    /// The verdict, in a line.
    Quiet,
    /// What a person needs to act.
    #[default]
    Normal,
    /// Also the exchange that shows each failure.
    Verbose,
    /// Also every exchange of every case that does not pass, with its bodies.
    Everything,
}

impl Default for OutputStyle {
    fn default() -> Self {
        Self {
            width: 100,
            colour: false,
            verbosity: Verbosity::default(),
        }
    }
}

/// What a piece of text is, which is what gives it its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum TextStyle {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
    Doubtful,
    Blocked,
}

impl TextStyle {
    /// The style of a verdict.
    pub(in crate::report) const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Good,
            Verdict::Fail | Verdict::Error => Self::Bad,
            Verdict::Warn => Self::Doubtful,
            Verdict::Blocked => Self::Blocked,
            Verdict::Unsupported | Verdict::Skipped | Verdict::Untested => Self::Faint,
        }
    }

    /// The style of a category's or the run's verdict.
    pub(in crate::report) const fn of_conformance(verdict: Conformance) -> Self {
        match verdict {
            Conformance::Conformant => Self::Good,
            Conformance::NonConformant => Self::Bad,
            Conformance::Inconclusive => Self::Doubtful,
        }
    }

    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Faint => Some("2"),
            Self::Good => Some("32"),
            Self::Bad => Some("31"),
            Self::Doubtful => Some("33"),
            Self::Blocked => Some("35"),
        }
    }
}

impl OutputStyle {
    /// Text in a style, where colours are wanted.
    pub(in crate::report) fn paint(&self, style: TextStyle, text: &str) -> String {
        match style.code() {
            Some(code) if self.colour && !text.is_empty() => {
                format!("\u{1b}[{code}m{text}\u{1b}[0m")
            }
            Some(_) | None => text.to_owned(),
        }
    }
}
