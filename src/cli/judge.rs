//! `assay judge`: judges recorded traffic.

use std::path::PathBuf;
use std::time::Instant;

use time::OffsetDateTime;

use super::judged_traffic::JudgingArgs;
use super::{CliError, Exit};
use crate::record::{JudgedBy, millis};
use crate::traffic::{TrafficRun, read_har};

/// The recording, and how it is judged.
#[derive(Debug, clap::Args)]
pub struct JudgeArgs {
    /// The recording: a HAR file of a browser, of mitmproxy, or of `assay run --format har`
    #[arg(value_name = "FILE.har")]
    file: PathBuf,
    #[command(flatten)]
    judging: JudgingArgs,
}

/// Judges a recording, writes the reports and prints the result.
///
/// # Errors
/// A file that is no recording, or reports that cannot be written.
pub fn judge(args: &JudgeArgs) -> Result<Exit, CliError> {
    let (began, clock) = (OffsetDateTime::now_utc(), Instant::now());
    let recording = read_har(&args.file).map_err(CliError::usage)?;
    let (mut judge, reports) = args.judging.prepare()?;
    let url = recording
        .registry()
        .unwrap_or_else(|| args.file.display().to_string());
    let mut notes = Vec::new();
    if recording.left_out > 0 {
        let left_out = recording.left_out;
        notes.push(format!(
            "{left_out} entries of the recording have no http or https URL"
        ));
    }
    for exchange in recording.exchanges {
        judge.add(exchange);
    }
    let mut run = judge.into_run(TrafficRun {
        url,
        began,
        duration_ms: millis(clock.elapsed()),
        judged_by: JudgedBy::Recording(args.file.display().to_string()),
        notes,
    });
    reports.report(&mut run)
}
