//! The options of `assay list`.

use crate::catalogue::{Category, Level, Version};
use crate::cli::output_format::OutputFormat;
use crate::cli::sources::SourceArgs;

/// What to list, and how.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// What to list (suites, cases, requirements, features, faults, variants, profiles, deployments, scenarios, clients; all by default), and globs of ids
    #[arg(value_name = "KIND|PATTERN")]
    pub what: Vec<String>,
    /// Only the entries of these categories
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Category::parse, help = format!("Only the entries of these categories: {}", Category::choices()))]
    pub category: Vec<Category>,
    /// Only the entries of a version of the specification
    #[arg(long, help = format!("Only the entries of a version of the specification: {}", Version::choices()))]
    pub spec: Option<Version>,
    /// Only the entries of these levels: must, should, may
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Level::parse)]
    pub level: Vec<Level>,
    /// Only the entries that belong to a feature
    #[arg(long, value_name = "FEATURE")]
    pub feature: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub sources: SourceArgs,
}
