//! A text of the specification compared with the catalogue, or with an earlier text: the passages that changed, and the
//! requirements affected.

use std::collections::{HashMap, HashSet};

use super::alignment::{Alignment, Fate, align};
use super::text::{Kind, resemblance};
use super::{Catalogue, Citation, Earlier, Party, Passage, Requirement, Text, Version};

/// The share of words from which on a requirement may be about a new passage.
const NEAR: f64 = 0.25;

/// The differences between a text and an earlier one.
#[derive(Debug)]
pub struct Drift<'a> {
    /// The version whose requirements are named.
    pub version: Version,
    /// In the order of the text; sections come last.
    pub differences: Vec<Difference<'a>>,
}

#[derive(Debug)]
pub enum Difference<'a> {
    /// A passage takes the place of another: it stands between the same passages and has many of its words.
    Changed {
        passage: Passage,
        old: Earlier,
        /// The requirements that cite the old passage.
        requirements: Vec<&'a Requirement>,
        /// The requirements that cite the new passage.
        cited_by: Vec<&'a Requirement>,
    },
    /// The words of a passage that requirements cite are in another section.
    Moved {
        passage: Passage,
        old: Earlier,
        /// The requirements that cite the passage in its old section.
        requirements: Vec<&'a Requirement>,
    },
    /// A passage that takes the place of no other.
    New {
        passage: Passage,
        /// The requirements that cite it.
        cited_by: Vec<&'a Requirement>,
        /// The most similar requirement of the same section, if none cites it and one is similar enough.
        near: Option<&'a Requirement>,
    },
    /// A passage was removed, and no other takes its place.
    Removed {
        old: Earlier,
        /// The line of the passage before it; `None` if it was the first of its section.
        after: Option<usize>,
        /// The requirements that cite it.
        requirements: Vec<&'a Requirement>,
    },
    /// A section was removed or renamed.
    Section {
        /// The anchor that the text does not have.
        section: String,
        /// The section that has most of its passages.
        renamed: Option<String>,
        /// The requirements that belong to the section or cite a passage of it.
        requirements: Vec<&'a Requirement>,
    },
}

/// Compares a text with an earlier one, or with what the catalogue keeps of the version's text, or of the version that the
/// text resembles most. `None` if no version is named and the catalogue knows no passage: it is then not a text of
/// the specification.
pub fn diff<'a>(
    text: &Text,
    earlier: Option<&Text>,
    version: Option<Version>,
    catalogue: &'a Catalogue,
) -> Option<Drift<'a>> {
    nearest_version(text, catalogue)?;
    let version = match version {
        Some(version) => version,
        None => nearest_version(earlier.unwrap_or(text), catalogue)?,
    };
    let passages = match earlier {
        Some(earlier) => Earlier::of_text(earlier),
        None => Earlier::of_version(catalogue, version),
    };
    let comparison = Comparison::new(text, catalogue, version, earlier.is_some());
    Some(Drift {
        version,
        differences: comparison.differences(&passages),
    })
}

/// The version of whose cited passages the text has the largest share; the newer version if two shares are equal. `None`
/// if the catalogue knows no passage of the text.
pub fn nearest_version(text: &Text, catalogue: &Catalogue) -> Option<Version> {
    let present: HashSet<&str> = text
        .passages
        .iter()
        .map(|passage| passage.fingerprint.as_str())
        .collect();
    let share = |version: Version| {
        let cited: HashSet<&str> = catalogue
            .iter()
            .flat_map(|requirement| requirement.text(version))
            .map(|citation| citation.fingerprint.as_str())
            .collect();
        let found = cited.intersection(&present).count();
        (found > 0).then(|| found * 1_000_000 / cited.len())
    };
    Version::ALL
        .into_iter()
        .filter_map(|version| Some((share(version)?, version)))
        .max()
        .map(|(_, version)| version)
}

struct Comparison<'t, 'a> {
    text: &'t Text,
    catalogue: &'a Catalogue,
    version: Version,
    /// Whether the earlier text is the user's: the catalogue may then know more of the new text than of the old one.
    between_texts: bool,
    citing: HashMap<&'a Citation, Vec<&'a Requirement>>,
    /// The sections that bind registries.
    binding: HashSet<&'a str>,
}

impl<'t, 'a> Comparison<'t, 'a> {
    fn new(
        text: &'t Text,
        catalogue: &'a Catalogue,
        version: Version,
        between_texts: bool,
    ) -> Self {
        let mut citing: HashMap<&Citation, Vec<&Requirement>> = HashMap::new();
        let mut binding = HashSet::new();
        for requirement in catalogue.iter() {
            for citation in requirement.text(version) {
                citing.entry(citation).or_default().push(requirement);
                if requirement.party == Party::Registry {
                    binding.insert(citation.section.as_str());
                }
            }
        }
        Self {
            text,
            catalogue,
            version,
            between_texts,
            citing,
            binding,
        }
    }

    fn differences(&self, earlier: &[Earlier]) -> Vec<Difference<'a>> {
        let alignment = align(earlier, self.text);
        let mut found: Vec<(usize, Difference<'a>)> = Vec::new();
        let mut known: HashSet<usize> = HashSet::new();
        let mut before = (0, "");
        for (old, fate) in earlier.iter().zip(&alignment.fates) {
            let section = old.citation.section.as_str();
            let after = (before.1 == section).then_some(before.0);
            if let Fate::Stayed(new) | Fate::Moved(new) | Fate::Replaced(new) = fate {
                known.insert(*new);
            }
            let passage = match fate {
                Fate::Stayed(new) | Fate::Replaced(new) => self.text.passages.get(*new),
                Fate::Moved(_) | Fate::Removed => None,
            };
            if let Some(passage) = passage {
                before = (passage.line, section);
            }
            let difference = self.difference(old, *fate, after);
            found.extend(difference.map(|one| (line(&one).unwrap_or(before.0), one)));
        }
        let new = self.text.passages.iter().enumerate();
        let new = new.filter(|(at, _)| !known.contains(at));
        found.extend(
            new.filter_map(|(_, one)| Some((one.line, self.new_passage(one, &alignment)?))),
        );
        found.sort_by_key(|(line, _)| *line);
        let found = found.into_iter().map(|(_, difference)| difference);
        found.chain(self.missing_sections(&alignment)).collect()
    }

