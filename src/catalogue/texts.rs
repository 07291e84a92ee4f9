//! What the texts of the specification have, as far as the catalogue may refer to it: sections and fingerprints.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{Catalogue, Version};
use crate::data::Diagnostic;

/// The file of what the texts have.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextsFile {
    /// For each version, its sections by anchor, each with the fingerprints of its passages, separated by spaces.
    versions: IndexMap<Version, IndexMap<String, String>>,
}

impl TextsFile {
    /// Whether the text of a version has a section; a version whose text is not in the file has every one.
    fn has_section(&self, version: Version, section: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| text.contains_key(section))
    }

    fn has_passage(&self, version: Version, section: &str, fingerprint: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| {
            let passages = text.get(section);
            passages.is_some_and(|known| known.split(' ').any(|one| one == fingerprint))
        })
    }
}

impl Catalogue {
    /// The sections and fingerprints that requirements name and that the text of the version does not have.
    pub fn lost_references(&self) -> Vec<Diagnostic> {
        let mut lost = Vec::new();
        for requirement in self.iter().filter(|one| one.is_of_specification()) {
            for version in Version::ALL {
                if requirement.level(version).is_none() {
                    continue;
                }
                let section = requirement.section(version);
                let span = &requirement.span;
                if !self.texts.has_section(version, section) {
                    let message = format!("the text of {version} has no section `{section}`");
                    lost.push(span.at("section").at(version).diagnostic(message));
                    continue;
                }
                for citation in requirement.text(version) {
                    let (section, mark) = (&citation.section, &citation.fingerprint);
                    if !self.texts.has_passage(version, section, mark) {
                        let message = format!(
                            "the section `{section}` of the text of {version} has no passage `{mark}`"
                        );
                        let help = "`assay spec sentences FILE` prints the fingerprints of a text";
                        let span = span.at("text").at(version);
                        lost.push(span.diagnostic(message).help(help));
                    }
                }
            }
        }
        lost
    }

    /// Whether the text of a version has a section.
    pub fn has_section(&self, version: Version, section: &str) -> bool {
        self.texts.has_section(version, section)
    }
}
