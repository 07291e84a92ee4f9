//! The options and the execution of `assay coverage`.

use std::fmt::Write as _;

use clap::ValueEnum;

use super::clients::ClientCoverage;
use super::{markdown, text};
use crate::catalogue::{Category, Coverage, Level, Requirement, Standing, Version};
use crate::cli::output::output;
use crate::cli::party_arg::PartyArg;
use crate::cli::sources::SourceArgs;
use crate::cli::{CliError, Exit};
use crate::registry;
use crate::suite::Suites;

/// What to show, and how.
#[derive(Debug, clap::Args)]
pub struct CoverageArgs {
    /// The output format; markdown is the table of docs/coverage.md
    #[arg(long, value_enum, default_value = "text")]
    pub format: CoverageFormat,
    /// Only the requirements of these versions
    #[arg(long, value_name = "LIST", value_delimiter = ',', help = format!("Only the requirements of these versions: {}", Version::choices()))]
    pub spec: Vec<Version>,
    /// Only these categories
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Category::parse, help = format!("Only these categories: {}", Category::choices()))]
    pub category: Vec<Category>,
    /// Only these levels: must, should, may
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = Level::parse)]
    pub level: Vec<Level>,
    /// Whose requirements: those of registries with their cases, or those of clients with their scenarios
    #[arg(long, value_enum, default_value = "registry")]
    pub party: PartyArg,
    /// Only the requirements without a case or without a fault
    #[arg(long)]
    pub missing: bool,
    /// Exit with 1 if a requirement has no case or fault and the catalogue gives no reason
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    sources: SourceArgs,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CoverageFormat {
    /// For a person: a table, and each requirement.
    Text,
    /// For a script.
    Json,
    /// The table of docs/coverage.md.
    Markdown,
}

/// Shows which requirements are tested and mutation-tested; with `--check`, demands both for each.
///
/// # Errors
/// Suites that cannot be read.
pub fn coverage(args: &CoverageArgs) -> Result<Exit, CliError> {
    if args.party == PartyArg::Client {
        return clients(args);
    }
    let suites = args.sources.load()?;
    let coverage = of(&suites);
    let gaps = coverage.gaps();
    let shown = args.chosen(coverage);
    let mut out = match args.format {
        CoverageFormat::Text => text::text(&shown, &args.versions(), !args.missing),
        CoverageFormat::Markdown => markdown::markdown(&shown, &args.versions()),
        CoverageFormat::Json => {
            let json = serde_json::to_value(&shown).map_err(CliError::usage)?;
            format!("{json:#}\n")
        }
    };
    if args.check && args.format == CoverageFormat::Text {
        let _ = writeln!(out, "{} without a reason", gaps.len());
        for gap in &gaps {
            let _ = writeln!(out, "  {gap}");
        }
    }
    output(&out)?;
    Ok(match args.check && !gaps.is_empty() {
        true => Exit::NonConformant,
        false => Exit::Success,
    })
}

/// Shows which scenarios test the requirements on clients.
fn clients(args: &CoverageArgs) -> Result<Exit, CliError> {
    let (suites, scenarios) = args.sources.load_with_scenarios()?;
    let versions = args.versions();
    let shows = |one: &Requirement| {
        let mut levels = versions.iter().filter_map(|version| one.level(*version));
        (args.category.is_empty() || args.category.contains(&one.category))
            && levels.any(|level| args.level.is_empty() || args.level.contains(&level))
    };
    let coverage = ClientCoverage {
        catalogue: &suites.catalogue,
        scenarios: &scenarios,
        versions: &versions,
        shows: &shows,
        missing: args.missing,
    };
    output(&match args.format {
        CoverageFormat::Json => coverage.json(),
        CoverageFormat::Text | CoverageFormat::Markdown => coverage.text(),
    })?;
    Ok(Exit::Success)
}

/// The coverage of suites by their cases, and by the faults of the bundled registry.
pub fn of(suites: &Suites) -> Coverage {
    let testers = suites.testers();
    let cases = |id: &str, version| testers.tested_in(id, version);
    let faults = |id: &str| {
        let breaking = registry::faults().filter(|fault| fault.violates.contains(&id));
        breaking.map(|fault| fault.id.to_owned()).collect()
    };
    Coverage::of(&suites.catalogue, cases, faults)
}

impl CoverageArgs {
    fn versions(&self) -> Vec<Version> {
        let all = Version::ALL.into_iter();
        all.filter(|version| self.spec.is_empty() || self.spec.contains(version))
            .collect()
    }

    /// What the filters leave.
    fn chosen(&self, mut coverage: Coverage) -> Coverage {
        let versions = self.versions();
        coverage.requirements.retain(|one| {
            let category = self.category.is_empty() || self.category.contains(&one.category);
            let mut standing = versions
                .iter()
                .filter_map(|version| one.in_version(*version));
            let stands = standing.any(|(level, standing)| {
                let missing = matches!(standing, Standing::Untested | Standing::Tested);
                (self.level.is_empty() || self.level.contains(&level)) && (!self.missing || missing)
            });
            category && stands
        });
        coverage
    }
}
