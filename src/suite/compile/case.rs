//! Cases and invariants.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Compiler;
use super::names::{Kind, Names};
use super::step::Path;
use crate::catalogue::{Category, not_an_id};
use crate::data::SourceSpan;
use crate::fixture::{BlobBytes, BlobRecipe};
use crate::suite::format::{
    CaseText, ContentText, GivenText, InvariantText, ParticularText, SetupText,
};
use crate::suite::model::{Case, Content, Cut, Given, Invariant, Setup, SetupKind};
use crate::suite::{History, SuiteVersion};
use crate::template::{Reference, Size, SizeText, Template};

const MOST_CHUNKS: usize = 100;

/// The suite of a case.
#[derive(Debug, Clone, Copy)]
pub struct SuiteContext<'a> {
    pub name: &'a str,
    pub category: Category,
    pub section: &'a str,
}

impl SuiteContext<'_> {
    /// The section of a case or an invariant: its own, or that of the suite.
    fn section_of(&self, own: Option<&str>) -> String {
        own.unwrap_or(self.section).to_owned()
    }
}

/// Compiles a case; its mistakes are added to the compiler's diagnostics.
pub fn compile_case(
    compiler: &mut Compiler<'_>,
    text: &CaseText,
    suite: SuiteContext<'_>,
    span: &SourceSpan,
) -> Arc<Case> {
    check_id(compiler, &text.id, span);
    compiler.used.names.clear();
    let mut names = Names::everywhere();
    for (name, values) in &text.each {
        if values.is_empty() {
            let at = span.at("each").at(name);
            compiler.diagnostic(at.diagnostic("a value is needed to run the case with"));
        }
        names.add(name, Kind::Open);
    }
    let needs = needs(compiler, text, &names, span);
    let given = all_given(compiler, text, &mut names, span);
    let content = contents(compiler, text, &mut names, span);
    let setup = text.setup.iter().enumerate();
    let setup = setup
        .filter_map(|(index, one)| {
            compile_setup(compiler, one, &names, &span.at("setup").at(index))
        })
        .collect();
    let path = Path::new(span.at("steps"));
    let steps = compiler.steps(&text.steps, &mut names, &path);
    if text.steps.is_empty() {
        compiler.diagnostic(span.at("steps").diagnostic("a case needs a step"));
    }
    compiler.doubt_unused(text, span);
    Arc::new(Case {
        id: text.id.clone(),
        title: text.title.clone(),
        suite: suite.name.to_owned(),
        category: suite.category,
        section: suite.section_of(text.section.as_deref()),
        history: history(compiler, text.since, &text.changed, span),
        from: text.from,
        until: text.until,
        each: text.each.clone(),
        needs,
        serial: text.serial,
        canonical: text.canonical,
        given,
        content,
        setup,
        note: text.note.clone(),
        steps,
        span: span.clone(),
    })
}

/// Compiles what a case is given, and adds the names for it.
fn all_given(
    compiler: &mut Compiler<'_>,
    text: &CaseText,
    names: &mut Names,
    span: &SourceSpan,
) -> IndexMap<String, Given> {
    let mut all = IndexMap::new();
    for (name, given) in &text.given {
        let at = span.at("given").at(name);
        all.insert(name.clone(), compile_given(compiler, given, names, &at));
    }
    for (name, given) in &all {
        let kind = match given.chunks {
            Some(_) => Kind::Blob,
            None => Kind::Fixture(given.fixture.clone()),
        };
        names.add(name, kind);
    }
    all
}

/// Compiles an invariant; its mistakes are added to the compiler's diagnostics.
pub fn compile_invariant(
    compiler: &mut Compiler<'_>,
    text: &InvariantText,
    suite: SuiteContext<'_>,
    span: &SourceSpan,
) -> Arc<Invariant> {
    check_id(compiler, &text.id, span);
    let mut names = Names::everywhere();
    for name in ["request", "response"] {
        names.add(name, Kind::Open);
    }
    let to = text.to.iter();
    let expect = compiler.expectations(&text.expect, &names, &span.at("expect"));
    Arc::new(Invariant {
        id: text.id.clone(),
        title: text.title.clone(),
        suite: suite.name.to_owned(),
        category: suite.category,
        section: suite.section_of(text.section.as_deref()),
        history: history(compiler, text.since, &text.changed, span),
        to: to
            .map(|(method, of)| (*method, of.iter().copied().collect()))
            .collect(),
        expect,
        span: span.clone(),
    })
}

