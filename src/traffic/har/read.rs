//! Reading a HAR file.

use std::io;
use std::path::{Path, PathBuf};

use super::convert::exchange;
use super::format::Har;
use crate::client::origin;
use crate::data::read_bounded_bytes;
use crate::endpoint::Endpoint;
use crate::traffic::wire_exchange::WireExchange;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What a file records.
#[derive(Debug)]
pub struct Recording {
    pub exchanges: Vec<WireExchange>,
    /// Entries without a URL of HTTP.
    pub left_out: usize,
}

impl Recording {
    /// The registry that the first request of the API goes to, without a path.
    pub fn registry(&self) -> Option<String> {
        let mut exchanges = self.exchanges.iter();
        let first = exchanges.find(|one| one.request.endpoint != Endpoint::Other)?;
        Some(origin(&first.request.url))
    }
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    #[error("cannot read {}: {source}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{} is larger than {} MiB: record less, or in several files", path.display(), LARGEST / 1024 / 1024)]
    TooLarge { path: PathBuf },
    #[error("{}, line {line}, column {column}: the file ends before the recording does: record again", path.display())]
    Cut {
        path: PathBuf,
        line: usize,
        column: usize,
    },
    #[error("{}, line {line}, column {column}: an entry lacks {field}", path.display())]
    Entry {
        path: PathBuf,
        line: usize,
        column: usize,
        field: String,
    },
    #[error("{}, line {line}, column {column}: {problem}; this is no HAR file (`{{\"log\": {{\"entries\": […]}}}}`)", path.display())]
    NoHar {
        path: PathBuf,
        line: usize,
        column: usize,
        problem: String,
    },
}

/// Reads a HAR file.
///
/// # Errors
/// When there is no such file, or it is larger than 256 MiB or no HAR file.
pub fn read_har(path: &Path) -> Result<Recording, HarError> {
    let bytes = load(path)?;
    // Some tools begin the file with a byte order mark.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let har: Har = serde_json::from_slice(text).map_err(|error| not_read(path, text, &error))?;
    let entries = har.log.entries;
    let all = entries.len();
    let exchanges = entries.into_iter().enumerate();
    let exchanges: Vec<WireExchange> = exchanges
        .filter_map(|(number, entry)| exchange(number, entry))
        .collect();
    Ok(Recording {
        left_out: all - exchanges.len(),
        exchanges,
    })
}

/// Why a text is no recording.
fn not_read(path: &Path, text: &[u8], error: &serde_json::Error) -> HarError {
    let (path, line, column) = (path.to_path_buf(), error.line(), error.column());
    if error.is_eof() && !text.is_empty() {
        return HarError::Cut { path, line, column };
    }
    let message: String = error.to_string().chars().take(200).collect();
    let problem = message.replace(&format!(" at line {line} column {column}"), "");
    let of_entry = |field: &&str| !["`log`", "`entries`"].contains(field);
    match problem.strip_prefix("missing field ").filter(of_entry) {
        Some(field) => HarError::Entry {
            path,
            line,
            column,
            field: field.to_owned(),
        },
        None => HarError::NoHar {
            path,
            line,
            column,
            problem,
        },
    }
}

fn load(path: &Path) -> Result<Vec<u8>, HarError> {
    read_bounded_bytes(path, LARGEST).map_err(|source| {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::FileTooLarge => HarError::TooLarge { path },
            _ => HarError::Open { path, source },
        }
    })
}
