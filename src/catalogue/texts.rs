//! What the texts of the specification have, as far as the catalogue may refer to it: sections and fingerprints.

use indexmap::IndexMap;
use serde::Deserialize;

use super::Version;

/// The file of what the texts have.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextsFile {
    /// For each version, its sections by anchor, each with the fingerprints of its passages, separated by spaces.
    versions: IndexMap<Version, IndexMap<String, String>>,
}

impl TextsFile {
    /// Whether the text of a version has a section; a version whose text is not in the file has every one.
    pub(super) fn has_section(&self, version: Version, section: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| text.contains_key(section))
    }

    pub(super) fn has_passage(&self, version: Version, section: &str, fingerprint: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| {
            let passages = text.get(section);
            passages.is_some_and(|known| known.split(' ').any(|one| one == fingerprint))
        })
    }
}
