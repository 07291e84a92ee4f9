//! A text of the specification held against the catalogue: what changed, and which requirements that touches.

use std::collections::HashSet;

use super::{Catalogue, Citation, Kind, Passage, Requirement, Text, Version};

/// How a text differs from the one that the catalogue was made from.
#[derive(Debug)]
pub struct Drift<'a> {
    /// The version that the text is nearest to.
    pub version: Version,
    /// What differs, in the order of the text; what is gone without a trace comes last.
    pub differences: Vec<Difference<'a>>,
}

/// One difference.
#[derive(Debug)]
pub enum Difference<'a> {
    /// A passage took the place of one that requirements come from.
    Changed {
        /// The passage as it is now.
        passage: Passage,
        /// The passage that is gone.
        was: Citation,
        /// The requirements that came from it.
        requirements: Vec<&'a Requirement>,
    },
    /// A passage that binds somebody, and that nobody catalogued.
    New {
        /// The passage.
        passage: Passage,
        /// The requirement of the same section that it resembles most, where there is one.
        near: Option<&'a Requirement>,
    },
    /// A passage is gone that requirements come from.
    Gone {
        /// The passage.
        was: Citation,
        /// The requirements that came from it.
        requirements: Vec<&'a Requirement>,
    },
    /// There is no section of that name any more.
    Section {
        /// Its anchor.
        section: String,
        /// The requirements that belong to it.
        requirements: Vec<&'a Requirement>,
    },
}

/// Holds a text against the catalogue; `None` where no passage of it is known, so that it is no text of the
/// specification.
pub fn diff<'a>(text: &Text, catalogue: &'a Catalogue) -> Option<Drift<'a>> {
    let version = nearest(text, catalogue)?;
    let mut unknown = unknown(text, catalogue, version);
    let mut differences = Vec::new();
    for (was, requirements) in gone(text, catalogue, version) {
        differences.push(
            match take_successor(&mut unknown, &was, &requirements, version) {
                Some(passage) => Difference::Changed {
                    passage,
                    was,
                    requirements,
                },
                None => Difference::Gone { was, requirements },
            },
        );
    }
    let new = unknown.into_iter().filter(|passage| passage.binds);
    differences.extend(new.map(|passage| Difference::New {
        near: resembling(&passage, catalogue, version),
        passage,
    }));
    differences.extend(lost_sections(text, catalogue, version));
    differences.sort_by_key(|difference| match difference {
        Difference::Changed { passage, .. } | Difference::New { passage, .. } => passage.line,
        Difference::Gone { .. } | Difference::Section { .. } => usize::MAX,
    });
    Some(Drift {
        version,
        differences,
    })
}

/// The version of which most passages occur; the newer of two that come out even.
fn nearest(text: &Text, catalogue: &Catalogue) -> Option<Version> {
    let known: HashSet<&str> = text
        .passages
        .iter()
        .map(|passage| passage.fingerprint.as_str())
        .collect();
    let score = |version: Version| {
        let cited: HashSet<&str> = catalogue
            .iter()
            .flat_map(|requirement| requirement.text(version))
            .map(|citation| citation.fingerprint.as_str())
            .collect();
        let found = cited.intersection(&known).count();
        (found, found * 1_000_000 / cited.len().max(1))
    };
    Version::ALL
        .into_iter()
        .map(|version| (score(version), version))
        .filter(|((found, _), _)| *found > 0)
        .max_by_key(|((_, share), version)| (*share, *version))
        .map(|(_, version)| version)
}

/// The passages that neither a requirement comes from nor the list of sentences that oblige nobody names.
fn unknown(text: &Text, catalogue: &Catalogue, version: Version) -> Vec<Passage> {
    let is_known = |passage: &Passage| {
        let cited = catalogue
            .iter()
            .flat_map(|requirement| requirement.text(version))
            .any(|citation| citation.names(&passage.fingerprint, &passage.section));
        cited
            || catalogue
                .not_an_obligation(&passage.fingerprint, &passage.section)
                .is_some()
    };
    let unknown = text.passages.iter().filter(|passage| !is_known(passage));
    unknown.cloned().collect()
}

