//! Standard output and files, for commands that print one text.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::CliError;
use super::ci::StoppedCommands;

/// Writes a text to standard output. A closed pipe (`| head`) is not an error.
///
/// # Errors
/// When it cannot be written.
pub fn output(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::usage(format!(
            "standard output cannot be written: {error}"
        ))),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes the line that says where a server listens, and what follows it. A pipe that nobody reads delays neither its requests
/// nor its end.
pub fn announce(text: &str) {
    // Without a reader of standard output it serves all the same.
    let shown = text.to_owned();
    let writing = std::thread::Builder::new().spawn(move || output(&shown));
    if writing.is_err() {
        let _ = output(text);
    }
}

/// Writes a line to standard error. Where nobody reads it, nothing else fails.
pub fn error_line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Writes a text for people, with words of a registry, to standard output.
///
/// # Errors
/// When it cannot be written.
pub fn output_words(text: &str) -> Result<(), CliError> {
    let _stopped = StoppedCommands::begin();
    output(text)
}

/// Writes a text to a file.
///
/// # Errors
/// When it cannot be written: which file, and why.
pub fn write(file: &Path, text: &str) -> Result<(), CliError> {
    std::fs::write(file, text).map_err(|error| unwritten(file, &error))
}

/// A file that cannot be written.
pub fn unwritten(file: &Path, error: &std::io::Error) -> CliError {
    CliError::usage(format!("cannot write {}: {error}", file.display()))
}
