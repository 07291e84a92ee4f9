//! A text of the specification, read from the user's file.

use std::io;
use std::path::{Path, PathBuf};

use crate::data::read_bounded_bytes;

/// The largest text that is read, in bytes: many times the specification.
const LARGEST: u64 = 1024 * 1024;

/// Why there is nothing to say about a text.
#[derive(Debug, thiserror::Error)]
pub enum SpecTextError {
    /// The file cannot be read.
    #[error("cannot read {}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// The file is far larger than any text of the specification.
    #[error(
        "{} is larger than {LARGEST} bytes, which is too large for a text of the specification: name the spec.md itself",
        .0.display()
    )]
    Huge(PathBuf),
    /// The file is no text.
    #[error("{} is not a UTF-8 text: name the spec.md itself", .0.display())]
    Binary(PathBuf),
    /// The file is a text of something else.
    #[error(
        "{} is not a text of the Distribution Specification: the catalogue knows none of its sentences",
        .0.display()
    )]
    Unknown(PathBuf),
    /// What was found cannot be written as JSON.
    #[error("cannot write the differences: {0}")]
    Report(serde_json::Error),
}

/// Reads a text, of bounded size.
pub(super) fn read(file: &Path) -> Result<String, SpecTextError> {
    let unreadable = |reason| SpecTextError::Unreadable {
        file: file.to_owned(),
        reason,
    };
    let bytes = read_bounded_bytes(file, LARGEST).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => SpecTextError::Huge(file.to_owned()),
        _ => unreadable(error),
    })?;
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(SpecTextError::Binary(file.to_owned())),
    }
}