    fn difference(
        &self,
        old: &Earlier,
        fate: Fate,
        after: Option<usize>,
    ) -> Option<Difference<'a>> {
        let requirements = self.citing(&old.citation);
        let old = old.clone();
        match fate {
            Fate::Stayed(new) => {
                let passage = self.text.passages.get(new)?;
                // Only the catalogue must know every passage that binds; two texts agree here.
                let unknown = requirements.is_empty() && passage.binds && !self.between_texts;
                (unknown && !self.obliges_nobody(passage)).then(|| self.unknown(passage))
            }
            Fate::Moved(new) => {
                let passage = self.text.passages.get(new)?.clone();
                (!requirements.is_empty()).then_some(Difference::Moved {
                    passage,
                    old,
                    requirements,
                })
            }
            Fate::Replaced(new) => {
                let passage = self.text.passages.get(new)?.clone();
                let cited_by = self.citing_passage(&passage);
                let cited = !(requirements.is_empty() && cited_by.is_empty());
                let said =
                    passage.binds || old.keywords.as_ref().is_some_and(|one| !one.is_empty());
                let may_bind = said || self.may_bind(&passage, &old.citation.section);
                (cited || (may_bind && !self.obliges_nobody(&passage))).then_some(
                    Difference::Changed {
                        passage,
                        old,
                        requirements,
                        cited_by,
                    },
                )
            }
            Fate::Removed => {
                let said = old.keywords.as_ref().is_some_and(|one| !one.is_empty());
                let unknown = said && self.between_texts;
                (unknown || !requirements.is_empty()).then_some(Difference::Removed {
                    old,
                    after,
                    requirements,
                })
            }
        }
    }

    fn new_passage(&self, passage: &Passage, alignment: &Alignment) -> Option<Difference<'a>> {
        let cited_by = self.citing_passage(passage);
        if !cited_by.is_empty() {
            return self.between_texts.then(|| Difference::New {
                passage: passage.clone(),
                cited_by,
                near: None,
            });
        }
        let section = alignment.earlier_section(&passage.section);
        let binds = passage.binds || self.may_bind(passage, section);
        (binds && !self.obliges_nobody(passage)).then(|| self.unknown(passage))
    }

    fn unknown(&self, passage: &Passage) -> Difference<'a> {
        Difference::New {
            near: self.most_similar(passage),
            cited_by: Vec::new(),
            passage: passage.clone(),
        }
    }

    /// Whether a passage without a keyword may bind registries: it is of a section that does.
    fn may_bind(&self, passage: &Passage, section: &str) -> bool {
        passage.kind != Kind::Block && self.binding.contains(section)
    }

    fn obliges_nobody(&self, passage: &Passage) -> bool {
        self.catalogue.not_an_obligation(passage).is_some()
    }

    fn citing(&self, citation: &Citation) -> Vec<&'a Requirement> {
        self.citing.get(citation).cloned().unwrap_or_default()
    }

    fn citing_passage(&self, passage: &Passage) -> Vec<&'a Requirement> {
        self.citing(&Citation {
            fingerprint: passage.fingerprint.clone(),
            section: passage.section.clone(),
        })
    }

    /// The most similar requirement of a passage's section, if one is similar enough.
    fn most_similar(&self, passage: &Passage) -> Option<&'a Requirement> {
        let (catalogue, version) = (self.catalogue, self.version);
        catalogue
            .iter()
            .filter(|one| one.level(version).is_some() && one.section(version) == passage.section)
            .map(|one| (resemblance(&passage.words, &one.says), one))
            .filter(|(score, _)| *score >= NEAR)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, requirement)| requirement)
    }

    fn missing_sections(&self, alignment: &Alignment) -> Vec<Difference<'a>> {
        let mut missing: Vec<(&str, Vec<&Requirement>)> = Vec::new();
        for requirement in self.catalogue.iter() {
            for citation in requirement.text(self.version) {
                for section in [requirement.section(self.version), &citation.section] {
                    if self.text.sections.iter().any(|known| known == section) {
                        continue;
                    }
                    let at = missing.iter().position(|(known, _)| *known == section);
                    match at.and_then(|at| missing.get_mut(at)) {
                        Some((_, list)) if list.iter().any(|one| one.id == requirement.id) => {}
                        Some((_, list)) => list.push(requirement),
                        None => missing.push((section, vec![requirement])),
                    }
                }
            }
        }
        let difference = |(section, requirements): (&str, _)| Difference::Section {
            section: section.to_owned(),
            renamed: alignment.renamed.get(section).cloned().flatten(),
            requirements,
        };
        missing.into_iter().map(difference).collect()
    }
}

fn line(difference: &Difference<'_>) -> Option<usize> {
    match difference {
        Difference::Changed { passage, .. }
        | Difference::Moved { passage, .. }
        | Difference::New { passage, .. } => Some(passage.line),
        Difference::Removed { after, .. } => *after,
        Difference::Section { .. } => None,
    }
}

#[cfg(test)]
mod tests;
