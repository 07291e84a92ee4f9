//! `assay merge`: the parts of one run, made one.

use std::path::PathBuf;

use super::finish::{Deny, Finish};
use super::look::LookArgs;
use super::{Exit, Refusal};
use crate::merge::{Part, merge as merged};
use crate::report::{self, Folder, Format};

/// What to merge, and where to.
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// The report.json of each part (runs with --shard I/N)
    #[arg(value_name = "REPORT.json", required = true)]
    pub reports: Vec<PathBuf>,
    /// Where reports go
    #[arg(long, value_name = "DIR", default_value = "reports", env = "ASSAY_OUT")]
    pub out: PathBuf,
    /// Which reports are written
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "json,junit,html",
        env = "ASSAY_FORMAT"
    )]
    pub format: Vec<Format>,
    /// Fail for warnings too, or for entries of the baseline that are stale
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        value_delimiter = ',',
        env = "ASSAY_DENY"
    )]
    pub deny: Vec<Deny>,
    /// Known failures, which do not fail the run: a file of `assay baseline`, or a report.json
    #[arg(long, value_name = "FILE", env = "ASSAY_BASELINE")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    look: LookArgs,
}

/// Merges, writes the reports and prints the result, like the run that was split.
///
/// # Errors
/// When a report cannot be read, they are not parts of one run, or nothing can be written.
pub fn merge(args: &MergeArgs) -> Result<Exit, Refusal> {
    let baseline = args.baseline.as_deref().map(super::finish::baseline);
    let baseline = baseline.transpose()?;
    let mut parts = Vec::new();
    for path in &args.reports {
        let run = report::read(path).map_err(Refusal::usage)?;
        let name = path.display().to_string();
        parts.push(Part { name, run });
    }
    let mut run = merged(&parts).map_err(Refusal::usage)?;
    let folder = Folder::open(&args.out).map_err(Refusal::usage)?;
    Finish {
        folder: &folder,
        formats: &args.format,
        deny: &args.deny,
        baseline: baseline.as_ref(),
        look: args.look.standard_output(),
        keep: false,
    }
    .finish(&mut run)
}
