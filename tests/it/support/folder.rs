//! The folders that assay works in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::assay::{Assay, Outcome};

/// The working directory and home of calls of assay. Clones are the same folder, which is deleted with the last of them.
#[derive(Debug, Clone)]
pub struct Folder(Arc<tempfile::TempDir>);

impl Folder {
    pub fn new() -> Self {
        Self(Arc::new(tempfile::tempdir().unwrap()))
    }

    /// One with an `assay.toml`.
    pub fn with_config(config: &str) -> Self {
        let folder = Self::new();
        folder.write("assay.toml", config);
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The absolute path of a file.
    pub fn at(&self, name: &str) -> String {
        self.path().join(name).display().to_string()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// The files of a folder, by their paths.
    pub fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        if self.has(folder) {
            collect(&self.path().join(folder), &mut files);
        }
        files
    }

    /// The report.json in a folder of reports.
    pub fn report(&self, folder: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{folder}/report.json"))).unwrap()
    }

    /// `assay` with arguments, in this folder, to its end.
    pub fn assay(&self, args: &[&str]) -> Outcome {
        Assay::new_in(self).args(args.iter().copied()).ends()
    }

    /// The same with these variables.
    pub fn assay_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Outcome {
        let call = Assay::new_in(self).args(args.iter().copied());
        let set = |call: Assay, (name, value): &(&str, &str)| call.env(name, value);
        variables.iter().fold(call, set).ends()
    }

    /// `assay run` without progress.
    pub fn run(&self, args: &[&str]) -> Outcome {
        self.assay(&[&["run", "--progress", "never"], args].concat())
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => collect(&path, files),
            false => drop(files.insert(path.clone(), std::fs::read(path).unwrap())),
        }
    }
}
