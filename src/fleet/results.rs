//! The folder of results: `TARGET/DATE/` with the reports and `outcome.json`.
//!
//! A run writes to a hidden folder beside its date, and renames it when it is finished. Whatever ends a run halfway, the date
//! is whole or missing, so that starting again repeats what is missing and nothing else. Several processes may share the
//! folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::outcome::{Outcome, SCHEMA};
use crate::report::{Format, Lock, lock};

/// The file with what `assay run` printed. It is locked until the run and its fleet are over.
const OUTPUT: &str = "output.txt";

/// The name of the file that says what came of a run.
const OUTCOME: &str = "outcome.json";

/// The prefix of folders of runs that are not finished.
const UNFINISHED: &str = ".unfinished-";

/// The largest `outcome.json`, in bytes.
const LARGEST: u64 = 64 * 1024;

/// The results of a fleet.
#[derive(Debug, Clone)]
pub struct Results {
    folder: PathBuf,
}

/// Results that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// A folder or file cannot be read or written.
    #[error("cannot read or write {}: {source}", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A result has no outcome: it was copied in part, or is no result.
    #[error("{} is no whole result: it has no {OUTCOME}. Delete it, or copy it again", path.display())]
    HalfWritten {
        /// The folder.
        path: PathBuf,
    },
    /// The outcome is malformed.
    #[error("{} cannot be read: {problem}. Delete the folder, or copy it again", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The outcome has another version of the format.
    #[error("{} has version {found:?} of the format, and this assay reads {SCHEMA:?}: read it with the assay that wrote it", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// The version.
        found: String,
    },
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ResultsError {
    let path = path.to_path_buf();
    move |source| ResultsError::Io { path, source }
}

/// A result of a target, with its date.
pub type Dated = (String, Outcome);

impl Results {
    /// The results in a folder, which is made where it does not exist.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(folder: &Path) -> Result<Self, ResultsError> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    /// The results in a folder.
    pub fn open(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
        }
    }

    /// The folder of all results.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of a result.
    pub fn path(&self, target: &str, date: &str) -> PathBuf {
        self.folder.join(target).join(date)
    }

    /// What came of a target on a date; none where nothing is finished.
    ///
    /// # Errors
    /// When the result is half written, malformed or of another version.
    pub fn outcome(&self, target: &str, date: &str) -> Result<Option<Outcome>, ResultsError> {
        let folder = self.path(target, date);
        match folder.is_dir() {
            true => read_outcome(&folder).map(Some),
            false => Ok(None),
        }
    }

    /// Begins a run. What earlier runs of the target left unfinished is deleted where their processes are gone. Where the
    /// system does not tell, it is deleted once it is older than `stale`.
    ///
    /// # Errors
    /// When no folder can be made for it.
    pub fn begin(
        &self,
        target: &str,
        date: &str,
        stale: Duration,
    ) -> Result<Attempt, ResultsError> {
        let parent = self.folder.join(target);
        fs::create_dir_all(&parent).map_err(at(&parent))?;
        for entry in fs::read_dir(&parent).map_err(at(&parent))?.flatten() {
            let unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
            if unfinished && is_abandoned(&entry.path(), stale) {
                // Another process may delete it too.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let folder = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&parent);
        let folder = folder.map_err(at(&parent))?;
        let output = File::create(folder.path().join(OUTPUT)).map_err(at(folder.path()))?;
        lock(&output);
        Ok(Attempt {
            folder,
            output,
            place: self.path(target, date),
        })
    }

    /// The targets, by name, each with its dates, the oldest first, and what came of them.
    ///
    /// # Errors
    /// The first result that is half written, malformed or of another version.
    pub fn list(&self) -> Result<Vec<(String, Vec<Dated>)>, ResultsError> {
        let mut targets = Vec::new();
        for target in folders(&self.folder)? {
            let folder = self.folder.join(&target);
            let dates = folders(&folder)?.into_iter().map(|date| {
                let outcome = read_outcome(&folder.join(&date))?;
                Ok((date, outcome))
            });
            let dates: Vec<_> = dates.collect::<Result<_, ResultsError>>()?;
            if !dates.is_empty() {
                targets.push((target, dates));
            }
        }
        Ok(targets)
    }
}

/// Whether no process works in the folder of a run that is not finished.
fn is_abandoned(folder: &Path, stale: Duration) -> bool {
    let output = File::open(folder.join(OUTPUT)).ok();
    match output.as_ref().map(lock) {
        Some(Lock::Ours) => true,
        Some(Lock::Taken) => false,
        // The run may just begin.
        Some(Lock::Missing) | None => {
            let modified = folder.metadata().and_then(|data| data.modified()).ok();
            let age = modified.and_then(|modified| modified.elapsed().ok());
            age.is_some_and(|age| age > stale)
        }
    }
}

/// The folders in a folder that are not hidden, in order.
fn folders(folder: &Path) -> Result<Vec<String>, ResultsError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn read_outcome(folder: &Path) -> Result<Outcome, ResultsError> {
    let path = folder.join(OUTCOME);
    let size = match path.metadata() {
        Ok(data) => data.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ResultsError::HalfWritten {
                path: folder.to_path_buf(),
            });
        }
        Err(error) => return Err(at(&path)(error)),
    };
    let malformed = |problem: String| ResultsError::Malformed {
        path: path.clone(),
        problem,
    };
    if size > LARGEST {
        return Err(malformed(format!("it is larger than {LARGEST} bytes")));
    }
    let bytes = fs::read(&path).map_err(at(&path))?;
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => serde_json::from_value(value).map_err(|error| malformed(error.to_string())),
        Some(other) => Err(ResultsError::OtherVersion {
            path: path.clone(),
            found: other.chars().take(40).collect(),
        }),
        None => Err(malformed(match value.get("schema") {
            Some(_) => "its `schema` is not a string".to_owned(),
            None => "it has no `schema`".to_owned(),
        })),
    }
}

