//! The files that suites are read from: the copy inside the binary, and folders of the user's.

use std::collections::HashSet;
use std::path::Path;

use crate::data::{BundledText, File, Folder, FolderError};

// `SUITES` and `FIXTURES`: the files of the two folders, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

pub(super) const PROCEDURES: &str = "procedures.yaml";
pub(super) const FEATURES: &str = "features.yaml";
pub(super) const HISTORY: &str = "history.yaml";
pub(super) const REQUIREMENTS: &str = "requirements";
/// The scenarios for clients, which are not cases.
pub(super) const CLIENT: &str = "client";

/// The files that suites are read from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// Suites, catalogue, procedures and features.
    pub suites: Folder,
    /// The files of fixtures.
    pub fixtures: Folder,
}

/// A folder of the user's that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("--{option}: {}", self.reason())]
pub struct SourcesError {
    /// The option that names the folder.
    pub(crate) option: &'static str,
    error: FolderError,
}

impl SourcesError {
    /// Why the folder cannot be read, and what to do.
    pub(crate) fn reason(&self) -> String {
        format!("{}. Name a folder of YAML files", self.error)
    }
}

impl Sources {
    /// The copy inside the binary.
    pub fn embedded() -> Self {
        Self {
            suites: Folder::bundled(SUITES, "suites"),
            fixtures: Folder::bundled(FIXTURES, "fixtures"),
        }
    }

    /// The user's folders, completed from the copy inside the binary.
    ///
    /// With `suites`, all cases are the user's. The catalogue, the procedures and the features come from the binary if
    /// the folder has none, so that a folder with one suite is enough. A fixture of the user's replaces the bundled one
    /// of the same path.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn with(suites: Option<&Path>, fixtures: Option<&Path>) -> Result<Self, SourcesError> {
        let mut sources = Self::embedded();
        if let Some(dir) = suites {
            let mut own = Folder::on_disk(dir).map_err(|error| SourcesError {
                option: "suites",
                error,
            })?;
            for support in [PROCEDURES, FEATURES, REQUIREMENTS, CLIENT] {
                if !own.files.iter().any(|file| is_under(file, support)) {
                    let bundled = sources.suites.files.iter();
                    own.files
                        .extend(bundled.filter(|file| is_under(file, support)).cloned());
                }
            }
            sources.suites = own;
        }
        if let Some(dir) = fixtures {
            let own = Folder::on_disk(dir).map_err(|error| SourcesError {
                option: "fixtures",
                error,
            })?;
            let replaced: HashSet<String> =
                own.files.iter().map(|file| file.path.clone()).collect();
            sources
                .fixtures
                .files
                .retain(|file| !replaced.contains(&file.path));
            sources.fixtures.files.extend(own.files);
        }
        Ok(sources)
    }
}

/// Whether a file is `name`, or is in the folder `name`.
pub(super) fn is_under(file: &File, name: &str) -> bool {
    file.path == name
        || file
            .path
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::parsed_texts;
    use crate::suite::Suites;

    /// Everything that is read from the files.
    fn content(suites: &Suites) -> [String; 5] {
        let requirements: Vec<_> = suites.catalogue.iter().collect();
        let fixtures: Vec<_> = suites.fixtures.iter().collect();
        [
            format!("{requirements:#?}"),
            format!("{fixtures:#?}"),
            format!("{:#?}", suites.suites),
            format!("{:#?}", suites.procedures),
            format!("{:#?}", suites.features),
        ]
    }

    #[test]
    fn the_bundled_files_are_read_without_their_yaml_and_say_the_same() {
        let before = parsed_texts();
        let bundled = Suites::load(&Sources::embedded()).unwrap();
        assert_eq!(
            parsed_texts(),
            before,
            "a type does not fit the compact form"
        );
        let mut sources = Sources::embedded();
        let files = [&mut sources.suites.files, &mut sources.fixtures.files];
        for file in files.into_iter().flatten() {
            file.text = file.text.to_string().into();
        }
        let read = Suites::load(&sources).unwrap();
        assert!(parsed_texts() > before);
        let (bundled, read) = (content(&bundled), content(&read));
        for (bundled, read) in bundled.iter().zip(&read) {
            let different = bundled.lines().zip(read.lines()).find(|(a, b)| a != b);
            assert_eq!(different, None);
            assert_eq!(bundled.len(), read.len());
        }
    }

    #[test]
    fn a_diagnostic_of_a_bundled_file_has_its_line() {
        let suites = Suites::load(&Sources::embedded()).unwrap();
        let case = suites.cases().next().unwrap();
        let mut files = Sources::embedded().suites.files.into_iter();
        let text = files.find(|file| file.shown == case.span.file());
        let line = case.span.at("id").line();
        let line = text.unwrap().text.lines().nth(line - 1).unwrap().to_owned();
        assert!(line.contains(&format!("id: {}", case.id)), "{line}");
    }
}
