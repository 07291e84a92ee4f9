//! A run that is not finished, and its folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::outcome::{OUTCOME, Outcome};
use super::outcome_file::read_outcome;
use super::results_error::{ResultsError, at};
use crate::report::{Format, lock};

/// The file with what `assay run` printed. It is locked until the run and its fleet are over.
pub(super) const OUTPUT: &str = "output.txt";

/// The prefix of folders of runs that are not finished.
pub(super) const UNFINISHED: &str = ".unfinished-";

/// A run that is not finished. It is deleted where it is dropped.
#[derive(Debug)]
pub struct Attempt {
    folder: TempDir,
    output: File,
    place: PathBuf,
}

impl Attempt {
    /// Begins a run in a folder of its own in `parent`; `place` is the folder of the finished result.
    ///
    /// # Errors
    /// When no folder can be made.
    pub(super) fn begin(parent: &Path, place: PathBuf) -> Result<Self, ResultsError> {
        let folder = unfinished_in(parent)?;
        let output = File::create(folder.path().join(OUTPUT)).map_err(at(folder.path()))?;
        lock(&output);
        Ok(Self {
            folder,
            output,
            place,
        })
    }

    /// What a process leaves that is killed: the folder stays, and its files are closed once the returned one is.
    #[cfg(test)]
    pub(super) fn abandon(self) -> (PathBuf, File) {
        (self.folder.keep(), self.output)
    }

    /// The folder that the run writes to.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The file for what the run prints. As long as it is open, here or in the process of the run, no other process deletes
    /// the folder.
    ///
    /// # Errors
    /// When the system has no more open files.
    pub fn output(&self) -> io::Result<File> {
        self.output.try_clone()
    }

    /// What the run printed; nothing where it cannot be read.
    pub fn printed(&self) -> String {
        fs::read_to_string(self.path().join(OUTPUT)).unwrap_or_default()
    }

    /// Replaces the path of this folder with the path of the date, in the output and in the reports: their commands name it.
    fn name_place(&self) -> Result<(), ResultsError> {
        let folder = self.folder.path();
        let (from, to) = (folder.to_string_lossy(), self.place.to_string_lossy());
        let reports = Format::ALL.iter().map(|format| format.file());
        for path in reports.chain([OUTPUT]).map(|file| folder.join(file)) {
            // A run has only the reports that were asked for, and one that did not start printed nothing.
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            if text.contains(&*from) {
                fs::write(&path, text.replace(&*from, &to)).map_err(at(&path))?;
            }
        }
        Ok(())
    }

    /// Finishes the run: its folder becomes that of the date. A result that another process finished meanwhile stays, and one
    /// without a verdict is replaced. Returns whether this run counts.
    ///
    /// # Errors
    /// When a file cannot be written or moved.
    pub fn finish(self, outcome: &Outcome) -> Result<bool, ResultsError> {
        let path = self.folder.path().join(OUTCOME);
        let text = serde_json::to_string_pretty(outcome).unwrap_or_default() + "\n";
        fs::write(&path, text).map_err(at(&path))?;
        self.name_place()?;
        share(self.folder.path());
        if self.place.is_dir() {
            if read_outcome(&self.place).is_ok_and(|known| known.is_final()) {
                return Ok(false);
            }
            let parent = self.place.parent().unwrap_or(&self.place);
            let old = unfinished_in(parent)?;
            fs::rename(&self.place, old.path().join("replaced")).map_err(at(&self.place))?;
        }
        let from = self.folder.keep();
        match fs::rename(&from, &self.place) {
            Ok(()) => Ok(true),
            // Another process was faster.
            Err(_) if self.place.is_dir() => {
                let _ = fs::remove_dir_all(&from);
                Ok(false)
            }
            Err(error) => Err(at(&self.place)(error)),
        }
    }
}

/// A hidden folder, which is deleted where it is dropped.
fn unfinished_in(parent: &Path) -> Result<TempDir, ResultsError> {
    let folder = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(parent);
    folder.map_err(at(parent))
}

/// A temporary folder is its owner's alone, and a result is for others too.
fn share(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Where the mode cannot be changed, the owner can still read the result.
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o755));
    }
    #[cfg(not(unix))]
    let _ = folder;
}
