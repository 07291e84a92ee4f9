//! `assay baseline`: writes and updates the file of known failures.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::output::output;
use super::{CliError, Exit};
use crate::baseline;
use crate::record::Run;
use crate::report;

/// What to do with a baseline.
#[derive(Debug, clap::Subcommand)]
pub enum BaselineCommand {
    /// Write a baseline of all failures of a run
    New {
        /// The report.json of the run
        #[arg(long, value_name = "REPORT.json")]
        from: PathBuf,
        /// Include warnings (violated SHOULDs)
        #[arg(long)]
        warnings: bool,
        /// The file to write, which must not exist; standard output by default
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Remove from a baseline the entries that no longer fail or match no case; other lines stay unchanged
    Update {
        /// The baseline
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The report.json of the run
        #[arg(long, value_name = "REPORT.json")]
        from: PathBuf,
        /// Add new failures
        #[arg(long)]
        accept_new: bool,
    },
}

/// Writes or updates a baseline.
///
/// # Errors
/// A file that cannot be read, updated or written.
pub fn baseline(command: &BaselineCommand) -> Result<Exit, CliError> {
    match command {
        BaselineCommand::New {
            from,
            warnings,
            file,
        } => {
            let run = report::read(from).map_err(CliError::usage)?;
            let text = baseline::write(&run, *warnings);
            match file {
                None => output(&text)?,
                Some(file) => {
                    create(file, &text)?;
                    output(&format!("wrote {}\n", file.display()))?;
                }
            }
        }
        BaselineCommand::Update {
            file,
            from,
            accept_new,
        } => {
            let known = super::report_run::baseline(file)?;
            let mut run: Run = report::read(from).map_err(CliError::usage)?;
            clear_baseline(&mut run);
            baseline::apply(&mut run, &known, super::report_run::today());
            let updated = baseline::update(&known, &run, *accept_new).map_err(CliError::usage)?;
            replace(file, &updated.text)?;
            output(&update_summary(file, &run, &updated, *accept_new))?;
        }
    }
    Ok(Exit::Success)
}

/// Removes the results of an earlier baseline from a run.
fn clear_baseline(run: &mut Run) {
    run.baseline = None;
    for case in &mut run.cases {
        case.known = None;
    }
}

fn update_summary(file: &Path, run: &Run, updated: &baseline::Updated, accepted: bool) -> String {
    let mut text = String::new();
    for id in &updated.removed {
        text.push_str(&format!("removed  {id}\n"));
    }
    for id in &updated.added {
        text.push_str(&format!("added    {id}\n"));
    }
    let new = run.baseline.iter().flat_map(|baseline| &baseline.new);
    let new: Vec<&String> = new.filter(|id| !updated.added.contains(id)).collect();
    if !accepted {
        for id in &new {
            text.push_str(&format!("new      {id}\n"));
        }
        if !new.is_empty() {
            text.push_str("New failures are not added: fix the registry, or use --accept-new.\n");
        }
    }
    if text.is_empty() {
        text = format!("{}: nothing to update\n", file.display());
    }
    text
}

fn create(file: &Path, text: &str) -> Result<(), CliError> {
    let made = std::fs::File::create_new(file).and_then(|mut made| made.write_all(text.as_bytes()));
    made.map_err(|error| {
        let file = file.display();
        CliError::usage(format!(
            "cannot write {file}: {error}. `assay baseline update {file}` updates an existing file"
        ))
    })
}

fn replace(file: &Path, text: &str) -> Result<(), CliError> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let written = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).and_then(
        |mut temporary| {
            temporary.write_all(text.as_bytes())?;
            if let Ok(known) = file.metadata() {
                temporary.as_file().set_permissions(known.permissions())?;
            }
            temporary.persist(file).map_err(|error| error.error)
        },
    );
    written
        .map(drop)
        .map_err(|error| super::output::unwritten(file, &error))
}
