//! The files that suites are read from: the copy inside the binary, and folders of the user's.

use std::collections::HashSet;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::data::{File, Folder, FolderError};

static SUITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/suites");
static FIXTURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures");

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
#[error("{option}: {error}. Name a folder of YAML files")]
pub struct SourcesError {
    option: &'static str,
    error: FolderError,
}

impl Sources {
    /// The copy inside the binary.
    pub fn embedded() -> Self {
        Self {
            suites: Folder::embedded(&SUITES, "suites"),
            fixtures: Folder::embedded(&FIXTURES, "fixtures"),
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
                option: "--suites",
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
                option: "--fixtures",
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
