//! New cases, requirements and suites. A file is changed only if the suites have no mistake with the change.

use std::path::{Path, PathBuf};

use super::insert::into_list;
use crate::catalogue::{Category, Level, Party, Requirement, Version};
use crate::cli::CliError;
use crate::cli::output::unwritten;
use crate::cli::sources::{SourceArgs, load_with_doubts, show};
use crate::data::Diagnostics;
use crate::suite::skeleton::{CASE_TITLE, REQUIREMENT_SAYS, REQUIREMENT_WHY, SUITE_TITLE};
use crate::suite::{SuiteVersion, Suites};

/// The version in which a skeleton must be right: the one that runs judge against by default.
const SPEC: Version = Version::RELEASED;

/// A folder of suites.
pub struct Tree {
    dir: PathBuf,
    sources: SourceArgs,
}

impl Tree {
    pub fn new(dir: &Path, fixtures: Option<&Path>) -> Self {
        Self {
            dir: dir.to_path_buf(),
            sources: SourceArgs {
                suites: Some(dir.to_path_buf()),
                fixtures: fixtures.map(Path::to_path_buf),
            },
        }
    }

    pub fn shown(&self) -> String {
        self.dir.display().to_string()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.yaml"))
    }

    /// Writes a file, and takes it back if the suites have a mistake then.
    fn write(&self, file: &Path, text: &str) -> Result<(), CliError> {
        let before = std::fs::read(file).ok();
        std::fs::write(file, text).map_err(|error| unwritten(file, &error))?;
        self.check().map_err(|error| {
            let restored = match before {
                Some(before) => std::fs::write(file, before),
                None => std::fs::remove_file(file),
            };
            restored.map_or_else(|failed| unwritten(file, &failed), |()| error)
        })
    }

    fn check(&self) -> Result<(), CliError> {
        let list = load_with_doubts(&self.sources.read()?)?.mistakes();
        let checked = Diagnostics { list }.or(());
        checked.map_err(|diagnostics| CliError::usage(show(&diagnostics)))
    }

    /// `since` of a new case, where the suites have a history: they are assay's own.
    fn since(&self) -> String {
        match self.file("history").exists() {
            true => format!("  since: {}\n", SuiteVersion::LATEST),
            false => String::new(),
        }
    }
}

/// A case that was written.
pub struct NewCase {
    /// What was written, and where.
    pub place: String,
    pub id: String,
    /// The version of the specification that a run must judge against to select it.
    pub spec: Version,
}

/// Adds a case to a suite.
///
/// # Errors
/// A suite that does not exist, an id that exists or is not one, a requirement that does not exist.
pub fn new_case(
    tree: &Tree,
    id: &str,
    suite: &str,
    requirement: Option<&str>,
) -> Result<NewCase, CliError> {
    let suites = tree.sources.load()?;
    unused(&suites, id)?;
    let category = category(suite)?;
    let file = tree.file(suite);
    let text = std::fs::read_to_string(&file).map_err(|error| {
        CliError::usage(format!(
            "there is no suite `{suite}`: cannot read {}: {error}. `assay new suite {suite}` makes it",
            file.display()
        ))
    })?;
    let requirement = tested(&suites, category, requirement)?;
    let entry = case(tree, id, &requirement.id);
    let Some((text, line)) = into_list(&text, "cases", &entry) else {
        return Err(no_list(&file, "cases"));
    };
    tree.write(&file, &text)?;
    Ok(NewCase {
        place: format!("case `{id}`: {}:{line}", file.display()),
        id: id.to_owned(),
        spec: version_of(requirement),
    })
}

/// Makes a suite with one case.
///
/// # Errors
/// A suite that exists, a name without a category, a requirement that does not exist.
pub fn new_suite(tree: &Tree, id: &str, requirement: Option<&str>) -> Result<NewCase, CliError> {
    let (category, name) = (category(id)?, id.rsplit('/').next().unwrap_or_default());
    let suites = tree.sources.load()?;
    let first = format!("{name}-first");
    unused(&suites, &first)?;
    let file = tree.file(id);
    if file.exists() {
        let shown = file.display();
        return Err(CliError::usage(format!(
            "{shown} exists: `assay new case ID --suite {id}` adds a case to it"
        )));
    }
    let requirement = tested(&suites, category, requirement)?;
    let case: String = case(tree, &first, &requirement.id)
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    let spec = version_of(requirement);
    let section = requirement.section(spec);
    let text = format!("title: {SUITE_TITLE}\nsection: {section}\ncases:\n{case}");
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
    }
    tree.write(&file, &text)?;
    Ok(NewCase {
        place: format!("suite `{id}`: {}", file.display()),
        id: first,
        spec,
    })
}