/// Reports a version of the suites that does not exist yet, and a change that is not after `since`.
fn history(
    compiler: &mut Compiler<'_>,
    since: Option<SuiteVersion>,
    changed: &indexmap::IndexMap<SuiteVersion, String>,
    span: &SourceSpan,
) -> History {
    let since = since.unwrap_or(SuiteVersion::FIRST);
    let unknown =
        |version: SuiteVersion| format!("there is no version {version} of the suites yet");
    let help = format!("what is added now belongs to {}", SuiteVersion::LATEST);
    if since > SuiteVersion::LATEST {
        let diagnostic = span.at("since").diagnostic(unknown(since));
        compiler.diagnostic(diagnostic.help(help.clone()));
    }
    for version in changed.keys() {
        let at = span.at("changed").at(version.to_string());
        if *version > SuiteVersion::LATEST {
            let diagnostic = at.key_diagnostic(unknown(*version));
            compiler.diagnostic(diagnostic.help(help.clone()));
        }
        if *version <= since {
            let message = format!("a change comes after {since}, which brought it");
            compiler.diagnostic(at.key_diagnostic(message));
        }
    }
    History {
        since,
        changed: changed.clone(),
    }
}

/// Ids must be in kebab-case because they become selectors, anchors and JUnit names.
fn check_id(compiler: &mut Compiler<'_>, id: &str, span: &SourceSpan) {
    if let Some((message, help)) = not_an_id(id) {
        compiler.diagnostic(span.at("id").diagnostic(message).help(help));
    }
}

fn needs(
    compiler: &mut Compiler<'_>,
    text: &CaseText,
    names: &Names,
    span: &SourceSpan,
) -> Vec<Template> {
    let mut needs = Vec::new();
    for (index, need) in text.needs.iter().enumerate() {
        let at = span.at("needs").at(index);
        let template = compiler.template(need, names, &at);
        let root = template.references().next().map(Reference::root);
        match root.and_then(|root| Some((root, text.each.get(root)?))) {
            Some((root, values)) => {
                for value in values {
                    let named = template.text(&mut |reference| {
                        (reference.root() == root).then(|| value.as_str().into())
                    });
                    compiler.check_feature(&named.unwrap_or_default(), &at);
                }
            }
            None => compiler.check_feature(need, &at),
        }
        needs.push(template);
    }
    needs
}

fn compile_given(
    compiler: &mut Compiler<'_>,
    given: &GivenText,
    names: &Names,
    span: &SourceSpan,
) -> Given {
    let particular = match given {
        GivenText::Shared(fixture) => &ParticularText {
            fixture: fixture.clone(),
            own: false,
            algorithm: None,
            repo: None,
            chunks: None,
        },
        GivenText::Particular(particular) => particular,
    };
    compiler.check_fixture(&particular.fixture, span);
    let algorithm = particular.algorithm.as_deref().unwrap_or("sha256");
    let repo = particular.repo.as_deref().unwrap_or("{repo}");
    Given {
        fixture: particular.fixture.clone(),
        own: particular.own,
        algorithm: compiler.template(algorithm, names, &span.at("algorithm")),
        repo: compiler.template(repo, names, &span.at("repo")),
        chunks: particular.chunks.map(|count| count.clamp(1, MOST_CHUNKS)),
    }
}

