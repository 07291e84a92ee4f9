//! References of the catalogue to sections and passages that the texts of the specification do not have, and to requirements
//! that do not exist.

use super::{Catalogue, Requirement, Version};
use crate::data::{Diagnostic, did_you_mean};

impl Catalogue {
    /// Reports sections and fingerprints that a requirement names and the text of the version does not have.
    pub fn unresolved_references(&self) -> Vec<Diagnostic> {
        let mut unresolved = self.unknown_presumptions();
        for requirement in self.iter().filter(|one| one.is_of_specification()) {
            unresolved.extend(self.unknown_sections(requirement));
            for version in Version::ALL {
                if requirement.level(version).is_none() {
                    continue;
                }
                let section = requirement.section(version);
                let span = &requirement.span;
                if !self.texts.has_section(version, section) {
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

    /// Reports each section of a requirement that the texts of its versions do not have.
    fn unknown_sections(&self, requirement: &Requirement) -> Vec<Diagnostic> {
        let mut unknown: Vec<(&str, Vec<Version>)> = Vec::new();
        for version in Version::ALL {
            let section = requirement.section(version);
            let demanded = requirement.level(version).is_some();
            if !demanded || self.texts.has_section(version, section) {
                continue;
            }
            match unknown.iter_mut().find(|(known, _)| *known == section) {
                Some((_, versions)) => versions.push(version),
                None => unknown.push((section, vec![version])),
            }
        }
        let report = |(section, versions): (&str, Vec<Version>)| {
            let names: Vec<&str> = versions.iter().map(|version| version.name()).collect();
            let message = match names.as_slice() {
                [one] => format!("the text of {one} has no section `{section}`"),
                all => format!(
                    "the texts of {} have no section `{section}`",
                    all.join(", ")
                ),
            };
            let first = names.first().copied().unwrap_or_default().to_owned();
            let at = requirement.span.at("section").at(first);
            at.diagnostic(message).help(self.section_help(section))
        };
        unknown.into_iter().map(report).collect()
    }

    /// The help for a section that no text has.
    pub fn section_help(&self, section: &str) -> String {
        did_you_mean(section, self.texts.sections())
            .unwrap_or_else(|| "name a section by its anchor, such as pulling-blobs".to_owned())
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
