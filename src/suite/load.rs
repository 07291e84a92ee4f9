//! All suites: read, compiled and checked against the catalogue and the fixtures.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use indexmap::IndexMap;

use super::compile::{
    Compiler, Home, Unread, Used, compile_case, compile_feature, compile_invariant,
    compile_procedure,
};
use super::format::{FeaturesFile, ProceduresFile, SuiteFile};
use super::history_file::{HistoryFile, check_history};
use super::model::{Case, Feature, Invariant, Procedure, Step, Suite};
use crate::catalogue::{Catalogue, Category, Version};
use crate::data::{Diagnostic, Diagnostics, File, Folder, FolderError, Loaded, SourceSpan, load};
use crate::fixture::Fixtures;

static SUITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/suites");
static FIXTURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures");

const PROCEDURES: &str = "procedures.yaml";
const FEATURES: &str = "features.yaml";
const HISTORY: &str = "history.yaml";
const REQUIREMENTS: &str = "requirements";

/// The files that suites are read from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// Suites, catalogue, procedures and features.
    pub suites: Folder,
    /// Fixtures.
    pub fixtures: Folder,
}

/// A folder named by the user that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{option}: {error}. Name a folder of YAML files")]
pub struct SourcesError {
    option: &'static str,
    error: FolderError,
}

impl Sources {
    /// The copy inside the binary.
    pub fn embedded() -> Self {
        Self {
            suites: Folder::embedded(&SUITES, "suites"),
            fixtures: Folder::embedded(&FIXTURES, "fixtures"),
        }
    }

    /// The copy inside the binary, with folders of the user's in its place.
    ///
    /// The cases are the user's alone. What supports them (catalogue, procedures, features, fixtures) comes
    /// from the binary where the user's folders have none, so that a folder with one suite is enough.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn with(suites: Option<&Path>, fixtures: Option<&Path>) -> Result<Self, SourcesError> {
        let mut sources = Self::embedded();
        if let Some(dir) = suites {
            let mut own = Folder::on_disk(dir).map_err(|error| SourcesError {
                option: "--suites",
                error,
            })?;
            for support in [PROCEDURES, FEATURES, REQUIREMENTS] {
                if !own.files.iter().any(|file| is_under(file, support)) {
                    let bundled = sources.suites.files.iter();
                    own.files
                        .extend(bundled.filter(|file| is_under(file, support)).cloned());
                }
            }
            sources.suites = own;
        }
        if let Some(dir) = fixtures {
            let own = Folder::on_disk(dir).map_err(|error| SourcesError {
                option: "--fixtures",
                error,
            })?;
            let replaced: HashSet<String> =
                own.files.iter().map(|file| file.path.clone()).collect();
            sources
                .fixtures
                .files
                .retain(|file| !replaced.contains(&file.path));
            sources.fixtures.files.extend(own.files);
        }
        Ok(sources)
    }
}