/// The passages that requirements come from and that the text does not hold, with those requirements.
fn gone<'a>(
    text: &Text,
    catalogue: &'a Catalogue,
    version: Version,
) -> Vec<(Citation, Vec<&'a Requirement>)> {
    let occurs = |citation: &Citation| {
        text.passages
            .iter()
            .any(|passage| citation.names(&passage.fingerprint, &passage.section))
    };
    let mut gone: Vec<(Citation, Vec<&Requirement>)> = Vec::new();
    for requirement in catalogue.iter() {
        for citation in requirement.text(version) {
            if occurs(citation) {
                continue;
            }
            match gone.iter_mut().find(|(known, _)| known == citation) {
                Some((_, requirements)) => requirements.push(requirement),
                None => gone.push((citation.clone(), vec![requirement])),
            }
        }
    }
    gone
}

/// How much a passage and a requirement must have in common to be taken for each other, of 1.
const RESEMBLANCE: f64 = 0.3;

/// Takes out of the unknown passages the one that most likely took the place of one that is gone: in the section
/// that is meant, or in that of its requirements, or else a row of a table.
fn take_successor(
    unknown: &mut Vec<Passage>,
    was: &Citation,
    requirements: &[&Requirement],
    version: Version,
) -> Option<Passage> {
    let home = |passage: &Passage| match &was.section {
        Some(section) => passage.section == *section,
        None => requirements
            .iter()
            .any(|requirement| requirement.section(version) == passage.section),
    };
    let best = |accept: &dyn Fn(&Passage) -> bool, least: f64| {
        let scored = unknown.iter().enumerate().filter(|(_, one)| accept(one));
        scored
            .map(|(index, passage)| {
                let score = requirements
                    .iter()
                    .map(|requirement| resemblance(&passage.words, &requirement.says))
                    .fold(0.0, f64::max);
                (index, score)
            })
            .filter(|(_, score)| *score >= least)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(index, _)| index)
    };
    let index = best(&|passage| passage.binds && home(passage), RESEMBLANCE)
        .or_else(|| best(&home, RESEMBLANCE))
        .or_else(|| best(&|passage| passage.kind == Kind::Row && passage.binds, 0.0))?;
    Some(unknown.remove(index))
}

/// The requirement of a passage's section that it resembles most.
fn resembling<'a>(
    passage: &Passage,
    catalogue: &'a Catalogue,
    version: Version,
) -> Option<&'a Requirement> {
    catalogue
        .iter()
        .filter(|requirement| {
            requirement.level(version).is_some() && requirement.section(version) == passage.section
        })
        .map(|requirement| (resemblance(&passage.words, &requirement.says), requirement))
        .filter(|(score, _)| *score >= RESEMBLANCE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, requirement)| requirement)
}

/// How much two sentences have in common: the share of pairs of letters in both, from 0 to 1.
fn resemblance(a: &str, b: &str) -> f64 {
    strsim::sorensen_dice(&a.to_lowercase(), &b.to_lowercase())
}

fn lost_sections<'a>(
    text: &Text,
    catalogue: &'a Catalogue,
    version: Version,
) -> Vec<Difference<'a>> {
    let mut lost: Vec<(&str, Vec<&Requirement>)> = Vec::new();
    for requirement in catalogue.iter() {
        let section = requirement.section(version);
        let asked = requirement.level(version).is_some();
        if !asked || text.sections.iter().any(|known| known == section) {
            continue;
        }
        match lost.iter_mut().find(|(known, _)| *known == section) {
            Some((_, requirements)) => requirements.push(requirement),
            None => lost.push((section, vec![requirement])),
        }
    }
    lost.into_iter()
        .map(|(section, requirements)| Difference::Section {
            section: section.to_owned(),
            requirements,
        })
        .collect()
}
