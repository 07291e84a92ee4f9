//! The end of a run: held against a baseline, reported, and turned into an exit status.

use std::path::Path;

use clap::ValueEnum;
use time::{Date, OffsetDateTime};

use super::{CliError, Exit};
use crate::baseline::{Baseline, BaselineError, apply};
use crate::record::Run;
use crate::report::terminal::{OutputStyle, Verbosity};
use crate::report::{self, Folder, Format};

/// How many pieces of content that were left behind are told of.
const LEFT_SHOWN: usize = 10;

/// What fails a run beside a broken MUST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// A broken SHOULD.
    Warn,
    /// An entry of the baseline that no longer fails, or that nothing matches.
    Stale,
}

/// How a run is ended.
#[derive(Debug)]
pub struct RunReport<'a> {
    /// Where reports go.
    pub folder: &'a Folder,
    /// Which are written.
    pub formats: &'a [Format],
    /// What fails the run beside a broken MUST.
    pub deny: &'a [Deny],
    /// What is known to fail.
    pub baseline: Option<&'a Baseline>,
    /// How the terminal looks.
    pub look: OutputStyle,
    /// Whether what was pushed was to stay: then it is not told of.
    pub keep: bool,
}

impl RunReport<'_> {
    /// Writes the reports and prints the result.
    ///
    /// # Errors
    /// When a report cannot be written.
    pub fn finish(&self, run: &mut Run) -> Result<Exit, CliError> {
        if let Some(baseline) = self.baseline {
            apply(run, baseline, today());
        }
        let written = self.folder.write(run, self.formats);
        let written = written.map_err(CliError::usage)?;
        super::output::output(&report::terminal::summary(run, &self.look))?;
        if !self.keep && self.look.verbosity != Verbosity::Quiet {
            let left = report::terminal::leftovers(&run.leftovers, LEFT_SHOWN);
            super::output::output(&left)?;
        }
        super::output::output(&report::terminal::written(&written, &self.look))?;
        Ok(self.exit(run))
    }

    fn exit(&self, run: &Run) -> Exit {
        let exit = Exit::of(run, self.deny.contains(&Deny::Warn));
        let stale = run
            .baseline
            .as_ref()
            .is_some_and(|held| !held.stale.is_empty());
        match exit {
            Exit::Success if stale && self.deny.contains(&Deny::Stale) => Exit::NonConformant,
            exit => exit,
        }
    }
}

/// The day by which entries expire: UTC, so that a run means the same everywhere.
pub fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

/// Reads a baseline.
///
/// # Errors
/// When it cannot be read, with all its mistakes.
pub fn baseline(path: &Path) -> Result<Baseline, CliError> {
    Baseline::read(path).map_err(|error| match error {
        BaselineError::Diagnostics(diagnostics) => {
            let said = super::sources::show_each(&diagnostics);
            CliError::usage(format!("the baseline does not hold together\n{said}"))
        }
        other => CliError::usage(other),
    })
}
