//! Reading a HAR file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::convert::exchange;
use super::format::Har;
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
        Some(first.request.url.origin().ascii_serialization())
    }
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    #[error("cannot read {}: {source}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{} is larger than {} MiB: record less, or in several files", path.display(), LARGEST / 1024 / 1024)]
    TooLarge { path: PathBuf },
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
    let har: Har = serde_json::from_slice(text).map_err(|error| {
        let message: String = error.to_string().chars().take(200).collect();
        let at = format!(" at line {} column {}", error.line(), error.column());
        HarError::NoHar {
            path: path.to_path_buf(),
            line: error.line(),
            column: error.column(),
            problem: message.replace(&at, ""),
        }
    })?;
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

fn load(path: &Path) -> Result<Vec<u8>, HarError> {
    let open = |source| HarError::Open {
        path: path.to_path_buf(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(open)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(open)?;
    match bytes.len() as u64 > LARGEST {
        true => Err(HarError::TooLarge {
            path: path.to_path_buf(),
        }),
        false => Ok(bytes),
    }
}
