//! The formats of commands that print one text.

use clap::ValueEnum;

/// The format of what a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For a person.
    Text,
    /// For a script.
    Json,
}
