//! All suites: read, compiled, and checked with the catalogue and the fixtures.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use indexmap::IndexMap;

use super::compile::{
    Compiler, Doubt, SuiteContext, Unread, Used, compile_case, compile_feature, compile_invariant,
    compile_procedure,
};
use super::cross_check::{check_ids, check_probes, unused};
use super::format::{FeaturesFile, ProceduresFile, SuiteFile};
use super::history_file::{HistoryFile, check_history};
use super::model::{Case, Feature, Invariant, Procedure, Suite};
use super::sources::{CLIENT, FEATURES, HISTORY, PROCEDURES, REQUIREMENTS, Sources, is_under};
use crate::catalogue::{Catalogue, Category, Version};
use crate::data::{Diagnostic, Diagnostics, File, Folder, Loaded, load};
use crate::fixture::Fixtures;

/// Everything that can be run.
#[derive(Debug)]
pub struct Suites {
    /// The requirements that expectations name.
    pub catalogue: Arc<Catalogue>,
    /// The fixtures that cases and other fixtures name.
    pub fixtures: Fixtures,
    /// Ordered by category and then by name.
    pub suites: Vec<Suite>,
    /// By name, in the order of their file.
    pub procedures: IndexMap<String, Procedure>,
    /// By id, in the order of their file.
    pub features: IndexMap<String, Feature>,
    /// Definitions that no case uses, and ids whose version is not that of the history. They do not stop a run; `assay
    /// lint` of the bundled suites fails.
    pub unused: Vec<Diagnostic>,
    /// What is probably a mistake, but can be run; only looked for by [`Self::load_with_doubts`].
    pub(super) doubts: Vec<Doubt>,
}

impl Suites {
    /// Reads, compiles and checks the files.
    ///
    /// # Errors
    /// Every mistake, in the order of files and lines.
    pub fn load(sources: &Sources) -> Result<Self, Diagnostics> {
        Self::compile(sources, None)
    }

    /// The same, and looks for what is probably a mistake: for [`Self::lint`].
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_with_doubts(sources: &Sources) -> Result<Self, Diagnostics> {
        Self::compile(sources, Some(Vec::new()))
    }

    fn compile(sources: &Sources, doubts: Option<Vec<Doubt>>) -> Result<Self, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let catalogue = Catalogue::read(&sources.suites, &mut diagnostics);
        let fixtures = Fixtures::read(&sources.fixtures, &mut diagnostics);
        let files = Files::read(&sources.suites, &mut diagnostics);
        let empty = IndexMap::new();
        let mut compiler = Compiler {
            catalogue: &catalogue,
            fixtures: &fixtures,
            procedures: files
                .procedures
                .as_ref()
                .map_or(&empty, |file| &file.value.procedures),
            features: files
                .features
                .iter()
                .flat_map(|file| file.value.features.keys().cloned())
                .collect(),
            unread: files.unread,
            diagnostics,
            doubts,
            used: Used::default(),
            patterns: HashMap::new(),
        };
        let compiled = compile_all(&mut compiler, &files);
        let Compiler {
            mut diagnostics,
            doubts,
            used,
            ..
        } = compiler;
        let Compiled {
            suites,
            procedures,
            features,
            unread_suites,
        } = compiled;
        check_ids(&suites, &mut diagnostics);
        if !unread_suites {
            check_probes(&suites, &features, &mut diagnostics);
        }
        let unused = unused(&used, &fixtures, &procedures, &features);
        let mut loaded = Self {
            catalogue: Arc::new(catalogue),
            fixtures,
            suites,
            procedures,
            features,
            unused,
            doubts: doubts.unwrap_or_default(),
        };
        if let Some(history) = &files.history {
            let cases = loaded.cases().map(|one| (&one.id, &one.history, &one.span));
            let invariants = loaded.invariants();
            let invariants = invariants.map(|one| (&one.id, &one.history, &one.span));
            let mistakes = check_history(cases.chain(invariants), history);
            loaded.unused.extend(mistakes);
        }
        diagnostics.or(loaded)
    }

    /// Every case, in the order of the suites.
    pub fn cases(&self) -> impl Iterator<Item = &Arc<Case>> {
        self.suites.iter().flat_map(|suite| &suite.cases)
    }

    /// The ids of the cases and invariants that test a requirement in any version.
    pub fn tested_by(&self, requirement: &str) -> Vec<String> {
        self.testers().tested_by(requirement)
    }

    /// What tests each requirement. A case tests the requirements that its own steps expect. A case that decides a
    /// recommended feature also tests the requirement that recommends it.
    pub fn testers(&self) -> Testers<'_> {
        let mut testers = Testers::default();
        for case in self.cases() {
            let steps = case.steps.iter();
            let expected = steps.flat_map(|step| step.expectations(&self.procedures));
            let expected = expected.map(|expectation| expectation.requirement.as_str());
            let recommended = case.declinable().into_iter().filter_map(|feature| {
                let feature = self.features.get(feature)?;
                feature.should.as_deref()
            });
            for requirement in expected.chain(recommended).collect::<BTreeSet<_>>() {
                testers.cases.entry(requirement).or_default().push(case);
            }
        }
        for invariant in self.invariants() {
            let expected = invariant.expect.iter();
            let expected = expected.map(|expectation| expectation.requirement.as_str());
            for requirement in expected.collect::<BTreeSet<_>>() {
                let of = testers.invariants.entry(requirement).or_default();
                of.push(&invariant.id);
            }
        }
        testers
    }

    /// Every invariant, in the order of the suites.
    pub fn invariants(&self) -> impl Iterator<Item = &Arc<Invariant>> {
        self.suites.iter().flat_map(|suite| &suite.invariants)
    }
}

