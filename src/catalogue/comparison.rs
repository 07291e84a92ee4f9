//! A text of the specification compared with the passages that the catalogue cites from its version.

use std::collections::HashSet;

use super::{Catalogue, Citation, Passage, Requirement, Text, Version};

/// A passage that requirements cite and the text does not have.
pub(super) struct RemovedPassage<'a> {
    pub citation: Citation,
    pub requirements: Vec<&'a Requirement>,
}

pub(super) struct Comparison<'t, 'a> {
    pub text: &'t Text,
    pub catalogue: &'a Catalogue,
    /// The version that the text resembles most.
    pub version: Version,
}

impl<'a> Comparison<'_, 'a> {
    /// The first passage of the text that a citation names.
    pub(super) fn find(&self, citation: &Citation) -> Option<&Passage> {
        self.find_all(citation).next()
    }

    /// The passages of the text that a citation names. If the text does not have the section of the citation, the
    /// passage may be in any section.
    pub(super) fn find_all(&self, citation: &Citation) -> impl Iterator<Item = &Passage> {
        let any_section = !self.has_section(&citation.section);
        self.text.passages.iter().filter(move |passage| {
            passage.fingerprint == citation.fingerprint
                && (any_section || passage.section == citation.section)
        })
    }

    pub(super) fn has_section(&self, section: &str) -> bool {
        self.text.sections.iter().any(|known| known == section)
    }

    /// The requirements of the version with each passage that they cite.
    pub(super) fn citations(&self) -> impl Iterator<Item = (&'a Requirement, &'a Citation)> {
        let (catalogue, version) = (self.catalogue, self.version);
        catalogue.iter().flat_map(move |requirement| {
            let citations = requirement.text(version).iter();
            citations.map(move |citation| (requirement, citation))
        })
    }

    /// The passages that no requirement cites and that are not in the list of sentences that oblige nobody.
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

    /// In the order of the catalogue.
    pub(super) fn removed(&self) -> Vec<RemovedPassage<'a>> {
        let mut removed: Vec<RemovedPassage<'a>> = Vec::new();
        for (requirement, citation) in self.citations() {
            if self.find(citation).is_some() {
                continue;
            }
            match removed.iter_mut().find(|one| one.citation == *citation) {
                Some(one) => one.requirements.push(requirement),
                None => removed.push(RemovedPassage {
                    citation: citation.clone(),
                    requirements: vec![requirement],
                }),
            }
        }
        removed
    }
}
