//! The content that a run left in the registry.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An item that the run pushed and that still exists, as far as the run knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Leftover {
    /// Its kind.
    pub kind: LeftoverKind,
    /// The repository.
    pub repository: String,
    /// The tag, the digest, or the address of the upload.
    pub reference: String,
    /// Why it still exists.
    pub reason: String,
    /// The command that deletes it.
    pub curl: String,
}

/// The reason of an item that the user keeps.
pub(crate) const KEPT: &str = "--keep is set";

/// How the reason of an item begins whose deletion was not tried, because others of its kind were refused.
const NOT_TRIED: &str = "not tried, because others were refused: ";

/// The reason of an item whose deletion was not tried, because others of its kind were refused for this reason.
pub(crate) fn not_tried(reason: &str) -> String {
    format!("{NOT_TRIED}{reason}")
}

impl Leftover {
    /// Why it still exists; for an item whose deletion was not tried, why others were refused.
    pub(crate) fn cause(&self) -> &str {
        self.reason.strip_prefix(NOT_TRIED).unwrap_or(&self.reason)
    }
}

/// The kinds of items, in the order of their deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LeftoverKind {
    /// An upload that was opened and not closed.
    Upload,
    /// A tag.
    Tag,
    /// A manifest.
    Manifest,
    /// A blob.
    Blob,
}

impl LeftoverKind {
    /// The word for it in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Tag => "tag",
            Self::Manifest => "manifest",
            Self::Blob => "blob",
        }
    }
}

impl fmt::Display for LeftoverKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