/// Adds a requirement to the catalogue. Returns its place.
///
/// # Errors
/// A tree without a catalogue of its own, an id that exists or is not one, a section that does not exist.
pub fn new_requirement(
    tree: &Tree,
    id: &str,
    category: Category,
    section: Option<&str>,
) -> Result<String, CliError> {
    let suites = tree.sources.load()?;
    if let Some(known) = suites.catalogue.get(id) {
        let (file, line) = (known.span.file(), known.span.line());
        return Err(exists("requirement", id, &format!("{file}:{line}")));
    }
    let file = tree.file(&format!("requirements/{category}"));
    let text = std::fs::read_to_string(&file).map_err(|error| {
        CliError::usage(format!(
            "cannot read {}: {error}. Requirements belong to the catalogue of assay: work in its source tree, or copy its folder `suites/requirements`",
            file.display()
        ))
    })?;
    let draft = Version::DRAFT;
    let cited = suites.catalogue.category(category);
    let last = cited.filter(|one| !one.text(draft).is_empty()).last();
    let section = section.or_else(|| last.map(|last| last.section(draft)));
    let section = section.unwrap_or_default();
    // An example, so that the catalogue has no mistake: the fingerprints of another requirement.
    let passages = last.map_or(&[][..], |last| last.text(draft)).iter();
    let passages: Vec<String> = passages
        .map(|one| format!("\"{}@{}\"", one.fingerprint, one.section))
        .collect();
    let passages = passages.join(", ");
    let entry = format!(
        "- id: {id}\n  section: {section}\n  level: {{ {draft}: SHOULD }}\n  basis: implied\n  says: {REQUIREMENT_SAYS}\n  why: {REQUIREMENT_WHY}\n  text: {{ {draft}: [{passages}] }}\n"
    );
    let Some((text, line)) = into_list(&text, "requirements", &entry) else {
        return Err(no_list(&file, "requirements"));
    };
    tree.write(&file, &text)?;
    Ok(format!("requirement `{id}`: {}:{line}", file.display()))
}

/// The version of the specification that a case of the requirement exists in: the default of runs, if possible.
fn version_of(requirement: &Requirement) -> Version {
    let mut versions = [SPEC].into_iter().chain(Version::ALL);
    let exists = |version: &Version| requirement.level(*version).is_some();
    versions.find(exists).unwrap_or(SPEC)
}

/// A case that passes on the bundled registry.
fn case(tree: &Tree, id: &str, requirement: &str) -> String {
    let since = tree.since();
    format!(
        "- id: {id}\n  title: {CASE_TITLE}\n{since}  steps:\n    - get: /v2/\n      expect:\n        {requirement}: {{ status: 200 }}\n"
    )
}

/// The requirement that a new case tests: the named one, or the first MUST of the category.
fn tested<'a>(
    suites: &'a Suites,
    category: Category,
    named: Option<&str>,
) -> Result<&'a Requirement, CliError> {
    let catalogue = &suites.catalogue;
    if let Some(named) = named {
        return catalogue.get(named).ok_or_else(|| {
            CliError::usage(format!(
                "there is no requirement `{named}`: `assay list requirements` shows all, and `assay new requirement {named} --category {category}` adds it"
            ))
        });
    }
    let musts = catalogue.category(category).filter(|one| {
        let testable = one.unobservable.is_none() && one.untested.is_none();
        one.party == Party::Registry && testable && one.level(SPEC) == Some(Level::Must)
    });
    let mut musts = musts.peekable();
    musts.next().ok_or_else(|| {
        CliError::usage(format!(
            "the catalogue has no requirement for {category}: name one with --requirement ID"
        ))
    })
}

/// The category of a suite: the folder that it is in.
fn category(suite: &str) -> Result<Category, CliError> {
    let folder = suite.split_once('/').map(|(folder, _)| folder);
    let category = folder.and_then(Category::from_name);
    category.ok_or_else(|| {
        CliError::usage(format!(
            "`{suite}` names no category: write it as CATEGORY/NAME, such as pull/blobs"
        ))
    })
}

fn unused(suites: &Suites, id: &str) -> Result<(), CliError> {
    let case = suites.cases().find(|case| case.id == id);
    match case {
        Some(case) => {
            let (file, line) = (case.span.file(), case.span.line());
            Err(exists("case", id, &format!("{file}:{line}")))
        }
        None => Ok(()),
    }
}

fn exists(what: &str, id: &str, place: &str) -> CliError {
    CliError::usage(format!("the {what} `{id}` exists: {place}. Use another id"))
}

fn no_list(file: &Path, key: &str) -> CliError {
    let file = file.display();
    CliError::usage(format!(
        "{file} has no list `{key}:` with an entry a line: add the first one by hand"
    ))
}
