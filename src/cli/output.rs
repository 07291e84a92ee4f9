//! Standard output, for commands that print one text.

use std::io::{ErrorKind, Write};

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
