//! Reading `outcome.json` of a result.

use std::path::Path;
use std::{fs, io};

use super::outcome::{OUTCOME, Outcome, SCHEMA};
use super::results_error::{ResultsError, at};

/// The largest `outcome.json`, in bytes.
const LARGEST: u64 = 64 * 1024;

/// What came of the run in this folder.
///
/// # Errors
/// When the result is half written, malformed or of another version.
pub(super) fn read_outcome(folder: &Path) -> Result<Outcome, ResultsError> {
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