/// A run that is not finished. It is deleted where it is dropped.
#[derive(Debug)]
pub struct Attempt {
    folder: TempDir,
    output: File,
    place: PathBuf,
}

impl Attempt {
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
            let old = tempfile::Builder::new()
                .prefix(UNFINISHED)
                .tempdir_in(parent);
            let old = old.map_err(at(parent))?;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn done() -> Outcome {
        Outcome::new(Some(0), true, None, 1)
    }

    #[test]
    fn a_result_is_whole_or_missing() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::create(dir.path()).unwrap();
        let attempt = results.begin("zot", "2026-01-01", LONG).unwrap();
        fs::write(attempt.path().join("report.json"), "{}").unwrap();
        assert_eq!(results.outcome("zot", "2026-01-01").unwrap(), None);
        assert!(results.list().unwrap().is_empty());
        let command = format!("try assay reproduce {}/x", attempt.path().display());
        for file in ["output.txt", "junit.xml"] {
            fs::write(attempt.path().join(file), &command).unwrap();
        }
        assert!(attempt.finish(&done()).unwrap());
        let place = results.path("zot", "2026-01-01");
        let command = format!("try assay reproduce {}/x", place.display());
        for file in ["output.txt", "junit.xml"] {
            assert_eq!(fs::read_to_string(place.join(file)).unwrap(), command);
        }
        assert_eq!(results.outcome("zot", "2026-01-01").unwrap(), Some(done()));
        assert!(
            results
                .path("zot", "2026-01-01")
                .join("report.json")
                .exists()
        );
        let listed = results.list().unwrap();
        assert_eq!(
            listed,
            [("zot".to_owned(), vec![("2026-01-01".to_owned(), done())])]
        );
    }

    #[test]
    fn of_two_finished_runs_the_first_stays_and_one_without_a_verdict_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::create(dir.path()).unwrap();
        let down = Outcome::new(Some(3), false, Some("it is down".into()), 1);
        let begin = || results.begin("zot", "2026-01-01", LONG).unwrap();
        assert!(begin().finish(&down).unwrap());
        let (first, second) = (begin(), begin());
        assert!(
            first.finish(&done()).unwrap(),
            "a result without a verdict is replaced"
        );
        let late = Outcome::new(Some(1), true, None, 2);
        assert!(!second.finish(&late).unwrap());
        assert_eq!(results.outcome("zot", "2026-01-01").unwrap(), Some(done()));
        let left = fs::read_dir(dir.path().join("zot")).unwrap().count();
        assert_eq!(left, 1, "nothing else is left");
    }

    /// What a process leaves that is killed: its files are closed, and not deleted.
    fn killed(results: &Results) -> PathBuf {
        let attempt = results.begin("zot", "2026-01-01", LONG).unwrap();
        attempt.folder.keep()
    }

    #[cfg(unix)]
    #[test]
    fn what_was_left_unfinished_goes_once_its_processes_are_gone() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::create(dir.path()).unwrap();
        let attempt = results.begin("zot", "2026-01-01", LONG).unwrap();
        let run = attempt.output().unwrap();
        let left = killed(&results);
        drop(results.begin("zot", "2026-01-01", LONG).unwrap());
        assert!(!left.exists());
        let begun = attempt.folder.keep();
        drop(attempt.output);
        drop(results.begin("zot", "2026-01-01", LONG).unwrap());
        assert!(begun.exists(), "its run is not over");
        drop(run);
        drop(results.begin("zot", "2026-01-01", LONG).unwrap());
        assert!(!begun.exists());
    }

    #[test]
    fn what_may_just_begin_is_deleted_once_it_is_old() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::create(dir.path()).unwrap();
        let left = killed(&results);
        fs::remove_file(left.join(OUTPUT)).unwrap();
        drop(results.begin("zot", "2026-01-01", LONG).unwrap());
        assert!(left.exists(), "its process may still run");
        std::thread::sleep(Duration::from_millis(20));
        let short = Duration::from_millis(1);
        drop(results.begin("zot", "2026-01-01", short).unwrap());
        assert!(!left.exists());
    }

    #[test]
    fn a_result_that_is_half_written_or_of_another_version_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("zot/2026-01-01");
        fs::create_dir_all(&folder).unwrap();
        let error = || Results::open(dir.path()).list().unwrap_err().to_string();
        assert!(
            error().contains("2026-01-01 is no whole result"),
            "{}",
            error()
        );
        for (text, says) in [
            ("{\"schema\": \"9\"}", "has version \"9\""),
            ("{", "cannot be read"),
            ("{}", "it has no `schema`"),
            ("{\"schema\": 9}", "its `schema` is not a string"),
        ] {
            fs::write(folder.join(OUTCOME), text).unwrap();
            assert!(error().contains(says), "{}", error());
        }
    }
}
