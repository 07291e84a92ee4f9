//! The catalogue: every requirement of the specification, as data.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::format::{
    ByVersion, Citation, EachVersion, NotObligationsFile, RequirementText, RequirementsFile,
};
use super::{Category, Level, Party, Version};
use crate::data::{Folder, Mistakes, Place, load};

/// The folder of the catalogue, below that of the suites.
const FOLDER: &str = "requirements";
/// The file of sentences that oblige nobody.
const NOT_OBLIGATIONS: &str = "requirements/not-obligations.yaml";

/// All requirements, by category and within it in the order of the specification.
#[derive(Debug, Default)]
pub struct Catalogue {
    requirements: IndexMap<String, Requirement>,
    not_obligations: HashMap<Citation, String>,
}

/// One obligation, or one permission, of the specification.
#[derive(Debug)]
pub struct Requirement {
    /// Its name for ever.
    pub id: String,
    /// The category that it belongs to.
    pub category: Category,
    /// Whom it binds.
    pub party: Party,
    /// What must hold, in one sentence of our own.
    pub says: String,
    /// Why it has its level, where the text carries no keyword or leaves something open.
    pub why: Option<String>,
    /// Why no HTTP client can see whether it is kept.
    pub unobservable: Option<String>,
    /// The feature that it belongs to, where a registry may leave that out.
    pub feature: Option<String>,
    /// Where it stands in the catalogue.
    pub place: Place,
    level: EachVersion<Level>,
    section: EachVersion<String>,
    text: ByVersion<Vec<Citation>>,
}

impl Requirement {
    /// How strongly a version asks for it; `None` where it does not.
    pub fn level(&self, version: Version) -> Option<Level> {
        self.level.get(version).copied()
    }

    /// The anchor of its section in a version; empty where the version does not ask for it.
    pub fn section(&self, version: Version) -> &str {
        self.section.get(version).map_or("", String::as_str)
    }

    /// The passages of a version's text that it comes from.
    pub fn text(&self, version: Version) -> &[Citation] {
        self.text.get(version).map_or(&[], Vec::as_slice)
    }

    /// Whether a version binds the registry to it, in a way that an HTTP client can see: what a case must test.
    pub fn is_testable(&self, version: Version) -> bool {
        self.party == Party::Registry
            && self.unobservable.is_none()
            && self.level(version).is_some_and(|level| level != Level::May)
    }
}

impl Catalogue {
    /// Reads the catalogue from the folder of the suites.
    ///
    /// # Errors
    /// Every mistake in its files: their shape, ids that are taken or are no names, versions without a section
    /// or without the text that they come from.
    pub fn load(suites: &Folder) -> Result<Self, Mistakes> {
        let mut mistakes = Mistakes::default();
        let mut catalogue = Self::default();
        for file in suites.below(FOLDER) {
            if file.path == NOT_OBLIGATIONS {
                if let Some(loaded) = mistakes.take(load::<NotObligationsFile>(file)) {
                    catalogue.add_not_obligations(loaded.value, &loaded.place, &mut mistakes);
                }
            } else if let Some(loaded) = mistakes.take(load::<RequirementsFile>(file)) {
                let category = loaded.value.category;
                for (index, text) in loaded.value.requirements.into_iter().enumerate() {
                    let place = loaded.place.at("requirements").at(index);
                    catalogue.add(text, category, place, &mut mistakes);
                }
            }
        }
        catalogue
            .requirements
            .sort_by(|_, a, _, b| a.category.cmp(&b.category));
        mistakes.or(catalogue)
    }

