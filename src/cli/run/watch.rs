//! `assay run --watch`: runs the selection again whenever a file of the suites is saved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::RunArgs;
use super::execute::{interrupts, run_and_record};
use crate::cli::output::{error_line, output};
use crate::cli::{CliError, Exit};
use crate::data::is_yaml;

/// How often the files are looked at. A look at the suites takes less than a millisecond.
const PAUSE: Duration = Duration::from_millis(20);

/// The state of each file: when it was last changed, and its size.
type Files = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Runs, and runs again after each change of the folders of `--suites` and `--fixtures`, until a signal. A mistake in the
/// suites is shown, and the next change is waited for.
///
/// # Errors
/// When there is no folder to watch.
pub async fn watch(options: RunArgs) -> Result<Exit, CliError> {
    let sources = &options.sources;
    let folders: Vec<PathBuf> = [&sources.suites, &sources.fixtures]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    if folders.is_empty() {
        return Err(CliError::usage(
            "--watch needs a folder to watch: set --suites DIR, or --fixtures DIR",
        ));
    }
    loop {
        let before = files(&folders);
        let interrupts = interrupts(&options);
        match run_and_record(options.clone(), &interrupts).await {
            Ok((Exit::Interrupted, _)) => return Ok(Exit::Interrupted),
            Ok(_) => {}
            Err(error) => error_line(&format!("error: {error}")),
        }
        output(&format!("\nwatching {}\n", list(&folders)))?;
        let mut stop = interrupts.stop_gracefully();
        tokio::select! {
            changed = changed(&folders, &before) => {
                output(&format!("\n{} changed\n\n", changed.display()))?;
            }
            _ = stop.wait_for(|stop| *stop) => return Ok(Exit::Interrupted),
        }
    }
}

fn list(folders: &[PathBuf]) -> String {
    let folders: Vec<String> = folders
        .iter()
        .map(|one| one.display().to_string())
        .collect();
    folders.join(", ")
}

/// Waits until a file is changed, added or removed, and all are as they were a moment before: who saves a file may first
/// empty it. Returns its path.
async fn changed(folders: &[PathBuf], before: &Files) -> PathBuf {
    let mut last = before.clone();
    loop {
        tokio::time::sleep(PAUSE).await;
        let now = files(folders);
        match difference(before, &now) {
            Some(path) if now == last => return path,
            _ => last = now,
        }
    }
}

/// The first file in which two states differ.
fn difference(before: &Files, now: &Files) -> Option<PathBuf> {
    let changed = now
        .iter()
        .find(|(path, state)| before.get(*path) != Some(*state));
    let removed = || before.keys().find(|path| !now.contains_key(*path));
    changed.map(|(path, _)| path).or_else(removed).cloned()
}

fn files(folders: &[PathBuf]) -> Files {
    let mut files = Files::new();
    for folder in folders {
        collect(folder, &mut files);
    }
    files
}

/// The YAML files of a folder. What cannot be read now is read by the next run, which reports it.
fn collect(folder: &Path, files: &mut Files) {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(about) = entry.metadata() else {
            continue;
        };
        if about.is_dir() {
            collect(&path, files);
        } else if is_yaml(&path) {
            files.insert(path, (about.modified().ok(), about.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_that_is_written_added_or_removed_is_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let folders = [dir.path().to_path_buf()];
        let file = dir.path().join("pull/a.yaml");
        std::fs::create_dir(dir.path().join("pull")).unwrap();
        let empty = files(&folders);
        std::fs::write(&file, "a").unwrap();
        std::fs::write(dir.path().join("pull/.a.swp"), "an editor's").unwrap();
        let added = files(&folders);
        assert_eq!(difference(&empty, &added), Some(file.clone()));
        std::fs::write(&file, "ab").unwrap();
        assert_eq!(difference(&added, &files(&folders)), Some(file.clone()));
        std::fs::remove_file(&file).unwrap();
        assert_eq!(difference(&added, &files(&folders)), Some(file));
        assert_eq!(difference(&added, &added), None);
    }
}
