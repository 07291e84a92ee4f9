//! The arguments, as the user types them.

use clap::{Parser, Subcommand};

use super::baseline::BaselineCommand;
use super::certify::CertifyArgs;
use super::clean::CleanArgs;
use super::compare::CompareArgs;
use super::completions::CompletionsArgs;
use super::config::InitArgs;
use super::coverage::CoverageArgs;
use super::explain::ExplainArgs;
use super::fixtures::FixturesCommand;
use super::lint::LintArgs;
use super::list::ListArgs;
use super::man::ManArgs;
use super::report::ReportArgs;
use super::run::RunArgs;
use super::self_test::SelfTestArgs;
use super::serve::ServeArgs;
use super::spec::SpecCommand;

/// Tests whether a container registry keeps the OCI Distribution Specification.
#[derive(Debug, Parser)]
#[command(name = "assay", version, max_term_width = 100, after_help = EXITS)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXITS: &str = "\
Exit status: 0 no requirement broken · 1 a MUST broken · 2 wrong arguments, suites or report folder ·
3 no verdict (target unreachable, access refused, cases blocked or in error) · 130 interrupted";

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Test a registry; without TARGET, the bundled one, started for the run
    Run(Box<RunArgs>),
    /// Delete what an earlier run left in the registry
    Clean(Box<CleanArgs>),
    /// Run the bundled registry, for tests of other tools
    Serve(ServeArgs),
    /// Prove assay on its bundled registry: it passes everything, and every check can fail
    SelfTest(SelfTestArgs),
    /// List suites, cases, requirements, features, faults, legal variants and profiles
    List(ListArgs),
    /// Explain a requirement, case, set-up, feature, fault, variant, profile, category, error code or exit status
    Explain(ExplainArgs),
    /// Show which requirements are tested, by which cases, and proved by which faults
    Coverage(CoverageArgs),
    /// Check suites, catalogue and fixtures
    Lint(LintArgs),
    /// Write fixtures for registries that serve pulls only
    Fixtures {
        /// What to do with them
        #[command(subcommand)]
        command: FixturesCommand,
    },
    /// Render a finished run again
    Report(ReportArgs),
    /// Write a commented assay.toml
    Init(InitArgs),
    /// Print what makes a shell complete commands and options
    Completions(CompletionsArgs),
    /// Print the man page of assay, or of a command
    Man(ManArgs),
    /// Write or mend a file of known failures (run --baseline)
    Baseline {
        /// What to do with it
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Lay several runs side by side: what changed first
    Compare(CompareArgs),
    /// Test a registry, and write and check the folder that a certification pull request wants
    Certify(Box<CertifyArgs>),
    /// Hold a text of the specification against the catalogue
    Spec {
        /// What to do with it
        #[command(subcommand)]
        command: SpecCommand,
    },
}
