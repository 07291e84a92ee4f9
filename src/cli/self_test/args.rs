//! The options of `assay self-test`.

use crate::cli::sources::SourceArgs;

/// What to test.
#[derive(Debug, clap::Args)]
pub struct SelfTestArgs {
    /// Also run every fault of the bundled registry: the cases must detect each
    #[arg(long)]
    pub faults: bool,
    /// Test each permitted variant alone, in every version, and with large content
    #[arg(long)]
    pub thorough: bool,
    /// Only these faults and variants (repeatable)
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    #[command(flatten)]
    pub sources: SourceArgs,
}