    /// The requirement of that id.
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.requirements.get(id)
    }

    /// Every requirement, by category and within it in the order of the specification.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.values()
    }

    /// The requirements of a category, in the order of the specification.
    pub fn category(&self, category: Category) -> impl Iterator<Item = &Requirement> {
        self.iter()
            .filter(move |requirement| requirement.category == category)
    }

    /// How strongly a version asks for a requirement; `None` where it does not, or where there is none of that id.
    pub fn level(&self, id: &str, version: Version) -> Option<Level> {
        self.get(id)?.level(version)
    }

    /// Why a passage that carries a keyword obliges nobody, where that is said of it.
    pub fn not_an_obligation(&self, fingerprint: &str, section: &str) -> Option<&str> {
        self.not_obligations
            .iter()
            .find(|(citation, _)| citation.names(fingerprint, section))
            .map(|(_, why)| why.as_str())
    }

    fn add(
        &mut self,
        text: RequirementText,
        category: Category,
        place: Place,
        mistakes: &mut Mistakes,
    ) {
        check(&text, &place, mistakes);
        let text_by_version = ByVersion {
            v1_0: citations(&text.text, Version::V1_0, &place, mistakes),
            v1_1: citations(&text.text, Version::V1_1, &place, mistakes),
            dev: citations(&text.text, Version::Dev, &place, mistakes),
        };
        let requirement = Requirement {
            id: text.id.clone(),
            category,
            party: text.party,
            says: text.says,
            why: text.why,
            unobservable: text.unobservable,
            feature: text.feature,
            level: text.level,
            section: text.section,
            text: text_by_version,
            place,
        };
        match self.requirements.entry(text.id) {
            Entry::Vacant(free) => {
                free.insert(requirement);
            }
            Entry::Occupied(taken) => {
                let first = &taken.get().place;
                let message = format!("the id `{}` is taken", requirement.id);
                let help = format!("it stands in {}, line {}", first.file(), first.line());
                let mistake = requirement.place.at("id").mistake(message);
                mistakes.list.push(mistake.help(help));
            }
        }
    }

    fn add_not_obligations(
        &mut self,
        file: NotObligationsFile,
        place: &Place,
        mistakes: &mut Mistakes,
    ) {
        for (group, sentences) in file.sentences.into_iter().enumerate() {
            for (index, text) in sentences.text.iter().enumerate() {
                let here = place.at("sentences").at(group).at("text").at(index);
                if let Some(citation) = citation(text, &here, mistakes) {
                    self.not_obligations.insert(citation, sentences.why.clone());
                }
            }
        }
    }
}

fn check(text: &RequirementText, place: &Place, mistakes: &mut Mistakes) {
    if !is_name(&text.id) {
        let mistake = place.at("id").mistake(format!("`{}` is no id", text.id));
        let help = "words in small letters and digits, with hyphens between";
        mistakes.list.push(mistake.help(help));
    }
    if !text.says.ends_with('.') {
        let mistake = place.at("says").mistake("this is no whole sentence");
        mistakes.list.push(mistake.help("end it with a full stop"));
    }
    let mut asked = false;
    for version in Version::ALL {
        let level = text.level.get(version).is_some();
        asked |= level;
        if level && text.section.get(version).is_none() {
            let message = format!("{version} asks for it, in no section");
            mistakes.list.push(place.at("section").mistake(message));
        }
        let quoted = text.text.get(version).is_some_and(|list| !list.is_empty());
        if level != quoted {
            let message = match level {
                true => format!("{version} asks for it, in no sentence"),
                false => format!("{version} has sentences for it and does not ask for it"),
            };
            let help = "`assay spec sentences FILE` prints the fingerprints of a text";
            let mistake = place.at("text").mistake(message);
            mistakes.list.push(mistake.help(help));
        }
    }
    if !asked {
        let mistake = place.at("level").mistake("no version asks for it");
        mistakes.list.push(mistake);
    }
}

/// Whether an id is words in small letters and digits, with single hyphens between.
fn is_name(id: &str) -> bool {
    let word = |word: &str| {
        let sound = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(sound)
    };
    id.split('-').all(word)
}

fn citations(
    text: &ByVersion<Vec<String>>,
    version: Version,
    place: &Place,
    mistakes: &mut Mistakes,
) -> Option<Vec<Citation>> {
    let mut seen = HashSet::new();
    let mut list = Vec::new();
    for (index, text) in text.get(version)?.iter().enumerate() {
        let here = place.at("text").at(version).at(index);
        let Some(citation) = citation(text, &here, mistakes) else {
            continue;
        };
        if seen.insert(citation.clone()) {
            list.push(citation);
        } else {
            let message = format!("`{text}` stands here twice");
            mistakes.list.push(here.mistake(message));
        }
    }
    Some(list)
}

fn citation(text: &str, place: &Place, mistakes: &mut Mistakes) -> Option<Citation> {
    let citation = Citation::parse(text);
    if citation.is_none() {
        let mistake = place.mistake(format!("`{text}` is no fingerprint"));
        let help = "twelve hexadecimal digits, as `assay spec sentences FILE` prints them";
        mistakes.list.push(mistake.help(help));
    }
    citation
}
