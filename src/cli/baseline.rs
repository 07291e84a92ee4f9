//! `assay baseline`: the file of known failures, written and mended.

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
    /// Write a baseline of everything that fails in a run
    New {
        /// The report.json of the run
        #[arg(long, value_name = "REPORT.json")]
        from: PathBuf,
        /// Take in broken SHOULDs too
        #[arg(long)]
        warnings: bool,
        /// Where to write it; standard output without it. A file that is there is not touched
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Take out of a baseline what a run no longer fails, and what matches nothing; the rest stays as it is written
    Update {
        /// The baseline
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The report.json of the run
        #[arg(long, value_name = "REPORT.json")]
        from: PathBuf,
        /// Add what is new
        #[arg(long)]
        accept_new: bool,
    },
}

/// Writes or mends a baseline.
///
/// # Errors
/// When a file cannot be read, mended or written.
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
            forget(&mut run);
            baseline::apply(&mut run, &known, super::report_run::today());
            let updated = baseline::update(&known, &run, *accept_new).map_err(CliError::usage)?;
            replace(file, &updated.text)?;
            output(&told(file, &run, &updated, *accept_new))?;
        }
    }
    Ok(Exit::Success)
}

/// What an earlier baseline said about the run counts no more.
fn forget(run: &mut Run) {
    run.baseline = None;
    for case in &mut run.cases {
        case.known = None;
    }
}

fn told(file: &Path, run: &Run, updated: &baseline::Updated, accepted: bool) -> String {
    let mut text = String::new();
    for id in &updated.removed {
        text.push_str(&format!("removed  {id}\n"));
    }
    for id in &updated.added {
        text.push_str(&format!("added    {id}\n"));
    }
    let new = run.baseline.iter().flat_map(|held| &held.new);
    let new: Vec<&String> = new.filter(|id| !updated.added.contains(id)).collect();
    if !accepted {
        for id in &new {
            text.push_str(&format!("new      {id}\n"));
        }
        if !new.is_empty() {
            text.push_str("What is new is not added: mend the registry, or say --accept-new.\n");
        }
    }
    if text.is_empty() {
        text = format!("{}: nothing to mend\n", file.display());
    }
    text
}

fn create(file: &Path, text: &str) -> Result<(), CliError> {
    let made = std::fs::File::create_new(file).and_then(|mut made| made.write_all(text.as_bytes()));
    made.map_err(|error| {
        let file = file.display();
        CliError::usage(format!(
            "cannot write {file}: {error}. `assay baseline update {file}` mends a file that is there"
        ))
    })
}

fn replace(file: &Path, text: &str) -> Result<(), CliError> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let written =
        tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).and_then(|mut aside| {
            aside.write_all(text.as_bytes())?;
            if let Ok(known) = file.metadata() {
                aside.as_file().set_permissions(known.permissions())?;
            }
            aside.persist(file).map_err(|error| error.error)
        });
    written
        .map(drop)
        .map_err(|error| super::output::unwritten(file, &error))
}
