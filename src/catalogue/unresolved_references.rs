//! References of the catalogue to sections and passages that the texts of the specification do not have, and to requirements
//! that do not exist.

use super::{Catalogue, Version};
use crate::data::Diagnostic;

impl Catalogue {
    /// Reports sections and fingerprints that a requirement names and the text of the version does not have.
    pub fn unresolved_references(&self) -> Vec<Diagnostic> {
        let mut unresolved = self.unknown_presumptions();
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

    /// Reports requirements that another one presumes, and that do not exist.
    fn unknown_presumptions(&self) -> Vec<Diagnostic> {
        let mut unknown = Vec::new();
        for requirement in self.iter() {
            for (index, presumed) in requirement.presumes.iter().enumerate() {
                if self.get(presumed).is_none() {
                    let span = requirement.span.at("presumes").at(index);
                    unknown.push(span.diagnostic(format!("there is no requirement `{presumed}`")));
                }
            }
        }
        unknown
    }

    /// Whether the text of a version has a section; true if the catalogue does not know the text.
    pub fn has_section(&self, version: Version, section: &str) -> bool {
        self.texts.has_section(version, section)
    }
}