fn is_under(file: &File, name: &str) -> bool {
    file.path == name
        || file
            .path
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Everything that can be run.
#[derive(Debug)]
pub struct Suites {
    /// The requirements.
    pub catalogue: Arc<Catalogue>,
    /// The fixtures.
    pub fixtures: Fixtures,
    /// The suites, by category and then by name.
    pub suites: Vec<Suite>,
    /// The procedures.
    pub procedures: IndexMap<String, Procedure>,
    /// The features.
    pub features: IndexMap<String, Feature>,
    /// What nothing uses, and ids of another version than the history says: a run goes on, and `assay lint` of the
    /// bundled suites fails.
    pub unused: Vec<Diagnostic>,
}

impl Suites {
    /// Reads, compiles and checks all of it.
    ///
    /// # Errors
    /// Every mistake, in the order of files and lines.
    pub fn load(sources: &Sources) -> Result<Self, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let catalogue = Catalogue::read(&sources.suites, &mut diagnostics);
        let fixtures = Fixtures::read(&sources.fixtures, &mut diagnostics);
        let mut files = Files::read(&sources.suites, &mut diagnostics);
        let procedures = files.procedures.take();
        let empty = IndexMap::new();
        let mut compiler = Compiler {
            catalogue: &catalogue,
            fixtures: &fixtures,
            procedures: procedures
                .as_ref()
                .map_or(&empty, |file| &file.value.procedures),
            features: files
                .features
                .iter()
                .flat_map(|file| file.value.features.keys().cloned())
                .collect(),
            unread: files.unread,
            diagnostics,
            used: Used::default(),
        };
        let compiled = compile_all(&mut compiler, procedures.as_ref(), &files);
        let Compiler {
            mut diagnostics,
            used,
            ..
        } = compiler;
        let (suites, procedures, features) = compiled;
        check_ids(&suites, &mut diagnostics);
        if !files.unread_suites {
            check_deciders(&suites, &features, &mut diagnostics);
        }
        let unused = unused(&used, &fixtures, &procedures, &features);
        let mut loaded = Self {
            catalogue: Arc::new(catalogue),
            fixtures,
            suites,
            procedures,
            features,
            unused,
        };
        if let Some(history) = &files.history {
            let cases = loaded.cases().map(|one| (&one.id, &one.history, &one.span));
            let invariants = loaded.invariants();
            let invariants = invariants.map(|one| (&one.id, &one.history, &one.span));
            let wrong = check_history(cases.chain(invariants), history);
            loaded.unused.extend(wrong);
        }
        diagnostics.or(loaded)
    }

    /// Every case, in the order of the suites.
    pub fn cases(&self) -> impl Iterator<Item = &Arc<Case>> {
        self.suites.iter().flat_map(|suite| &suite.cases)
    }

    /// The cases and invariants that test a requirement, in whatever version.
    pub fn tested_by(&self, requirement: &str) -> Vec<String> {
        self.testers(requirement, |_| true)
    }

    /// The cases and invariants that test a requirement in a version.
    pub fn tested_in(&self, requirement: &str, version: Version) -> Vec<String> {
        self.testers(requirement, |case| case.holds_in(version))
    }

    /// A case tests what its own steps expect, and that a feature which a registry should have is there.
    fn testers(&self, requirement: &str, of: impl Fn(&Case) -> bool) -> Vec<String> {
        let should = |case: &Case| {
            let mut features = self.features.values();
            let wanted = features.find(|feature| feature.should.as_deref() == Some(requirement));
            wanted.is_some_and(|feature| case.may_decline(&feature.id))
        };
        let expects = |step: &Step| {
            let all = step.expectations(&self.procedures);
            all.iter().any(|one| one.requirement == requirement)
        };
        let cases = self
            .cases()
            .filter(|case| of(case) && (case.steps.iter().any(expects) || should(case)));
        let invariants = self.invariants().filter(|invariant| {
            let mut expected = invariant.expect.iter();
            expected.any(|expectation| expectation.requirement == requirement)
        });
        let cases = cases.map(|case| case.id.clone());
        cases.chain(invariants.map(|one| one.id.clone())).collect()
    }

    /// Every invariant, in the order of the suites.
    pub fn invariants(&self) -> impl Iterator<Item = &Arc<Invariant>> {
        self.suites.iter().flat_map(|suite| &suite.invariants)
    }
}

type Compiled = (
    Vec<Suite>,
    IndexMap<String, Procedure>,
    IndexMap<String, Feature>,
);

/// The files by what they hold.
struct Files {
    procedures: Option<Loaded<ProceduresFile>>,
    features: Option<Loaded<FeaturesFile>>,
    suites: Vec<(Category, Loaded<SuiteFile>)>,
    history: Option<Loaded<HistoryFile>>,
    /// Which of the others could not be read.
    unread: Unread,
    /// Whether a suite could not be read.
    unread_suites: bool,
}

impl Files {
    fn read(folder: &Folder, diagnostics: &mut Diagnostics) -> Self {
        let mut files = Self {
            procedures: None,
            features: None,
            suites: Vec::new(),
            history: None,
            unread: Unread::default(),
            unread_suites: false,
        };
        for file in &folder.files {
            match file.path.as_str() {
                PROCEDURES => {
                    files.procedures = diagnostics.take(load(file));
                    files.unread.procedures = files.procedures.is_none();
                }
                FEATURES => {
                    files.features = diagnostics.take(load(file));
                    files.unread.features = files.features.is_none();
                }
                HISTORY => files.history = diagnostics.take(load(file)),
                _ if is_under(file, REQUIREMENTS) => {}
                path => {
                    let loaded = diagnostics.take(load::<SuiteFile>(file));
                    let home = path
                        .split_once('/')
                        .and_then(|(folder, _)| Category::from_name(folder));
                    match (home, loaded) {
                        (Some(category), Some(loaded)) => files.suites.push((category, loaded)),
                        (None, _) => diagnostics.list.push(
                            Diagnostic::new(
                                file,
                                0..0,
                                "this suite is not in the folder of a category",
                            )
                            .help(
                                "move it to pull/, push/, discovery/, management/ or everywhere/",
                            ),
                        ),
                        (Some(_), None) => files.unread_suites = true,
                    }
                }
            }
        }
        files
            .suites
            .sort_by(|(a, x), (b, y)| (a, x.span.path()).cmp(&(b, y.span.path())));
        files
    }
}

