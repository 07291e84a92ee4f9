//! The layers of a trial's images: archives, one of whose entries may lead out of the place where a client unpacks them.

use std::io;
use std::path::Path;

use bytes::Bytes;
use rand::Rng as _;
use tar::{Builder, EntryType, Header};

use super::format::ContentKind;

/// The path of the file that every layer has.
const PAYLOAD_PATH: &str = "payload.txt";

/// The bytes of that file, unless the layer is to be large.
const PAYLOAD: usize = 4096;
const LARGE_PAYLOAD: usize = 3 * 1024 * 1024;

/// A file outside of every destination, which a layer tries to change.
pub const VICTIM: &str = "victim";

/// What that file contains.
pub const UNTOUCHED: &str = "untouched";

/// The levels of `..` that lead from every folder to the root.
const LEVELS: usize = 24;

/// An uncompressed layer.
pub struct Layer {
    pub archive: Vec<u8>,
    /// The content of its file `payload.txt`: what a client unpacks.
    pub payload: Bytes,
}

impl Layer {
    /// A layer with new content. Its hostile entries, if the content has some, lead to `outside`.
    ///
    /// # Errors
    /// None in practice: the archive is written to memory.
    pub fn new(kind: ContentKind, outside: &Path) -> io::Result<Self> {
        let payload = payload(match kind {
            ContentKind::LargeLayer => LARGE_PAYLOAD,
            _ => PAYLOAD,
        });
        let mut builder = Builder::new(Vec::new());
        let mut header = header(EntryType::Regular, payload.len());
        builder.append_data(&mut header, PAYLOAD_PATH, payload.as_ref())?;
        let to = |name: &str| outside.join(name).to_string_lossy().into_owned();
        match kind {
            ContentKind::PathParent => {
                let up = "../".repeat(LEVELS);
                let path = format!("{up}{}", to("parent").trim_start_matches('/'));
                file(&mut builder, &path)?;
            }
            ContentKind::PathAbsolute => file(&mut builder, &to("absolute"))?,
            ContentKind::PathThroughSymlink => {
                link(&mut builder, EntryType::Symlink, "link", &to(""))?;
                file(&mut builder, "link/through")?;
            }
            ContentKind::PathOverSymlink => {
                link(&mut builder, EntryType::Symlink, "over", &to("over"))?;
                file(&mut builder, "over")?;
            }
            ContentKind::PathHardlink => {
                link(&mut builder, EntryType::Link, "hard", &to(VICTIM))?;
                file(&mut builder, "hard")?;
            }
            _ => {}
        }
        let archive = builder.into_inner()?;
        Ok(Self { archive, payload })
    }
}

fn header(kind: EntryType, length: usize) -> Header {
    let mut header = Header::new_ustar();
    header.set_size(length as u64);
    header.set_mode(0o644);
    header.set_mtime(1_767_225_600);
    header.set_entry_type(kind);
    header
}

/// A file whose path is written as it is.
fn file(builder: &mut Builder<Vec<u8>>, path: &str) -> io::Result<()> {
    let content = "written by a layer";
    let mut header = header(EntryType::Regular, content.len());
    builder.append_pax_extensions([("path", path.as_bytes())])?;
    header.set_cksum();
    builder.append(&header, content.as_bytes())
}

/// A link whose paths are written as they are.
fn link(
    builder: &mut Builder<Vec<u8>>,
    kind: EntryType,
    path: &str,
    target: &str,
) -> io::Result<()> {
    let mut header = header(kind, 0);
    builder.append_pax_extensions([("path", path.as_bytes()), ("linkpath", target.as_bytes())])?;
    header.set_cksum();
    builder.append(&header, io::empty())
}

/// Random letters and digits: text does not look like an archive or a compressed one.
fn payload(length: usize) -> Bytes {
    let mut bytes = vec![0; length / 2];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used)]
    use super::*;

    fn paths(kind: ContentKind) -> Vec<String> {
        let layer = Layer::new(kind, Path::new("/outside")).unwrap();
        let mut archive = tar::Archive::new(layer.archive.as_slice());
        let entries = archive.entries().unwrap();
        entries
            .map(|entry| {
                let entry = entry.unwrap();
                let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                match entry.link_name_bytes() {
                    Some(to) => format!("{path} -> {}", String::from_utf8_lossy(&to)),
                    None => path,
                }
            })
            .collect()
    }

    #[test]
    fn hostile_entries_lead_outside() {
        assert_eq!(paths(ContentKind::Image), ["payload.txt"]);
        assert_eq!(
            paths(ContentKind::PathAbsolute),
            ["payload.txt", "/outside/absolute"]
        );
        assert!(paths(ContentKind::PathParent)[1].ends_with("../../outside/parent"));
        assert_eq!(
            paths(ContentKind::PathThroughSymlink),
            ["payload.txt", "link -> /outside/", "link/through"]
        );
        assert_eq!(
            paths(ContentKind::PathHardlink),
            ["payload.txt", "hard -> /outside/victim", "hard"]
        );
    }
}
