//! The end of a run: compared with a baseline, reported, and turned into an exit status.

use std::path::Path;

use clap::ValueEnum;
use time::{Date, OffsetDateTime};

use super::output::output;
use super::{CliError, Exit};
use crate::baseline::{Baseline, BaselineError, apply};
use crate::record::Run;
use crate::report::terminal::{self, OutputStyle, Verbosity};
use crate::report::{Folder, Format};

/// The most leftovers that are listed.
const LEFTOVERS_SHOWN: usize = 10;

/// What fails a run besides a violated MUST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// A violated SHOULD.
    Warn,
    /// An entry of the baseline that no longer fails, or that matches no case.
    Stale,
}

/// How a run is reported.
pub struct ReportOptions {
    pub out: std::path::PathBuf,
    pub formats: Vec<Format>,
    pub deny: Vec<Deny>,
    pub baseline: Option<Baseline>,
    pub style: OutputStyle,
    /// Whether the pushed content stays: then it is not listed as left behind.
    pub keep: bool,
}

/// Writes the reports and prints the result.
///
/// # Errors
/// A report that cannot be written.
pub fn report_run(
    run: &mut Run,
    folder: &Folder,
    options: &ReportOptions,
) -> Result<Exit, CliError> {
    let json = options.formats.contains(&Format::Json);
    let style = &OutputStyle {
        report: json.then(|| options.out.join(Format::Json.file())),
        ..options.style.clone()
    };
    if let Some(baseline) = &options.baseline {
        apply(run, baseline, today());
    }
    let written = folder.write(run, &options.formats);
    let written = written.map_err(CliError::usage)?;
    output(&terminal::summary(run, style))?;
    if !options.keep && style.verbosity != Verbosity::Quiet {
        output(&terminal::leftovers(&run.leftovers, LEFTOVERS_SHOWN))?;
    }
    output(&terminal::written(&written, style))?;
    Ok(exit(run, &options.deny))
}

fn exit(run: &Run, deny: &[Deny]) -> Exit {
    let exit = Exit::of(run, deny.contains(&Deny::Warn));
    let stale = run
        .baseline
        .as_ref()
        .is_some_and(|baseline| !baseline.stale.is_empty());
    match exit {
        Exit::Success if stale && deny.contains(&Deny::Stale) => Exit::NonConformant,
        exit => exit,
    }
}

/// The day by which entries expire: UTC, so that a run means the same everywhere.
pub fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

/// Reads a baseline.
///
/// # Errors
/// A file that cannot be read, with all its mistakes.
pub fn baseline(path: &Path) -> Result<Baseline, CliError> {
    Baseline::read(path).map_err(|error| match error {
        BaselineError::Diagnostics(diagnostics) => {
            let shown = super::sources::show_each(&diagnostics);
            CliError::usage(format!("the baseline has mistakes\n{shown}"))
        }
        other => CliError::usage(other),
    })
}
