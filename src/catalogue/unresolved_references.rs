//! References of the catalogue to sections and passages that the texts of the specification do not have.

use super::{Catalogue, Version};
use crate::data::Diagnostic;

impl Catalogue {
    /// Reports sections and fingerprints that a requirement names and the text of the version does not have.
    pub fn unresolved_references(&self) -> Vec<Diagnostic> {
        let mut unresolved = Vec::new();
        for requirement in self.iter().filter(|one| one.is_of_specification()) {
            for version in Version::ALL {
                if requirement.level(version).is_none() {
                    continue;
                }
                let section = requirement.section(version);
                let span = &requirement.span;
                if !self.texts.has_section(version, section) {
                    let message = format!("the text of {version} has no section `{section}`");
                    unresolved.push(span.at("section").at(version.name()).diagnostic(message));
                    continue;
                }
                for citation in requirement.text(version) {
                    let (section, mark) = (&citation.section, &citation.fingerprint);
                    if !self.texts.has_passage(version, section, mark) {
                        let message = format!(
                            "the section `{section}` of the text of {version} has no passage `{mark}`"
                        );
                        let help = "`assay spec sentences FILE` prints the fingerprints of a text";
                        let span = span.at("text").at(version.name());
                        unresolved.push(span.diagnostic(message).help(help));
                    }
                }
            }
        }
        unresolved
    }

    /// Whether the text of a version has a section; true if the catalogue does not know the text.
    pub fn has_section(&self, version: Version, section: &str) -> bool {
        self.texts.has_section(version, section)
    }
}
