//! The end of a run: compared with a baseline, reported, and turned into an exit status.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use time::{Date, OffsetDateTime};

use super::ci::CiOutput;
use super::output::output;
use super::{CliError, Exit};
use crate::baseline::{Baseline, BaselineError, apply};
use crate::engine::NotStarted;
use crate::record::{Phase, Run, millis};
use crate::report;
use crate::report::terminal::{self, OutputStyle};
use crate::report::{Folder, Format};

/// What fails a run besides a violated MUST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// A violated SHOULD.
    Warn,
    /// An entry of the baseline that no longer fails, or that matches no case.
    Stale,
}

/// How a run is reported.
#[derive(Clone)]
pub struct ReportOptions {
    pub out: PathBuf,
    pub formats: Vec<Format>,
    pub deny: Vec<Deny>,
    pub baseline: Option<Baseline>,
    pub style: OutputStyle,
    /// Whether the timings are printed.
    pub timings: bool,
}

/// Where the result of a run goes: its folder, the terminal, and the provider of the CI.
pub struct Output {
    folder: Folder,
    ci: CiOutput,
    options: ReportOptions,
}

impl Output {
    /// Opens the folder, and removes the reports of earlier runs.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn open(options: ReportOptions) -> Result<Self, CliError> {
        let folder = Folder::open(&options.out).map_err(CliError::usage)?;
        folder.clear(&options.formats).map_err(CliError::usage)?;
        Ok(Self {
            folder,
            ci: CiOutput::begin(),
            options,
        })
    }

    /// Writes the reports and prints the result.
    ///
    /// # Errors
    /// A report that cannot be written.
    pub fn report(self, run: &mut Run) -> Result<Exit, CliError> {
        let options = &self.options;
        if let Some(baseline) = &options.baseline {
            apply(run, baseline, today());
        }
        let began = Instant::now();
        let written = self.write(run);
        let took = Phase::new("reports", millis(began.elapsed()));
        let written = written?;
        output(&terminal::summary(run, &written, &options.style))?;
        if let Some(timings) = run.timings.as_mut().filter(|_| options.timings) {
            timings.phases.push(took);
            output(&report::timings(timings))?;
        }
        self.ci.report(run)?;
        Ok(exit(run, &options.deny))
    }

    /// Writes the reports of a run that ended before its first case. Returns its error; where the reports cannot be
    /// written, with the reason.
    pub fn report_error(self, error: CliError, not_started: NotStarted) -> CliError {
        let mut run = not_started.record(&error.sentence());
        let reported = self.write(&mut run).and_then(|written| {
            output(&terminal::written(&written, &self.options.style))?;
            self.ci.report(&run)
        });
        match reported {
            Ok(()) => error,
            Err(also) => error.and(&also),
        }
    }

    /// Writes the reports of a run, whose commands name its report.json, and returns their paths.
    fn write(&self, run: &mut Run) -> Result<Vec<PathBuf>, CliError> {
        let ReportOptions { out, formats, .. } = &self.options;
        let json = formats.contains(&Format::Json);
        run.file = json.then(|| out.join(Format::Json.file()));
        self.folder.write(run, formats).map_err(CliError::usage)
    }
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
        other => CliError::of_option("baseline", other),
    })
}
