//! The sections and fingerprints of the specification's texts, which the catalogue may refer to.

use indexmap::IndexMap;
use serde::Deserialize;

use super::Version;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextsFile {
    /// For each version, its sections by anchor, each with the fingerprints of its passages, separated by spaces.
    versions: IndexMap<Version, IndexMap<String, String>>,
}

impl TextsFile {
    /// True if the file does not have the text of the version.
    pub(super) fn has_section(&self, version: Version, section: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| text.contains_key(section))
    }

    /// True if the file does not have the text of the version.
    pub(super) fn has_passage(&self, version: Version, section: &str, fingerprint: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| {
            let passages = text.get(section);
            passages.is_some_and(|known| known.split(' ').any(|one| one == fingerprint))
        })
    }
}
