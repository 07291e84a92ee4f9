//! A text of the specification held against the catalogue: what changed, and which requirements that touches.

use std::collections::HashSet;

use super::known::{Known, Lost};
use super::succession::{resemblance, successors};
use super::{Catalogue, Citation, Passage, Requirement, Text, Version};

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
    /// A passage took the place of one that requirements come from: a guess, by where it stands and what it says.
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
        /// The requirements that belong to it or come from it.
        requirements: Vec<&'a Requirement>,
    },
}

/// Holds a text against the catalogue; `None` where no passage of it is known, so that it is no text of the
/// specification.
pub fn diff<'a>(text: &Text, catalogue: &'a Catalogue) -> Option<Drift<'a>> {
    let version = nearest(text, catalogue)?;
    let known = Known {
        text,
        catalogue,
        version,
    };
    let mut differences = Vec::new();
    let mut unknown = known.unknown();
    for (lost, successor) in successors(&known, known.lost(), &mut unknown) {
        let Lost { was, requirements } = lost;
        differences.push(match successor {
            Some(passage) => Difference::Changed {
                passage,
                was,
                requirements,
            },
            None => Difference::Gone { was, requirements },
        });
    }
    let new = unknown.into_iter().filter(|passage| passage.binds);
    differences.extend(new.map(|passage| Difference::New {
        near: known.resembling(&passage),
        passage,
    }));
    differences.extend(known.lost_sections());
    differences.sort_by_key(|difference| match difference {
        Difference::Changed { passage, .. } | Difference::New { passage, .. } => passage.line,
        Difference::Gone { .. } | Difference::Section { .. } => usize::MAX,
    });
    Some(Drift {
        version,
        differences,
    })
}

/// The version of which the largest share occurs; the newer of two that come out even.
fn nearest(text: &Text, catalogue: &Catalogue) -> Option<Version> {
    let known: HashSet<&str> = text
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
        let found = cited.intersection(&known).count();
        (found > 0).then(|| found * 1_000_000 / cited.len())
    };
    Version::ALL
        .into_iter()
        .filter_map(|version| Some((share(version)?, version)))
        .max()
        .map(|(_, version)| version)
}

impl<'a> Known<'_, 'a> {
    /// The requirement of a passage's section that it resembles most.
    fn resembling(&self, passage: &Passage) -> Option<&'a Requirement> {
        let (catalogue, version) = (self.catalogue, self.version);
        catalogue
            .iter()
            .filter(|one| one.level(version).is_some() && one.section(version) == passage.section)
            .map(|one| (resemblance(&passage.words, &one.says), one))
            .filter(|(score, _)| *score >= super::succession::ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, requirement)| requirement)
    }

    fn lost_sections(&self) -> Vec<Difference<'a>> {
        let mut lost: Vec<(&str, Vec<&Requirement>)> = Vec::new();
        for (requirement, citation) in self.citations() {
            for section in [requirement.section(self.version), &citation.section] {
                if self.has_section(section) {
                    continue;
                }
                let at = lost.iter().position(|(known, _)| *known == section);
                match at.and_then(|at| lost.get_mut(at)) {
                    Some((_, list)) if list.iter().any(|one| one.id == requirement.id) => {}
                    Some((_, list)) => list.push(requirement),
                    None => lost.push((section, vec![requirement])),
                }
            }
        }
        let difference = |(section, requirements): (&str, _)| Difference::Section {
            section: section.to_owned(),
            requirements,
        };
        lost.into_iter().map(difference).collect()
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

    /// What differs in a text: kind, line and requirements of each difference.
    fn differences(markdown: &str) -> Vec<(&'static str, usize, String)> {
        let catalogue = catalogue();
        let drift = diff(&Text::parse(markdown), &catalogue).unwrap();
        let ids = |list: &[&Requirement]| {
            let ids: Vec<&str> = list.iter().map(|one| one.id.as_str()).collect();
            ids.join(" ")
        };
        let told = drift.differences.iter().map(|difference| match difference {
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
        told.collect()
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
    fn a_changed_sentence_touches_its_requirement() {
        let changed = TEA.replace("SHOULD boil", "MUST boil");
        assert_eq!(
            differences(&changed),
            [("changed", 4, "water-boils".to_owned())]
        );
    }

    #[test]
    fn of_two_equal_sentences_the_changed_one_counts() {
        let (first, second) = TEA.split_once("## Pouring").unwrap();
        let changed = format!("{first}## Pouring{}", second.replace("be warm", "stay hot"));
        assert_eq!(
            differences(&changed),
            [("changed", 10, "pot-still-warm".to_owned())]
        );
    }

    #[test]
    fn a_sentence_without_a_keyword_is_watched_where_it_is_catalogued() {
        let changed = TEA.replace("will be hot", "will be very hot");
        assert_eq!(
            differences(&changed),
            [("changed", 9, "tea-hot".to_owned())]
        );
    }

    #[test]
    fn what_is_added_or_removed_is_told() {
        let added = TEA.replace(
            "## Pouring",
            "Sugar MUST NOT be offered to Belgians.\n\n## Pouring",
        );
        assert_eq!(differences(&added), [("new", 6, String::new())]);
        let removed = TEA.replace("Guests MAY ask for milk.\n", "");
        assert_eq!(differences(&removed), [("gone", 0, "milk".to_owned())]);
    }

    #[test]
    fn several_changes_of_a_section_are_told_apart() {
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
    fn a_text_of_something_else_is_no_specification() {
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
