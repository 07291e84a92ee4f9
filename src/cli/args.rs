//! The arguments, as the user types them.

use clap::{Parser, Subcommand};

use super::baseline::BaselineCommand;
use super::certify::CertifyArgs;
use super::clean::CleanArgs;
use super::client_test::ClientCommand;
use super::compare::CompareArgs;
use super::completions::CompletionsArgs;
use super::config::{InitArgs, Origins};
use super::coverage::CoverageArgs;
use super::explain::ExplainArgs;
use super::fixtures::FixturesCommand;
use super::fleet::FleetCommand;
use super::judge::JudgeArgs;
use super::lint::LintArgs;
use super::list::ListArgs;
use super::man::ManArgs;
use super::new::NewCommand;
use super::proxy::ProxyArgs;
use super::publish::{FetchArgs, PublishArgs};
use super::report::ReportArgs;
use super::reproduce::ReproduceArgs;
use super::run::RunArgs;
use super::self_test::SelfTestArgs;
use super::serve::ServeArgs;
use super::spec::SpecCommand;

/// Tests whether a container registry conforms to the OCI Distribution Specification.
#[derive(Debug, Parser)]
#[command(name = "assay", version, max_term_width = 100, after_help = EXITS)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Where the options were set.
    #[arg(skip)]
    pub(super) origins: Origins,
}

const EXITS: &str = "\
Exit status: 0 conforms · 1 violates a MUST · 2 wrong arguments, suites or report folder ·
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
    /// Test assay itself: the bundled registry passes every case, and each of its faults is detected
    SelfTest(SelfTestArgs),
    /// List suites, cases, requirements, features, faults, permitted variants, profiles, deployments, scenarios and clients
    List(ListArgs),
    /// Explain a requirement, case, set-up, feature, fault, variant, profile, category, error code or exit status
    Explain(ExplainArgs),
    /// Show which cases test each requirement, and which faults violate it
    Coverage(CoverageArgs),
    /// Check suites, catalogue, fixtures and scenarios for clients
    Lint(LintArgs),
    /// Write the skeleton of a case, requirement, suite or fault where it belongs
    New {
        /// What to write
        #[command(subcommand)]
        command: NewCommand,
    },
    /// Write fixtures for pull-only registries
    Fixtures {
        /// What to do with them
        #[command(subcommand)]
        command: FixturesCommand,
    },
    /// Render a finished run again
    Report(ReportArgs),
    /// Print a shell script that reproduces a failure of a finished run with curl
    Reproduce(ReproduceArgs),
    /// Write a commented assay.toml
    Init(InitArgs),
    /// Print a shell's completion script
    Completions(CompletionsArgs),
    /// Print the man page of assay, or of a command
    Man(ManArgs),
    /// Write or update a file of known failures (run --baseline)
    Baseline {
        /// What to do with it
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Compare several runs, differences first
    Compare(CompareArgs),
    /// Test many targets, and make a static site of their results
    Fleet {
        /// What to do with it
        #[command(subcommand)]
        command: FleetCommand,
    },
    /// Push a report to a registry, as an OCI artifact with the tested image as its subject
    Publish(PublishArgs),
    /// Pull a report that `assay publish` pushed
    Fetch(FetchArgs),
    /// Test a registry, and write and check the folder for a certification pull request
    Certify(Box<CertifyArgs>),
    /// Test a client: the bundled registry answers as scenarios say, and assay judges what the client sends and stores
    Client {
        /// What to do
        #[command(subcommand)]
        command: Box<ClientCommand>,
    },
    /// Stand between clients and a registry, pass everything on, and judge the requests and responses
    Proxy(Box<ProxyArgs>),
    /// Judge recorded traffic between clients and a registry
    Judge(Box<JudgeArgs>),
    /// Compare a text of the specification with the catalogue, or print its sentences
    Spec {
        /// What to do with it
        #[command(subcommand)]
        command: SpecCommand,
    },
}
