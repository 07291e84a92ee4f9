//! What is asked, and what comes of it.

use clap::ValueEnum;

use super::choose::Choice;
use super::{json, text};
use crate::catalogue::{Category, Level, Version};
use crate::cli::output::output;
use crate::cli::sources::SourceArgs;
use crate::cli::{CliError, Exit};

/// What to list, and how.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// What to list (suites, cases, requirements, features, faults, variants, profiles; all without it), and globs of ids
    #[arg(value_name = "KIND|PATTERN")]
    pub what: Vec<String>,
    /// Only what belongs to these categories: pull, push, discovery, management, everywhere
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Category::parse)]
    pub category: Vec<Category>,
    /// Only what a version of the specification has: 1.0, 1.1 or dev
    #[arg(long)]
    pub spec: Option<Version>,
    /// Only what is of these levels: must, should, may
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Level::parse)]
    pub level: Vec<Level>,
    /// Only what has to do with a feature
    #[arg(long, value_name = "FEATURE")]
    pub feature: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: ListFormat,
    #[command(flatten)]
    sources: SourceArgs,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For a person.
    Text,
    /// For a script.
    Json,
}

/// Lists suites with their cases, requirements, features, faults, variants and profiles.
///
/// # Errors
/// When the suites cannot be read, a pattern is none, or nothing is left.
pub fn list(args: &ListArgs) -> Result<Exit, CliError> {
    let suites = args.sources.load()?;
    let choice = Choice::of(args, &suites)?;
    let listing = choice.listing(&suites);
    if listing.is_empty() {
        return Err(CliError::usage(
            "nothing is left to list: `assay list` without filters shows everything",
        ));
    }
    output(&match args.format {
        ListFormat::Text => text::text(&listing),
        ListFormat::Json => format!("{:#}\n", json::as_json(&listing, &suites)),
    })?;
    Ok(Exit::Success)
}
