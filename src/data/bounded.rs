//! Files of the user, read within a bound.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The bytes of a file of at most `most` bytes. A device or a pipe without an end is an error too.
///
/// # Errors
/// When the file cannot be read, or is larger (`FileTooLarge`).
pub fn read_bounded_bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    let known = file.metadata()?;
    let too_large = || {
        let message = format!("it is larger than {most} bytes");
        Err(io::Error::new(ErrorKind::FileTooLarge, message))
    };
    if known.is_file() && known.len() > most {
        return too_large();
    }
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => too_large(),
        false => Ok(bytes),
    }
}

/// The text of such a file.
///
/// # Errors
/// When the file cannot be read, is larger, or is not UTF-8.
pub fn read_bounded(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read_bounded_bytes(path, most)?)
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        // Its bytes take no room on the disk, and would in memory.
        file.as_file().set_len(1 << 40).unwrap();
        let error = read_bounded_bytes(file.path(), 1 << 39).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_larger_file_and_one_that_is_no_text_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read_bounded(&path, 5).unwrap(), "12345");
        let error = read_bounded(&path, 4).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 4 bytes");
        std::fs::write(&path, [0xff]).unwrap();
        let error = read_bounded(&path, 5).unwrap_err();
        assert_eq!(error.to_string(), "it is not UTF-8 text");
    }
}
