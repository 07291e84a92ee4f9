//! The folder that reports go to.

use std::fs::File;
use std::io::{self, Read, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::ScopedJoinHandle;

use tempfile::NamedTempFile;

use super::lock::{Lock, lock};
use super::{Format, RenderError, render};
use crate::record::Run;

/// A folder that reports can be written to: known to exist and to be writable before a run starts. No other process opens it
/// until it is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The open folder, which is locked where the system has locks.
    _open: Option<File>,
}

/// Reports that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The folder does not exist and cannot be made.
    #[error("cannot make the report folder {}: {source}; name another with --out", path.display())]
    Create {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The folder exists, and no file can be written in it.
    #[error("cannot write to the report folder {}: {source}; make it writable, or name another with --out", path.display())]
    ReadOnly {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process writes reports there.
    #[error("another run of assay writes its reports to {}: wait until it ends, or name another folder with --out", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A report of an earlier run cannot be removed.
    #[error("cannot remove the earlier report {}: {source}; remove it, or name another folder with --out", path.display())]
    Remove {
        /// The report's path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Where a report goes, a folder stands.
    #[error("a report goes to {}, and a folder stands there: move it away, or name another place with --out", path.display())]
    Occupied {
        /// The report's path.
        path: PathBuf,
    },
    /// A report was made, and could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The report's path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A report could not be made.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Of several reports, not all were written.
    #[error("{first}; {}", written_instead(written, *failed))]
    Partly {
        /// The first report that was not written, and why.
        first: Box<WriteError>,
        /// How many reports were not written.
        failed: usize,
        /// The paths of those that were.
        written: Vec<PathBuf>,
    },
}

/// Which reports were written although others were not.
fn written_instead(written: &[PathBuf], failed: usize) -> String {
    let paths = written.iter().map(|path| path.display().to_string());
    let paths = paths.collect::<Vec<_>>().join(", ");
    match (written.len(), failed) {
        (0, _) => "no report was written".to_owned(),
        (_, 1) => format!("the other reports were written: {paths}"),
        (_, failed) => format!("{failed} reports were not written, and these were: {paths}"),
    }
}

impl Folder {
    /// Makes the folder where it does not exist, and checks that files can be written in it.
    ///
    /// # Errors
    /// When it cannot be made, is not writable, has a folder in a report's place, or is another run's.
    pub fn open(path: &Path) -> Result<Self, WriteError> {
        let path = path.to_path_buf();
        if let Err(source) = std::fs::create_dir_all(&path) {
            return Err(WriteError::Create { path, source });
        }
        let open = File::open(&path).ok();
        if open.as_ref().map(lock) == Some(Lock::Taken) {
            return Err(WriteError::Busy { path });
        }
        if let Err(source) = aside(&path, b"assay") {
            return Err(WriteError::ReadOnly { path, source });
        }
        let taken = Format::ALL.iter().map(|format| path.join(format.file()));
        match taken.into_iter().find(|report| report.is_dir()) {
            Some(path) => Err(WriteError::Occupied { path }),
            None => Ok(Self { path, _open: open }),
        }
    }

    /// Removes what an earlier run wrote, so that no report of it passes for one of this run: the files of `formats`,
    /// and those of every format if the folder holds a report.json of assay.
    ///
    /// # Errors
    /// The first file that cannot be removed.
    pub fn clear(&self, formats: &[Format]) -> Result<(), WriteError> {
        let ours = is_report(&self.path.join(Format::Json.file()));
        let stale = Format::ALL
            .iter()
            .filter(|one| ours || formats.contains(one));
        for path in stale.map(|format| self.path.join(format.file())) {
            match std::fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(WriteError::Remove { path, source });
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Writes a run in each of `formats`, and says where. Each file appears whole: it is written aside and
    /// then put in its place. One that fails does not prevent the others.
    ///
    /// # Errors
    /// The first report that could not be made or written, and which were.
    pub fn write(&self, run: &Run, formats: &[Format]) -> Result<Vec<PathBuf>, WriteError> {
        // A thread each: one report is made while another waits for the disk.
        let results: Vec<Result<PathBuf, WriteError>> = std::thread::scope(|scope| {
            let write = |format: &Format| {
                let format = *format;
                scope.spawn(move || self.write_one(run, format))
            };
            let threads: Vec<_> = formats.iter().map(write).collect();
            let ended = threads.into_iter().map(ScopedJoinHandle::join);
            ended
                .map(|result| result.unwrap_or_else(|panic| resume_unwind(panic)))
                .collect()
        });
        let (mut written, mut failed) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(path) => written.push(path),
                Err(error) => failed.push(error),
            }
        }
        let count = failed.len();
        match failed.into_iter().next() {
            None => Ok(written),
            Some(first) => Err(WriteError::Partly {
                first: Box::new(first),
                failed: count,
                written,
            }),
        }
    }

    fn write_one(&self, run: &Run, format: Format) -> Result<PathBuf, WriteError> {
        self.place(format, render(run, format)?.as_bytes())
    }

    /// Writes the file of a format, whole or not at all, and says where.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn place(&self, format: Format, bytes: &[u8]) -> Result<PathBuf, WriteError> {
        let path = self.path.join(format.file());
        let placed = aside(&self.path, bytes)
            .and_then(|file| file.persist(&path).map_err(|error| error.error));
        match placed {
            Ok(_) => Ok(path),
            Err(source) => Err(WriteError::Write { path, source }),
        }
    }
}

/// How much of a report.json is read to recognize it, in bytes: the name of the tool is at its start.
const RECOGNIZED: u64 = 1024;

/// Whether this is a report.json of assay, of any version.
fn is_report(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path)
        .and_then(|file| file.take(RECOGNIZED).read_to_end(&mut start))
        .is_ok();
    let start: String = String::from_utf8_lossy(&start).split_whitespace().collect();
    read && start.contains("\"tool\":{\"name\":\"assay\"")
}

