//! The source of data: the copy inside the binary, or a folder of the user's.

use super::{BundledText, FileText, read_bounded};
use std::path::{Path, PathBuf};

/// The maximum size of a data file, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// One YAML file with its text.
#[derive(Debug, Clone)]
pub struct File {
    /// The path, relative to the folder it was read from (`push/chunked.yaml`).
    pub path: String,
    /// The path to print: it starts with the path of the user's folder, or with the name of the bundled one.
    pub shown: String,
    /// The content of the file.
    pub text: FileText,
}

impl File {
    /// A text that messages name by its path.
    pub fn new(path: impl Into<String>, text: impl Into<FileText>) -> Self {
        let path = path.into();
        Self {
            shown: path.clone(),
            path,
            text: text.into(),
        }
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        let before = self.text.get(..byte).unwrap_or_default();
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }
}

/// The YAML files of a folder and its subfolders, in the order of their paths.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    pub files: Vec<File>,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot read {path}: {reason}")]
pub struct FolderError {
    path: PathBuf,
    reason: String,
}

impl Folder {
    /// The files of a folder that is built into the binary, which have the order of their paths; `root` is printed before
    /// the paths.
    pub fn bundled(files: &[(&str, BundledText)], root: &str) -> Self {
        let files = files.iter().map(|(path, text)| File {
            path: (*path).to_owned(),
            shown: format!("{root}/{path}"),
            text: FileText::Bundled(*text),
        });
        Self {
            files: files.collect(),
        }
    }

    /// The files of a folder on disk.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read, or a file is not UTF-8 or larger than 4 MiB.
    pub fn on_disk(root: &Path) -> Result<Self, FolderError> {
        let mut files = Vec::new();
        collect_on_disk(root, root, &mut files, 0)?;
        files.sort_by(|a: &File, b: &File| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    /// The files in the folder `name` below this one.
    pub fn below<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| {
            file.path
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// Whether a path is that of a file that is loaded.
pub fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end == "yaml" || end == "yml")
}

fn collect_on_disk(
    root: &Path,
    dir: &Path,
    into: &mut Vec<File>,
    depth: usize,
) -> Result<(), FolderError> {
    let fail = |path: &Path, reason: String| FolderError {
        path: path.to_path_buf(),
        reason,
    };
    if depth > 8 {
        return Err(fail(dir, "folders nest more than eight deep".into()));
    }
    for entry in std::fs::read_dir(dir).map_err(|why| fail(dir, why.to_string()))? {
        let path = entry.map_err(|why| fail(dir, why.to_string()))?.path();
        if path.is_dir() {
            collect_on_disk(root, &path, into, depth + 1)?;
        } else if is_yaml(&path) {
            let text = read_bounded(&path, LARGEST).map_err(|why| fail(&path, why.to_string()))?;
            let relative = path.strip_prefix(root).unwrap_or(&path);
            into.push(File {
                path: relative.to_string_lossy().replace('\\', "/"),
                shown: path.to_string_lossy().into_owned(),
                text: text.into(),
            });
        }
    }
    Ok(())
}
