//! A text of the specification compared with the catalogue: the passages that changed, and the requirements affected.

use std::collections::HashSet;

use super::comparison::{Comparison, RemovedPassage};
use super::succession::{SIMILAR, similarity, successors};
use super::{Catalogue, Citation, Passage, Requirement, Text, Version};

/// The differences between a text and the text that the catalogue was made from.
#[derive(Debug)]
pub struct Drift<'a> {
    /// The version that the text resembles most.
    pub version: Version,
    /// In the order of the text; removed passages and sections come last.
    pub differences: Vec<Difference<'a>>,
}

#[derive(Debug)]
pub enum Difference<'a> {
    /// A passage probably replaces one that requirements cite: its position and its words are similar.
    Changed {
        passage: Passage,
        removed: Citation,
        /// The requirements that cite the removed passage.
        requirements: Vec<&'a Requirement>,
    },
    /// A passage that carries an obligation or a permission, and that the catalogue does not know.
    New {
        passage: Passage,
        /// The most similar requirement of the same section, if one is similar enough.
        near: Option<&'a Requirement>,
    },
    /// A passage that requirements cite was removed, and no other replaces it.
    Gone {
        removed: Citation,
        /// The requirements that cite it.
        requirements: Vec<&'a Requirement>,
    },
    /// A section was removed or renamed.
    Section {
        /// The anchor that the text does not have.
        section: String,
        /// The requirements that belong to the section or cite a passage of it.
        requirements: Vec<&'a Requirement>,
    },
}

/// Compares a text with the catalogue; `None` if the catalogue knows no passage of it: it is then not a text of the
/// specification.
pub fn diff<'a>(text: &Text, catalogue: &'a Catalogue) -> Option<Drift<'a>> {
    let version = nearest_version(text, catalogue)?;
    let comparison = Comparison {
        text,
        catalogue,
        version,
    };
    let mut differences = Vec::new();
    let mut unknown = comparison.unknown();
    for (passage, successor) in successors(&comparison, comparison.removed(), &mut unknown) {
        let RemovedPassage {
            citation: removed,
            requirements,
        } = passage;
        differences.push(match successor {
            Some(passage) => Difference::Changed {
                passage,
                removed,
                requirements,
            },
            None => Difference::Gone {
                removed,
                requirements,
            },
        });
    }
    let new = unknown.into_iter().filter(|passage| passage.binds);
    differences.extend(new.map(|passage| Difference::New {
        near: comparison.most_similar(&passage),
        passage,
    }));
    differences.extend(comparison.missing_sections());
    differences.sort_by_key(|difference| match difference {
        Difference::Changed { passage, .. } | Difference::New { passage, .. } => passage.line,
        Difference::Gone { .. } | Difference::Section { .. } => usize::MAX,
    });
    Some(Drift {
        version,
        differences,
    })
}

