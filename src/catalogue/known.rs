//! A text of the specification beside what the catalogue knows of its version.

use std::collections::HashSet;

use super::{Catalogue, Citation, Passage, Requirement, Text, Version};

/// A passage that requirements come from and that a text does not hold.
pub(super) struct Lost<'a> {
    /// The passage.
    pub was: Citation,
    /// The requirements.
    pub requirements: Vec<&'a Requirement>,
}

/// A text, and what the catalogue knows of its version.
pub(super) struct Known<'t, 'a> {
    /// The text.
    pub text: &'t Text,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The version that the text is nearest to.
    pub version: Version,
}

impl<'a> Known<'_, 'a> {
    /// Where a citation is found in the text first.
    pub(super) fn find(&self, citation: &Citation) -> Option<&Passage> {
        self.find_all(citation).next()
    }

    /// Where a citation is found in the text. A passage whose section is gone may stand in any other.
    pub(super) fn find_all(&self, citation: &Citation) -> impl Iterator<Item = &Passage> {
        let lost = !self.has_section(&citation.section);
        self.text.passages.iter().filter(move |passage| {
            passage.fingerprint == citation.fingerprint
                && (lost || passage.section == citation.section)
        })
    }

    pub(super) fn has_section(&self, section: &str) -> bool {
        self.text.sections.iter().any(|known| known == section)
    }

    /// The requirements of the version, with the passages that they come from.
    pub(super) fn citations(&self) -> impl Iterator<Item = (&'a Requirement, &'a Citation)> {
        let (catalogue, version) = (self.catalogue, self.version);
        catalogue.iter().flat_map(move |requirement| {
            let citations = requirement.text(version).iter();
            citations.map(move |citation| (requirement, citation))
        })
    }

    /// The passages that neither a requirement comes from nor the list of sentences that oblige nobody names.
    pub(super) fn unknown(&self) -> Vec<Passage> {
        let cited: HashSet<(&str, &str)> = self
            .citations()
            .flat_map(|(_, citation)| self.find_all(citation))
            .map(|passage| (passage.section.as_str(), passage.fingerprint.as_str()))
            .collect();
        let is_unknown = |passage: &&Passage| {
            !cited.contains(&(&passage.section, &passage.fingerprint))
                && self.catalogue.not_an_obligation(passage).is_none()
        };
        let passages = self.text.passages.iter();
        passages.filter(is_unknown).cloned().collect()
    }

    /// The passages that requirements come from and that the text does not hold, in the order of the catalogue.
    pub(super) fn lost(&self) -> Vec<Lost<'a>> {
        let mut lost: Vec<Lost<'a>> = Vec::new();
        for (requirement, citation) in self.citations() {
            if self.find(citation).is_some() {
                continue;
            }
            match lost.iter_mut().find(|known| known.was == *citation) {
                Some(known) => known.requirements.push(requirement),
                None => lost.push(Lost {
                    was: citation.clone(),
                    requirements: vec![requirement],
                }),
            }
        }
        lost
    }
}