fn compile_setup(
    compiler: &mut Compiler<'_>,
    text: &SetupText,
    names: &Names,
    span: &SourceSpan,
) -> Option<Setup> {
    let (kind, content) = match (&text.blob, &text.manifest, &text.tag) {
        (Some(blob), None, None) => (SetupKind::Blob, blob),
        (None, Some(manifest), tag) => {
            let tag = tag.as_ref();
            let tag = tag.map(|tag| compiler.template(tag, names, &span.at("tag")));
            (SetupKind::Manifest(tag), manifest)
        }
        _ => {
            let diagnostic =
                span.diagnostic("say either `blob`, or `manifest` and perhaps its `tag`");
            compiler.diagnostic(diagnostic);
            return None;
        }
    };
    if let Some(feature) = &text.declines {
        compiler.check_feature(feature, &span.at("declines"));
    }
    let repo = text.repo.as_deref().unwrap_or("{repo}");
    Some(Setup {
        kind,
        content: compiler.template(content, names, span),
        repo: compiler.template(repo, names, &span.at("repo")),
        refusable: text.refusable || text.declines.is_some(),
        declines: text.declines.clone(),
    })
}

/// Content is made when a step first refers to it, so that it may depend on values that earlier steps save. References
/// in its `at_least` are therefore not checked.
fn contents(
    compiler: &mut Compiler<'_>,
    text: &CaseText,
    names: &mut Names,
    span: &SourceSpan,
) -> indexmap::IndexMap<String, Content> {
    let mut made = indexmap::IndexMap::new();
    for (name, content) in &text.content {
        let at = span.at("content").at(name);
        let algorithm = content.algorithm.as_deref().unwrap_or("sha256");
        let algorithm = compiler.template(algorithm, names, &at.at("algorithm"));
        let kind = match &content.fixture {
            Some(fixture) => {
                compiler.check_fixture(fixture, &at.at("fixture"));
                let padded = content.padded.as_ref().map(Size::read).transpose();
                let padded = padded.unwrap_or_else(|error| {
                    compiler.diagnostic(at.at("padded").diagnostic(error.to_string()));
                    None
                });
                made.insert(
                    name.clone(),
                    Content::Fixture {
                        fixture: fixture.clone(),
                        algorithm,
                        padded,
                    },
                );
                Kind::Fixture(fixture.clone())
            }
            None => {
                if let Some(blob) = blob(compiler, content, algorithm, names, &at) {
                    made.insert(name.clone(), blob);
                }
                Kind::Blob
            }
        };
        names.add(name, kind);
    }
    made
}

fn blob(
    compiler: &mut Compiler<'_>,
    text: &ContentText,
    algorithm: Template,
    names: &Names,
    span: &SourceSpan,
) -> Option<Content> {
    let size = match &text.random {
        Some(SizeText::Unit(size)) if size.contains('{') => {
            Some(compiler.template(size, names, &span.at("random")))
        }
        _ => None,
    };
    let bytes = match (&text.random, &text.text) {
        (Some(_), None) if size.is_some() => BlobBytes::Random(Size(0)),
        (Some(size), None) => match Size::read(size) {
            Ok(size) => BlobBytes::Random(size),
            Err(error) => {
                compiler.diagnostic(span.at("random").diagnostic(error.to_string()));
                return None;
            }
        },
        (None, Some(text)) => BlobBytes::Text(compiler.template(text, names, &span.at("text"))),
        _ => {
            compiler.diagnostic(span.diagnostic("say one of `random`, `text` and `fixture`"));
            return None;
        }
    };
    let at_least = Template::parse(text.at_least.as_deref().unwrap_or("1"));
    compiler.note_names(&at_least);
    let last = text.last.as_ref().map(Size::read).transpose();
    let last = last.unwrap_or_else(|error| {
        compiler.diagnostic(span.at("last").diagnostic(error.to_string()));
        None
    });
    Some(Content::Blob {
        recipe: BlobRecipe {
            bytes,
            media_type: text.media_type.clone(),
            absent: true,
        },
        size,
        algorithm,
        chunks: text.chunks.map(|count| Cut {
            count: count.clamp(1, MOST_CHUNKS),
            at_least,
            short_last: text.short_last,
            last,
            equal: text.equal,
        }),
    })
}
