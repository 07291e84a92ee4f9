//! The folder of results: `TARGET/DATE/` with the reports and `outcome.json`.
//!
//! A run writes to a hidden folder beside its date, and renames it when it is finished. Whatever ends a run halfway, the date
//! is whole or missing, so that starting again repeats what is missing and nothing else. Several processes may share the
//! folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::attempt::{Attempt, OUTPUT, UNFINISHED};
use super::outcome::Outcome;
use super::outcome_file::read_outcome;
use super::results_error::{ResultsError, at};
use crate::report::{Lock, lock};

/// The results of a fleet.
#[derive(Debug, Clone)]
pub struct Results {
    folder: PathBuf,
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
        Attempt::begin(&parent, self.path(target, date))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::fleet::outcome::OUTCOME;

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
        attempt.abandon().0
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
        let (begun, output) = attempt.abandon();
        drop(output);
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
