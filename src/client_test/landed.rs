//! What a client stored in the destination of an action.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;

use super::content::Content;
use super::layer::{UNTOUCHED, VICTIM};

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
    /// The file of the image's layer, as a file.
    pub unpacked: bool,
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

    /// Searches files and folders. What has one of `temporary` in its path below its place is left out.
    pub fn search(places: &[PathBuf], temporary: &[String], content: &Content) -> Self {
        let mut landed = Self::default();
        let Some(finder) = finder(content) else {
            return landed;
        };
        let mut waiting: Vec<(PathBuf, &Path)> = places
            .iter()
            .map(|place| (place.clone(), place.as_path()))
            .collect();
        let mut visited = 0_usize;
        while let Some((path, place)) = waiting.pop() {
            visited += 1;
            let below = path.strip_prefix(place).unwrap_or(&path);
            let shown = format!("/{}/", below.to_string_lossy());
            if visited > MOST_PATHS || temporary.iter().any(|part| shown.contains(part.as_str())) {
                continue;
            }
            let Ok(about) = path.symlink_metadata() else {
                continue;
            };
            if about.is_dir() {
                let entries = std::fs::read_dir(&path).into_iter().flatten();
                waiting.extend(entries.flatten().map(|entry| (entry.path(), place)));
            } else if about.is_file() {
                landed.add(&path, content, &finder);
            }
        }
        landed
    }

    fn add(&mut self, path: &Path, content: &Content, finder: &AhoCorasick) {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path);
        if !file.is_ok_and(|file| file.take(SEARCHED).read_to_end(&mut bytes).is_ok()) {
            return;
        }
        for found in finder.find_iter(&bytes) {
            if found.pattern().as_usize() == OTHER {
                self.other = true;
                continue;
            }
            let payload = &content.image.payload;
            match bytes
                .get(found.start()..)
                .is_some_and(|rest| rest.starts_with(payload))
            {
                true => {
                    self.expected = true;
                    self.unpacked |= bytes.len() == payload.len();
                }
                false => self.changed = true,
            }
        }
    }
}

/// What a client changed in a folder that is outside of its destination: nothing was there but a file of our own.
///
/// # Errors
/// When the folder cannot be read.
pub fn changes(outside: &Path) -> std::io::Result<Vec<String>> {
    let mut changes = Vec::new();
    for entry in std::fs::read_dir(outside)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != VICTIM {
            changes.push(format!("the file `{name}` was written"));
            continue;
        }
        if std::fs::read(entry.path())? != UNTOUCHED.as_bytes() {
            changes.push(format!("the file `{name}` was changed"));
        }
        #[cfg(unix)]
        if std::os::unix::fs::MetadataExt::nlink(&entry.metadata()?) > 1 {
            changes.push(format!("the file `{name}` is in the destination, too"));
        }
    }
    changes.sort();
    Ok(changes)
}

/// The position of the other image's pattern.
const OTHER: usize = 1;

/// Finds the beginnings of both images' files. `None` if it cannot be built, which never happens for two short patterns.
fn finder(content: &Content) -> Option<AhoCorasick> {
    let payloads = [&content.image.payload, &content.other.payload];
    let beginnings = payloads.map(|payload| payload.get(..BEGINNING).unwrap_or(payload));
    AhoCorasick::new(beginnings).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::client_test::alter::flipped;
    use crate::client_test::content::BlobTypes;
    use crate::client_test::format::ContentKind;

    #[test]
    fn what_a_client_changes_outside_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at(VICTIM), UNTOUCHED).unwrap();
        assert_eq!(changes(folder.path()).unwrap(), Vec::<String>::new());
        std::fs::write(at("absolute"), "x").unwrap();
        std::fs::write(at(VICTIM), "x").unwrap();
        let found = changes(folder.path()).unwrap();
        assert_eq!(
            found,
            [
                "the file `absolute` was written",
                "the file `victim` was changed"
            ]
        );
    }

    #[test]
    fn the_whole_layer_is_told_from_a_changed_one() {
        let content =
            Content::new(ContentKind::Image, Path::new("/outside"), BlobTypes::OCI).unwrap();
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
