//! What a client stored in the destination of an action.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::content::Content;

/// The bytes of a file that are searched.
const SEARCHED: u64 = 16 * 1024 * 1024;

/// The most files and folders that are searched: the folders of a daemon may hold many.
const MOST_PATHS: usize = 50_000;

/// The bytes of a file's beginning that tell it from every other.
const BEGINNING: usize = 64;

/// What lies in the destination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Landed {
    /// The file of the image's layer, byte for byte: in an archive, or unpacked.
    pub expected: bool,
    /// A part of it, or other bytes after the same beginning.
    pub changed: bool,
    /// The file of another image's layer.
    pub other: bool,
}

impl Landed {
    /// In words, for the reader of a report.
    pub const fn describe(self) -> &'static str {
        match self {
            Self { other: true, .. } => "the other image is in its destination",
            Self { changed: true, .. } => "the changed layer is in its destination",
            Self { expected: true, .. } => "the layer is in its destination",
            _ => "its destination has no layer",
        }
    }

    /// Searches files and folders. Paths that contain one of `temporary` are left out.
    pub fn search(places: &[PathBuf], temporary: &[String], content: &Content) -> Self {
        let mut landed = Self::default();
        let mut waiting = places.to_vec();
        let mut visited = 0_usize;
        while let Some(path) = waiting.pop() {
            visited += 1;
            let shown = path.to_string_lossy();
            if visited > MOST_PATHS || temporary.iter().any(|part| shown.contains(part.as_str())) {
                continue;
            }
            let Ok(about) = path.symlink_metadata() else {
                continue;
            };
            if about.is_dir() {
                let entries = std::fs::read_dir(&path).into_iter().flatten();
                waiting.extend(entries.flatten().map(|entry| entry.path()));
            } else if about.is_file() {
                landed.add(&path, content);
            }
        }
        landed
    }

    fn add(&mut self, path: &Path, content: &Content) {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path);
        if !file.is_ok_and(|file| file.take(SEARCHED).read_to_end(&mut bytes).is_ok()) {
            return;
        }
        let payload = &content.image.payload;
        if contains(&bytes, payload) {
            self.expected = true;
        } else if contains(&bytes, payload.get(..BEGINNING).unwrap_or(payload)) {
            self.changed = true;
        }
        let other = &content.other.payload;
        self.other |= contains(&bytes, other.get(..BEGINNING).unwrap_or(other));
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    aho_corasick::AhoCorasick::new([part]).is_ok_and(|finder| finder.is_match(bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::client_test::alter::flipped;
    use crate::client_test::format::ContentKind;

    #[test]
    fn the_whole_layer_is_told_from_a_changed_one() {
        let content = Content::new(ContentKind::Image).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let search = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, bytes).unwrap();
            let found = Landed::search(
                &[folder.path().to_path_buf()],
                &["/ingest/".to_owned()],
                &content,
            );
            std::fs::remove_file(path).unwrap();
            (found.expected, found.changed, found.other)
        };
        let layer = &content.image.layer.bytes;
        assert_eq!(search("blob", layer), (true, false, false));
        assert_eq!(
            search("unpacked", &content.image.payload),
            (true, false, false)
        );
        assert_eq!(search("blob", &flipped(layer)), (false, true, false));
        assert_eq!(
            search("blob", layer.get(..1000).unwrap()),
            (false, true, false)
        );
        assert_eq!(
            search("blob", &content.other.layer.bytes),
            (false, false, true)
        );
        assert_eq!(
            search("ingest/blob", &flipped(layer)),
            (false, false, false)
        );
    }
}
