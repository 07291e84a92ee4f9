//! Standard output and files, for commands that make one text.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Refusal;

/// Writes a text to standard output. A reader that has read enough (`| head`) is no error.
///
/// # Errors
/// When it cannot be written.
pub fn output(text: &str) -> Result<(), Refusal> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Refusal::usage(format!(
            "standard output cannot be written: {error}"
        ))),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes a text to a file.
///
/// # Errors
/// When it cannot be written: which file, and why.
pub fn write(file: &Path, text: &str) -> Result<(), Refusal> {
    std::fs::write(file, text).map_err(|error| unwritten(file, &error))
}

/// A file that cannot be written.
pub fn unwritten(file: &Path, error: &std::io::Error) -> Refusal {
    Refusal::usage(format!("cannot write {}: {error}", file.display()))
}