/// The version of whose cited passages the text has the largest share; the newer version if two shares are equal.
fn nearest_version(text: &Text, catalogue: &Catalogue) -> Option<Version> {
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

impl<'a> Comparison<'_, 'a> {
    /// The most similar requirement of a passage's section, if one is similar enough.
    fn most_similar(&self, passage: &Passage) -> Option<&'a Requirement> {
        let (catalogue, version) = (self.catalogue, self.version);
        catalogue
            .iter()
            .filter(|one| one.level(version).is_some() && one.section(version) == passage.section)
            .map(|one| (similarity(&passage.words, &one.says), one))
            .filter(|(score, _)| *score >= SIMILAR)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, requirement)| requirement)
    }

    fn missing_sections(&self) -> Vec<Difference<'a>> {
        let mut missing: Vec<(&str, Vec<&Requirement>)> = Vec::new();
        for (requirement, citation) in self.citations() {
            for section in [requirement.section(self.version), &citation.section] {
                if self.has_section(section) {
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
        let difference = |(section, requirements): (&str, _)| Difference::Section {
            section: section.to_owned(),
            requirements,
        };
        missing.into_iter().map(difference).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::data::{File, Folder};

    const TEA: &str = "\
## Brewing

The pot MUST be warm before the tea goes in.
The water SHOULD boil.

## Pouring

Guests MAY ask for milk.
The tea will be hot.
The pot MUST be warm before the tea goes in.
";

    fn catalogue() -> Catalogue {
        let text = Text::parse(TEA);
        let mark = |words: &str| {
            let passage = text.passages.iter().find(|one| one.words == words);
            passage.unwrap().fingerprint.clone()
        };
        let warm = mark("The pot MUST be warm before the tea goes in.");
        let requirement = |id: &str, section: &str, says: &str, mark: &str| {
            format!(
                "  - {{ id: {id}, section: {section}, level: {{ dev: MUST }}, says: {says}, text: {{ dev: [{mark:?}] }} }}\n"
            )
        };
        let yaml = [
            "category: pull\nrequirements:\n".to_owned(),
            requirement(
                "pot-warm",
                "brewing",
                "The pot is warm when tea is put in.",
                &warm,
            ),
            requirement(
                "water-boils",
                "brewing",
                "The water boils.",
                &mark("The water SHOULD boil."),
            ),
            requirement(
                "milk",
                "pouring",
                "Milk may be asked for.",
                &mark("Guests MAY ask for milk."),
            ),
            requirement(
                "tea-hot",
                "pouring",
                "The tea is hot.",
                &mark("The tea will be hot."),
            ),
            requirement("pot-still-warm", "pouring", "The pot is still warm.", &warm),
        ];
        let file = File {
            path: "requirements/tea.yaml".into(),
            shown: "requirements/tea.yaml".into(),
            text: yaml.concat().into(),
        };
        Catalogue::load(&Folder { files: vec![file] }).unwrap()
    }

    /// The differences of a text: kind, line (0 if it has none) and requirements.
    fn differences(markdown: &str) -> Vec<(&'static str, usize, String)> {
        let catalogue = catalogue();
        let drift = diff(&Text::parse(markdown), &catalogue).unwrap();
        let ids = |list: &[&Requirement]| {
            let ids: Vec<&str> = list.iter().map(|one| one.id.as_str()).collect();
            ids.join(" ")
        };
        let shown = drift.differences.iter().map(|difference| match difference {
            Difference::Changed {
                passage,
                requirements,
                ..
            } => ("changed", passage.line, ids(requirements)),
            Difference::New { passage, near } => ("new", passage.line, ids(near.as_slice())),
            Difference::Gone { requirements, .. } => ("gone", 0, ids(requirements)),
            Difference::Section {
                section,
                requirements,
            } => ("section", 0, format!("{section}: {}", ids(requirements))),
        });
        shown.collect()
    }

    #[test]
    fn the_text_itself_does_not_differ() {
        assert_eq!(differences(TEA), []);
        assert_eq!(
            differences(&TEA.replace("MUST be warm", "MUST\nbe *warm*")),
            []
        );
    }

    #[test]
    fn a_changed_sentence_names_its_requirement() {
        let changed = TEA.replace("SHOULD boil", "MUST boil");
        assert_eq!(
            differences(&changed),
            [("changed", 4, "water-boils".to_owned())]
        );
    }

    #[test]
    fn of_two_equal_sentences_only_the_changed_one_is_reported() {
        let (first, second) = TEA.split_once("## Pouring").unwrap();
        let changed = format!("{first}## Pouring{}", second.replace("be warm", "stay hot"));
        assert_eq!(
            differences(&changed),
            [("changed", 10, "pot-still-warm".to_owned())]
        );
    }

    #[test]
    fn a_cited_sentence_without_a_keyword_is_compared() {
        let changed = TEA.replace("will be hot", "will be very hot");
        assert_eq!(
            differences(&changed),
            [("changed", 9, "tea-hot".to_owned())]
        );
    }

    #[test]
    fn added_and_removed_sentences_are_reported() {
        let added = TEA.replace(
            "## Pouring",
            "Sugar MUST NOT be offered to Belgians.\n\n## Pouring",
        );
        assert_eq!(differences(&added), [("new", 6, String::new())]);
        let removed = TEA.replace("Guests MAY ask for milk.\n", "");
        assert_eq!(differences(&removed), [("gone", 0, "milk".to_owned())]);
    }

    #[test]
    fn several_changes_are_matched_with_their_requirements() {
        let changed = TEA
            .replace("Guests MAY", "Guests SHOULD")
            .replace("The tea will be", "The tea MUST be")
            .replace("SHOULD boil", "MUST simmer");
        let expected = [
            ("changed", 4, "water-boils".to_owned()),
            ("changed", 8, "milk".to_owned()),
            ("changed", 9, "tea-hot".to_owned()),
        ];
        assert_eq!(differences(&changed), expected);
    }

    #[test]
    fn a_renamed_section_is_one_difference() {
        let renamed = TEA.replace("## Pouring", "## Serving");
        let expected = (
            "section",
            0,
            "pouring: milk tea-hot pot-still-warm".to_owned(),
        );
        assert_eq!(differences(&renamed), [expected]);
    }

    #[test]
    fn another_text_is_not_a_specification() {
        assert!(
            diff(
                &Text::parse("# Coffee\n\nBeans MUST be ground."),
                &catalogue()
            )
            .is_none()
        );
        assert!(diff(&Text::parse(""), &catalogue()).is_none());
    }
}