/// The cases and invariants that test each requirement, in the order of the suites.
#[derive(Debug, Default)]
pub struct Testers<'a> {
    cases: HashMap<&'a str, Vec<&'a Case>>,
    invariants: HashMap<&'a str, Vec<&'a str>>,
}

impl Testers<'_> {
    /// The ids of the cases and invariants that test a requirement in any version.
    pub fn tested_by(&self, requirement: &str) -> Vec<String> {
        self.of(requirement, |_| true)
    }

    /// The ids of the cases and invariants that test a requirement in a version.
    pub fn tested_in(&self, requirement: &str, version: Version) -> Vec<String> {
        self.of(requirement, |case| case.holds_in(version))
    }

    fn of(&self, requirement: &str, counts: impl Fn(&Case) -> bool) -> Vec<String> {
        let cases = self.cases.get(requirement).into_iter().flatten();
        let cases = cases
            .filter(|case| counts(case))
            .map(|case| case.id.as_str());
        let invariants = self.invariants.get(requirement).into_iter().flatten();
        cases
            .chain(invariants.copied())
            .map(str::to_owned)
            .collect()
    }
}

#[derive(Default)]
struct Compiled {
    suites: Vec<Suite>,
    procedures: IndexMap<String, Procedure>,
    features: IndexMap<String, Feature>,
    /// Whether a suite could not be read, so that a case that decides a feature may be missing.
    unread_suites: bool,
}

/// The definitions that all suites share, read; and the files of the suites.
struct Files<'a> {
    procedures: Option<Loaded<ProceduresFile>>,
    features: Option<Loaded<FeaturesFile>>,
    history: Option<Loaded<HistoryFile>>,
    unread: Unread,
    /// By category, and within it by path.
    suites: Vec<(Category, &'a File)>,
}

impl<'a> Files<'a> {
    fn read(folder: &'a Folder, diagnostics: &mut Diagnostics) -> Self {
        let mut files = Self {
            procedures: None,
            features: None,
            history: None,
            unread: Unread::default(),
            suites: Vec::new(),
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
                _ if is_under(file, REQUIREMENTS) || is_under(file, CLIENT) => {}
                path => {
                    let folder = path.split_once('/').map(|(folder, _)| folder);
                    match folder.and_then(Category::from_name) {
                        Some(category) => files.suites.push((category, file)),
                        None => misplaced(file, diagnostics),
                    }
                }
            }
        }
        files
            .suites
            .sort_by(|(a, x), (b, y)| (a, &x.path).cmp(&(b, &y.path)));
        files
    }
}

/// Reports the mistakes of a suite that is not in the folder of a category, and its place.
fn misplaced(file: &File, diagnostics: &mut Diagnostics) {
    diagnostics.take(load::<SuiteFile>(file));
    let diagnostic = Diagnostic::new(file, 0..0, "this suite is not in the folder of a category");
    let help = format!("move it to the folder of one of {}", Category::choices());
    diagnostics.list.push(diagnostic.help(help));
}

/// Each suite is read, compiled and dropped before the next, which bounds the memory.
fn compile_all(compiler: &mut Compiler<'_>, files: &Files<'_>) -> Compiled {
    let mut compiled = Compiled::default();
    if let Some(file) = &files.procedures {
        for (name, text) in &file.value.procedures {
            let span = file.span.at("procedures").at(name);
            let procedure = compile_procedure(compiler, name, text, &span);
            compiled.procedures.insert(name.clone(), procedure);
        }
    }
    if let Some(file) = &files.features {
        for (id, text) in &file.value.features {
            let span = file.span.at("features").at(id);
            let feature = compile_feature(compiler, id, text, &span);
            compiled.features.insert(id.clone(), feature);
        }
    }
    for (category, file) in &files.suites {
        match compiler.diagnostics.take(load(file)) {
            Some(file) => {
                let suite = compile_suite(compiler, *category, &file);
                compiled.suites.push(suite);
            }
            None => compiled.unread_suites = true,
        }
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
    let context = SuiteContext {
        name,
        category,
        section: &file.value.section,
    };
    let mut suite = Suite {
        name: name.to_owned(),
        title: file.value.title.clone(),
        category,
        section: file.value.section.clone(),
        span: file.span.clone(),
        cases: Vec::new(),
        invariants: Vec::new(),
    };
    for (index, text) in file.value.cases.iter().enumerate() {
        let span = file.span.at("cases").at(index);
        suite
            .cases
            .push(compile_case(compiler, text, context, &span));
    }
    for (index, text) in file.value.invariants.iter().enumerate() {
        let span = file.span.at("invariants").at(index);
        let invariant = compile_invariant(compiler, text, context, &span);
        suite.invariants.push(invariant);
    }
    suite
}
