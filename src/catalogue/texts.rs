//! The sections and passages of the specification's texts, which the catalogue may refer to.

use indexmap::IndexMap;
use serde::Deserialize;

use super::Version;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextsFile {
    /// For each version, its sections by anchor, each with the summaries of its passages (`Passage::summary`), separated
    /// by spaces.
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
        let Some(text) = self.versions.get(&version) else {
            return true;
        };
        let passages = text.get(section).into_iter();
        passages
            .flat_map(|passages| passages.split(' '))
            .any(|one| one.split('/').next() == Some(fingerprint))
    }

    /// The passages of a version's text in order, each as its section and its summary; `None` if the file does not have
    /// the text.
    pub(super) fn passages(
        &self,
        version: Version,
    ) -> Option<impl Iterator<Item = (&String, &str)>> {
        let sections = self.versions.get(&version)?.iter();
        Some(sections.flat_map(|(section, passages)| {
            let passages = passages.split(' ').filter(|one| !one.is_empty());
            passages.map(move |passage| (section, passage))
        }))
    }
}
