//! The catalogue: every requirement, as data.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Category, Level, Party, Version};
use crate::data::{Folder, Mistakes, Place, load};

/// A file of requirements.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequirementsFile {
    category: Category,
    requirements: Vec<RequirementText>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequirementText {
    id: String,
    section: SectionText,
    why: Option<String>,
    feature: Option<String>,
    unobservable: Option<String>,
    text: Option<BTreeMap<Version, Vec<String>>>,
    #[serde(default = "registry")]
    party: Party,
    level: LevelText,
    says: String,
}

fn registry() -> Party {
    Party::Registry
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum SectionText {
    Always(String),
    ByVersion(BTreeMap<Version, String>),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum LevelText {
    Always(Level),
    ByVersion(BTreeMap<Version, Level>),
}

/// A requirement.
#[derive(Debug)]
pub struct Requirement {
    /// Its name for ever.
    pub id: String,
    /// Whom it binds.
    pub party: Party,
    /// Its category.
    pub category: Category,
    /// What it asks for.
    pub says: String,
    section: SectionText,
    level: LevelText,
    /// Where it is written.
    pub place: Place,
}

impl Requirement {
    /// Its section in a version.
    pub fn section(&self, version: Version) -> &str {
        match &self.section {
            SectionText::Always(s) => s,
            SectionText::ByVersion(m) => m.get(&version).map_or("", String::as_str),
        }
    }

    /// Its level in a version.
    pub fn level(&self, version: Version) -> Option<Level> {
        match &self.level {
            LevelText::Always(level) => Some(*level),
            LevelText::ByVersion(levels) => levels.get(&version).copied(),
        }
    }
}

/// All requirements.
#[derive(Debug)]
pub struct Catalogue {
    map: IndexMap<String, Requirement>,
}

impl Catalogue {
    /// Reads `requirements/` of a folder.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn load(folder: &Folder) -> Result<Self, Mistakes> {
        let mut mistakes = Mistakes::default();
        let mut map = IndexMap::new();
        for file in folder.below("requirements") {
            let Some(loaded) = mistakes.take(load::<RequirementsFile>(file)) else {
                continue;
            };
            for (index, text) in loaded.value.requirements.into_iter().enumerate() {
                map.insert(
                    text.id.clone(),
                    Requirement {
                        id: text.id,
                        party: text.party,
                        category: loaded.value.category,
                        says: text.says,
                        section: text.section,
                        level: text.level,
                        place: loaded.place.at("requirements").at(index),
                    },
                );
            }
        }
        mistakes.or(Self { map })
    }

    /// The requirement of that name.
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.map.get(id)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.map.values()
    }

    /// The level of a requirement in a version; nothing where it does not exist there.
    pub fn level(&self, id: &str, version: Version) -> Option<Level> {
        self.get(id)?.level(version)
    }
}