/// A temporary file in the folder, removed unless it is put in a report's place.
fn aside(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".assay-");
    #[cfg(unix)]
    {
        // A temporary file is its owner's alone, and a report is for others too: let the umask decide.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::{read, sample};

    #[test]
    fn reports_are_written_whole_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(&dir.path().join("a/b")).unwrap();
        let run = sample::all_states();
        let written = folder.write(&run, Format::DEFAULT).unwrap();
        folder.write(&run, Format::DEFAULT).unwrap();
        let mut found: Vec<PathBuf> = std::fs::read_dir(&folder.path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        let mut expected = written.clone();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        assert_eq!(read(&folder.path.join("report.json")).unwrap(), run);
    }

    #[test]
    fn reports_of_an_earlier_run_are_removed_and_other_files_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let own = dir.path().join("summary.md");
        std::fs::write(&own, "mine").unwrap();
        std::fs::write(dir.path().join("junit.xml"), "old").unwrap();
        folder.clear(&[Format::Junit]).unwrap();
        assert!(own.exists() && !dir.path().join("junit.xml").exists());
        let run = sample::all_pass();
        let written = folder.write(&run, Format::ALL).unwrap();
        folder.clear(&[Format::Html]).unwrap();
        assert!(written.iter().all(|path| !path.exists()));
        folder.clear(Format::ALL).unwrap();
    }

    #[test]
    fn a_folder_below_a_file_is_refused_with_a_way_out() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        let error = Folder::open(&dir.path().join("file/reports")).unwrap_err();
        assert!(matches!(error, WriteError::Create { .. }));
        assert!(error.to_string().ends_with("name another with --out"));
        let error = Folder::open(&dir.path().join("file")).unwrap_err();
        assert!(matches!(error, WriteError::Create { .. }));
    }

    #[test]
    fn a_folder_in_the_place_of_a_report_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("report.html")).unwrap();
        let error = Folder::open(dir.path()).unwrap_err();
        assert!(matches!(error, WriteError::Occupied { .. }), "{error}");
    }

    #[test]
    fn one_report_that_fails_keeps_no_other_from_being_written() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let mut run = sample::all_pass();
        run.started = "yesterday".into();
        let error = folder
            .write(&run, &[Format::Junit, Format::Json])
            .unwrap_err();
        let json = dir.path().join("report.json");
        let says = format!("; the other reports were written: {}", json.display());
        assert!(error.to_string().ends_with(&says), "{error}");
        assert!(json.exists());
        let error = folder.write(&run, &[Format::Junit]).unwrap_err();
        let says = "; no report was written";
        assert!(error.to_string().ends_with(says), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_belongs_to_one_run_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let error = Folder::open(dir.path()).unwrap_err();
        assert!(matches!(error, WriteError::Busy { .. }), "{error}");
        drop(folder);
        assert!(Folder::open(dir.path()).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_a_report() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let written = folder.write(&sample::all_pass(), &[Format::Json]).unwrap();
        let plain = dir.path().join("plain");
        std::fs::write(&plain, "").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
        assert!(written.iter().all(|path| mode(path) == mode(&plain)));
    }
}