fn compile_all(
    compiler: &mut Compiler<'_>,
    procedures: Option<&Loaded<ProceduresFile>>,
    files: &Files,
) -> Compiled {
    let mut compiled: Compiled = Default::default();
    if let Some(file) = procedures {
        for (name, text) in &file.value.procedures {
            let span = file.span.at("procedures").at(name);
            let procedure = compile_procedure(compiler, name, text, &span);
            compiled.1.insert(name.clone(), procedure);
        }
    }
    if let Some(file) = &files.features {
        for (id, text) in &file.value.features {
            let span = file.span.at("features").at(id);
            let feature = compile_feature(compiler, id, text, &span);
            compiled.2.insert(id.clone(), feature);
        }
    }
    for (category, file) in &files.suites {
        compiled.0.push(compile_suite(compiler, *category, file));
    }
    compiled
}

fn compile_suite(
    compiler: &mut Compiler<'_>,
    category: Category,
    file: &Loaded<SuiteFile>,
) -> Suite {
    let path = file.span.path();
    let name = path.rsplit_once('.').map_or(path, |(name, _)| name);
    let home = Home {
        suite: name,
        category,
        section: &file.value.section,
    };
    let mut suite = Suite {
        name: name.to_owned(),
        title: file.value.title.clone(),
        category,
        section: file.value.section.clone(),
        cases: Vec::new(),
        invariants: Vec::new(),
    };
    for (index, text) in file.value.cases.iter().enumerate() {
        let span = file.span.at("cases").at(index);
        suite.cases.push(compile_case(compiler, text, home, &span));
    }
    for (index, text) in file.value.invariants.iter().enumerate() {
        let span = file.span.at("invariants").at(index);
        let invariant = compile_invariant(compiler, text, home, &span);
        suite.invariants.push(invariant);
    }
    suite
}

fn check_ids(suites: &[Suite], diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, &SourceSpan> = HashMap::new();
    for suite in suites {
        let cases = suite.cases.iter().map(|case| (&case.id, &case.span));
        let invariants = suite.invariants.iter().map(|inv| (&inv.id, &inv.span));
        for (id, span) in cases.chain(invariants) {
            if let Some(first) = seen.insert(id, span) {
                let message = format!("the id `{id}` is taken");
                let first = format!("by {}, line {}", first.file(), first.line());
                let diagnostic = span.at("id").diagnostic(message).help(first);
                diagnostics.list.push(diagnostic);
            }
        }
    }
}

/// Every feature that a case needs must be one that some case finds out about.
fn check_deciders(
    suites: &[Suite],
    features: &IndexMap<String, Feature>,
    diagnostics: &mut Diagnostics,
) {
    let mut decided = HashSet::new();
    for case in suites.iter().flat_map(|suite| &suite.cases) {
        let before = case.setup.iter();
        decided.extend(before.filter_map(|one| one.declines.as_deref()));
        collect_declined(&case.steps, &mut decided);
    }
    for case in suites.iter().flat_map(|suite| &suite.cases) {
        for (index, need) in case.needs.iter().enumerate() {
            let undecided = features
                .get(need.source())
                .filter(|feature| !feature.always && !decided.contains(feature.id.as_str()));
            if let Some(feature) = undecided {
                let message = format!("no case finds out about `{}`", feature.id);
                let span = case.span.at("needs").at(index);
                diagnostics.list.push(
                    span.diagnostic(message)
                        .help("one must have it under `declined`"),
                );
            }
        }
    }
}

fn collect_declined<'a>(steps: &'a [Step], into: &mut HashSet<&'a str>) {
    for step in steps {
        into.extend(step.declined.iter().map(|(feature, _)| feature.as_str()));
        for branch in &step.then {
            into.extend(branch.declines.as_deref());
            collect_declined(&branch.steps, into);
        }
    }
}

fn unused(
    used: &Used,
    fixtures: &Fixtures,
    procedures: &IndexMap<String, Procedure>,
    features: &IndexMap<String, Feature>,
) -> Vec<Diagnostic> {
    let parts: HashSet<&str> = fixtures.parts_used();
    let idle = |what: &str, name: &str, span: &SourceSpan| {
        span.diagnostic(format!("nothing uses the {what} `{name}`"))
    };
    let mut unused = Vec::new();
    for (name, fixture) in fixtures.iter() {
        if !used.fixtures.contains(name) && !parts.contains(name) {
            unused.push(idle("fixture", name, &fixture.span));
        }
    }
    for (name, procedure) in procedures {
        let pushes = crate::suite::PUSHES.contains(&name.as_str());
        if !used.procedures.contains(name) && !pushes {
            unused.push(idle("procedure", name, &procedure.span));
        }
    }
    for (name, feature) in features {
        if !used.features.contains(name) {
            unused.push(idle("feature", name, &feature.span));
        }
    }
    unused
}
