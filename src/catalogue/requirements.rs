//! The catalogue: every requirement of the specification, as data.

use std::collections::{BTreeMap, HashMap};

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::check::{check, citations, no_fingerprint};
use super::citation::is_fingerprint;
use super::format::{NotObligationsFile, RequirementText, RequirementsFile};
use super::texts::TextsFile;
use super::{Category, Level, Passage, Requirement, Version};
use crate::data::{Diagnostics, Folder, SourceSpan, load};

// Paths below the folder of the suites.
const FOLDER: &str = "requirements";
const NOT_OBLIGATIONS: &str = "requirements/not-obligations.yaml";
const TEXTS: &str = "requirements/texts.yaml";

/// All requirements, by category and within it in the order of the specification.
#[derive(Debug, Default)]
pub struct Catalogue {
    requirements: IndexMap<String, Requirement>,
    /// Whether a file of requirements could not be read.
    incomplete: bool,
    /// Why a passage that has a keyword obliges nobody, by its fingerprint.
    not_obligations: HashMap<String, String>,
    pub(super) texts: TextsFile,
}

impl Catalogue {
    /// Reads the catalogue from the folder of the suites.
    ///
    /// # Errors
    /// Every mistake in its files: their shape, ids that are taken or malformed, versions that demand a requirement
    /// without a section or a passage.
    pub fn load(suites: &Folder) -> Result<Self, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let catalogue = Self::read(suites, &mut diagnostics);
        diagnostics.or(catalogue)
    }

    /// Reads the files of the catalogue that are correct; the mistakes of the others are added to the diagnostics.
    pub fn read(suites: &Folder, diagnostics: &mut Diagnostics) -> Self {
        Self::read_in(suites, &Version::ALL, diagnostics)
    }

    fn read_in(suites: &Folder, versions: &[Version], diagnostics: &mut Diagnostics) -> Self {
        let mut catalogue = Self::default();
        for file in suites.below(FOLDER) {
            if file.path == NOT_OBLIGATIONS {
                if let Some(loaded) = diagnostics.take(load::<NotObligationsFile>(file)) {
                    catalogue.add_not_obligations(loaded.value, &loaded.span, diagnostics);
                }
                continue;
            }
            if file.path == TEXTS {
                let loaded = diagnostics.take(load::<TextsFile>(file));
                catalogue.texts = loaded.map_or_else(TextsFile::default, |loaded| loaded.value);
                continue;
            }
            let Some(loaded) = diagnostics.take(load::<RequirementsFile>(file)) else {
                catalogue.incomplete = true;
                continue;
            };
            let (category, source) = (loaded.value.category, loaded.value.source);
            for (index, text) in loaded.value.requirements.into_iter().enumerate() {
                let span = loaded.span.at("requirements").at(index);
                let origin = (category, source.clone());
                catalogue.add(text, origin, versions, span, diagnostics);
            }
        }
        catalogue
            .requirements
            .sort_by(|_, a, _, b| a.category.cmp(&b.category));
        for requirement in catalogue.requirements.values_mut() {
            let cited = requirement.text.iter();
            let lines = cited.filter_map(|(version, passages)| {
                Some((*version, catalogue.texts.line(*version, passages.first()?)?))
            });
            requirement.line = lines.collect();
        }
        catalogue
    }

    /// Whether all files of requirements could be read: only then does an id that is missing not exist.
    pub fn is_complete(&self) -> bool {
        !self.incomplete
    }

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

    /// How strongly a version demands a requirement; `None` if it does not, or if the id is unknown.
    pub fn level(&self, id: &str, version: Version) -> Option<Level> {
        self.get(id)?.level(version)
    }

    /// The level of a requirement that can be violated in a version: `None` where it is a MAY, or does not exist.
    pub fn binding_level(&self, id: &str, version: Version) -> Option<Level> {
        self.level(id, version).filter(|level| *level != Level::May)
    }

    /// Why a passage that has a keyword obliges nobody; `None` if the catalogue does not list it as such.
    pub fn not_an_obligation(&self, passage: &Passage) -> Option<&str> {
        let why = self.not_obligations.get(&passage.fingerprint)?;
        Some(why.as_str())
    }

    fn add(
        &mut self,
        text: RequirementText,
        (category, source): (Category, Option<String>),
        versions: &[Version],
        span: SourceSpan,
        diagnostics: &mut Diagnostics,
    ) {
        check(&text, source.is_none(), versions, &span, diagnostics);
        let cited = versions.iter().filter_map(|version| {
            let citations = citations(&text, *version, &span, diagnostics)?;
            Some((*version, citations))
        });
        let cited = cited.collect();
        let requirement = Requirement {
            id: text.id.clone(),
            category,
            party: text.party,
            says: text.says,
            why: text.why,
            rfc: text.rfc,
            unobservable: text.unobservable,
            untested: text.untested,
            unfaulted: text.unfaulted,
            feature: text.feature,
            presumes: text.presumes,
            source,
            level: text.level,
            basis: text.basis,
            section: text.section,
            text: cited,
            line: BTreeMap::new(),
            span,
        };
        match self.requirements.entry(text.id) {
            Entry::Vacant(free) => {
                free.insert(requirement);
            }
            Entry::Occupied(taken) => {
                let first = &taken.get().span;
                let message = format!("the id `{}` is taken", requirement.id);
                let help = format!("it stands in {}, line {}", first.file(), first.line());
                let diagnostic = requirement.span.at("id").diagnostic(message);
                diagnostics.list.push(diagnostic.help(help));
            }
        }
    }

    fn add_not_obligations(
        &mut self,
        file: NotObligationsFile,
        span: &SourceSpan,
        diagnostics: &mut Diagnostics,
    ) {
        for (group, sentences) in file.sentences.into_iter().enumerate() {
            for (index, text) in sentences.text.iter().enumerate() {
                let here = span.at("sentences").at(group).at("text").at(index);
                if is_fingerprint(text) {
                    let why = sentences.why.clone();
                    self.not_obligations.insert(text.clone(), why);
                } else {
                    diagnostics.list.push(no_fingerprint(text, &here));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
