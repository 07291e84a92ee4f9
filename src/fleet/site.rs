//! The site of a fleet's results, written beside its place and then moved there ([`replace`]).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::replace::replace;
use super::results::Results;
use super::results_error::ResultsError;
use crate::report::site::{History, SiteError, pages};
use crate::report::{self, Format, ReadError};

/// The file by which a site is recognized: no other folder is replaced.
const MARK: &str = ".assay-site";

/// The files of a result that the site shows.
const SHOWN: [Format; 3] = [Format::Html, Format::Json, Format::Junit];

/// A site that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SiteFolderError {
    /// The results cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// A report cannot be read.
    #[error("{0}. Delete the folder of this result, or copy it again")]
    Report(#[from] ReadError),
    /// There are no results.
    #[error("{} has no results: `assay fleet run` writes them", .0.display())]
    Empty(PathBuf),
    /// The place has other files.
    #[error("{} is not a site of assay, and would be replaced: name another folder, or an empty one", .0.display())]
    Foreign(PathBuf),
    /// A page cannot be made.
    #[error(transparent)]
    Page(#[from] SiteError),
    /// A file cannot be written.
    #[error("cannot write the site {}: {source}; what was there is unchanged", path.display())]
    Io {
        /// The site.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A site that was written.
#[derive(Debug)]
pub struct Written {
    /// How many targets it shows.
    pub targets: usize,
    /// How many results.
    pub results: usize,
}

/// Writes the site of the results in `from` to `to`, with the reports of so many latest results of each target. A site that is
/// there is replaced in one step, so that none is ever left half written.
///
/// # Errors
/// When a result or a report cannot be read, the place has other files, or the site cannot be written.
pub fn write_site(from: &Path, to: &Path, reports: usize) -> Result<Written, SiteFolderError> {
    let failed = |source: io::Error| SiteFolderError::Io {
        path: to.to_path_buf(),
        source,
    };
    let empty = fs::read_dir(to).map_or(true, |mut entries| entries.next().is_none());
    if !empty && !to.join(MARK).is_file() {
        return Err(SiteFolderError::Foreign(to.to_path_buf()));
    }
    let results = Results::open(from);
    let mut histories = read(&results)?;
    for history in &mut histories {
        history.keep_reports(reports);
    }
    let pages = pages(&histories)?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let aside = tempfile::Builder::new()
        .prefix(".assay-site-")
        .tempdir_in(parent);
    let aside = aside.map_err(failed)?;
    let new = aside.path().join("new");
    for page in pages {
        write(&new.join(&page.path), page.text.as_bytes()).map_err(failed)?;
    }
    for history in &histories {
        for run in history.runs.iter().filter(|run| run.report) {
            let place = new.join(&history.name).join(&run.date);
            copy_report(&results.path(&history.name, &run.date), &place).map_err(failed)?;
        }
    }
    write(&new.join(MARK), b"").map_err(failed)?;
    replace(to, &new, &aside.path().join("old")).map_err(failed)?;
    Ok(Written {
        targets: histories.len(),
        results: histories.iter().map(|one| one.runs.len()).sum(),
    })
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}

/// Copies the files of a result that the site shows.
fn copy_report(result: &Path, place: &Path) -> io::Result<()> {
    for format in SHOWN {
        let file = result.join(format.file());
        if file.is_file() {
            write(&place.join(format.file()), &fs::read(&file)?)?;
        }
    }
    Ok(())
}

/// The history of each target.
fn read(results: &Results) -> Result<Vec<History>, SiteFolderError> {
    let mut histories = Vec::new();
    for (target, dates) in results.list()? {
        let mut history = History::new(&target);
        for (date, outcome) in dates {
            let report = results.path(&target, &date).join(Format::Json.file());
            let run = outcome.report.then(|| report::read(&report)).transpose()?;
            history.add(&date, run, outcome.reason);
        }
        histories.push(history);
    }
    match histories.is_empty() {
        true => Err(SiteFolderError::Empty(results.folder().to_path_buf())),
        false => Ok(histories),
    }
}
