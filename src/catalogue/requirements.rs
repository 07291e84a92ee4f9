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
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;
    use crate::catalogue::Party;
    use crate::data::{Diagnostic, File};

    fn load(files: &[(&str, &str)]) -> Result<Catalogue, Diagnostics> {
        let files = files.iter();
        let files = files.map(|(path, text)| File::new(*path, *text)).collect();
        Catalogue::load(&Folder { files })
    }

    fn diagnostics(text: &str) -> Vec<String> {
        let found = load(&[("requirements/brewing.yaml", text)]).unwrap_err();
        let message = |diagnostic: &Diagnostic| diagnostic.message().to_owned();
        found.list.iter().map(message).collect()
    }

    const POT: &str = "
category: push
requirements:
  - id: pot-warm
    section: { 1.0: pots, 1.1: warm-pots, dev: warm-pots }
    level: { 1.1: SHOULD, dev: MUST }
    says: The pot is warm.
    text: { 1.1: [\"0123456789ab\"], dev: [\"0123456789ab\", \"ba9876543210@leaves\"] }
  - id: pot-filled
    section: pots
    party: client
    level: MAY
    says: The client may fill the pot.
    unobservable: Nobody looks.
    text: { 1.0: [\"111111111111\"], 1.1: [\"111111111111\"], dev: [\"111111111111\"] }
";

    #[test]
    fn levels_and_sections_go_by_version() {
        let catalogue = load(&[("requirements/brewing.yaml", POT)]).unwrap();
        let warm = catalogue.get("pot-warm").unwrap();
        assert_eq!(catalogue.level("pot-warm", Version::V1_0), None);
        assert_eq!(warm.level(Version::V1_1), Some(Level::Should));
        assert_eq!(warm.level(Version::DRAFT), Some(Level::Must));
        assert_eq!(warm.section(Version::DRAFT), "warm-pots");
        assert_eq!(warm.party, Party::Registry);
        let [own, other] = warm.text(Version::DRAFT) else {
            unreachable!("it has two")
        };
        assert_eq!(
            (own.section.as_str(), other.section.as_str()),
            ("warm-pots", "leaves")
        );
        assert_eq!(
            catalogue.level("pot-filled", Version::V1_0),
            Some(Level::May)
        );
        assert!(warm.is_testable(Version::DRAFT));
        assert!(!warm.is_testable(Version::V1_0));
        assert!(
            !catalogue
                .get("pot-filled")
                .unwrap()
                .is_testable(Version::DRAFT)
        );
    }

    #[test]
    fn a_new_version_inherits_what_it_does_not_change() {
        let next = crate::catalogue::version::made_up::NEXT;
        let catalogue = "
category: push
requirements:
  - { id: pot-lid, section: pots, level: MAY, says: A pot has a lid., text: { 1.0: [\"000000000000\"] } }
  - { id: pot-warm, section: pots, level: { 1.1: SHOULD, 1.2: MUST }, says: The pot is warm., text: { 1.1: [\"111111111111\"], 1.2: [\"211111111111\"] } }
  - { id: pot-full, section: { 1.0: pots, 1.2: full-pots }, level: MUST, says: The pot is full., text: { 1.0: [\"222222222222\", \"322222222222@lids\"] } }
  - { id: pot-new, section: pots, level: { 1.0: MUST, 1.2: none }, says: The pot is new., text: { 1.0: [\"444444444444\"] } }
";
        let folder = Folder {
            files: vec![File::new("requirements/pots.yaml", catalogue)],
        };
        let mut diagnostics = Diagnostics::default();
        let versions = [Version::V1_0, Version::V1_1, next];
        let catalogue = Catalogue::read_in(&folder, &versions, &mut diagnostics);
        let messages: Vec<_> = diagnostics.list.iter().map(Diagnostic::message).collect();
        assert_eq!(messages, [""; 0]);
        let in_version = |id: &str, version| {
            let one = catalogue.get(id).unwrap();
            let marks = one.text(version).iter();
            let marks: Vec<String> = marks
                .map(|mark| format!("{}@{}", mark.fingerprint.get(..3).unwrap(), mark.section))
                .collect();
            let level = one.level(version).map(|level| level.to_string());
            format!(
                "{} {} {}",
                level.unwrap_or_default(),
                one.section(version),
                marks.join(" ")
            )
        };
        assert_eq!(in_version("pot-lid", next), "MAY pots 000@pots");
        assert_eq!(in_version("pot-warm", Version::V1_0), " pots ");
        assert_eq!(
            in_version("pot-warm", Version::V1_1),
            "SHOULD pots 111@pots"
        );
        assert_eq!(in_version("pot-warm", next), "MUST pots 211@pots");
        assert_eq!(
            in_version("pot-full", Version::V1_1),
            "MUST pots 222@pots 322@lids"
        );
        assert_eq!(
            in_version("pot-full", next),
            "MUST full-pots 222@full-pots 322@lids"
        );
        assert_eq!(in_version("pot-new", Version::V1_1), "MUST pots 444@pots");
        assert_eq!(in_version("pot-new", next), " pots ");
        assert_eq!(
            catalogue.get("pot-warm").unwrap().link(next),
            "https://github.com/opencontainers/distribution-spec/blob/v1.2.0/spec.md#pots"
        );
    }

    #[test]
    fn requirements_come_by_category_and_in_the_order_of_the_file() {
        let pull = "
category: pull
requirements:
  - { id: cup, section: cups, level: { dev: MUST }, says: There is a cup., text: { dev: [\"222222222222\"] } }
";
        let files = [("requirements/a.yaml", POT), ("requirements/b.yaml", pull)];
        let catalogue = load(&files).unwrap();
        let ids: Vec<&str> = catalogue.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["cup", "pot-warm", "pot-filled"]);
        assert_eq!(catalogue.category(Category::Push).count(), 2);
    }

    #[test]
    fn every_mistake_is_found_at_once() {
        let text = "
category: pull
requirements:
  - { id: Cup, section: cups, level: { dev: MUST }, says: There is a cup, text: { dev: [\"cup\"] } }
  - { id: pot, section: { dev: pots }, level: MUST, says: A pot., text: { dev: [\"222222222222\", \"222222222222\"] } }
  - { id: pot, section: pots, level: {}, says: A pot., text: { dev: [\"222222222222\"] } }
";
        assert_eq!(
            diagnostics(text),
            [
                "`Cup` is not an id",
                "`says` is not a whole sentence",
                "`cup` is not a fingerprint",
                "1.0 asks for it, in no section",
                "1.1 asks for it, in no section",
                "1.0 asks for it, in no sentence",
                "1.1 asks for it, in no sentence",
                "`222222222222` is listed twice",
                "the id `pot` is taken",
                "no version asks for it",
                "dev has sentences for it and does not ask for it",
            ]
        );
    }

    #[test]
    fn an_unknown_version_or_level_is_a_mistake() {
        let with = |level: &str| {
            let text = format!(
                "category: pull\nrequirements:\n  - {{ id: a, section: b, level: {level}, says: C., text: {{}} }}\n"
            );
            diagnostics(&text).join("; ")
        };
        assert!(
            with("{ 2.0: MUST }").contains("`2.0` in `level` is not a version"),
            "{}",
            with("{ 2.0: MUST }")
        );
        assert_eq!(with("SHALL"), "`SHALL` is not known in `level`");
        assert_eq!(with("{ dev: SHALL }"), "`SHALL` is not known in `dev`");
    }

    #[test]
    fn sentences_that_oblige_nobody_are_no_requirements() {
        let not = "sentences:\n  - { why: It is a joke., text: [\"333333333333\"] }\n";
        let files = [
            ("requirements/a.yaml", POT),
            ("requirements/not-obligations.yaml", not),
        ];
        let catalogue = load(&files).unwrap();
        assert_eq!(catalogue.iter().count(), 2);
        assert_eq!(
            catalogue.not_obligations.get("333333333333").unwrap(),
            "It is a joke."
        );
    }

    #[test]
    fn the_bundled_catalogue_is_consistent() {
        let suites = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites");
        let catalogue = Catalogue::load(&Folder::on_disk(&suites).unwrap()).unwrap();
        for category in Category::ALL {
            let testable = |one: &Requirement| one.is_testable(Version::V1_1);
            assert!(catalogue.category(category).any(testable), "{category}");
        }
        for requirement in catalogue.iter() {
            let id = &requirement.id;
            let client = requirement.party == Party::Client;
            assert_eq!(id.starts_with("client-"), client, "{id}");
            assert!(!(client && requirement.feature.is_some()), "{id}");
        }
    }
}
