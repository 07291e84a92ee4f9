//! Why results cannot be read or written.

use std::io;
use std::path::{Path, PathBuf};

use super::outcome::{OUTCOME, SCHEMA};

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

/// The error of reading or writing this path.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> ResultsError {
    let path = path.to_path_buf();
    move |source| ResultsError::Io { path, source }
}
