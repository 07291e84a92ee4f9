//! Suites as the engine runs them: every name resolved, every text parsed.

use std::sync::Arc;

use indexmap::IndexMap;
use regex::Regex;
use serde_json::Value as Json;

use super::format::{LinkText, Sorting};
use super::{History, Method};
use crate::catalogue::{Category, Version};
use crate::data::SourceSpan;
use crate::endpoint::EndpointKind;
use crate::fixture::BlobRecipe;
use crate::template::{Reference, Size, Template, TemplateError, Value};

/// A suite: the cases of one section.
#[derive(Debug)]
pub struct Suite {
    /// Its name: the path of its file (`push/chunked`).
    pub name: String,
    /// What it tests.
    pub title: String,
    /// The category whose folder it is in.
    pub category: Category,
    /// The section of the specification.
    pub section: String,
    /// Its cases.
    pub cases: Vec<Arc<Case>>,
    /// What it holds against every answer.
    pub invariants: Vec<Arc<Invariant>>,
}

/// A case, for each of its values.
#[derive(Debug)]
pub struct Case {
    /// Its name for ever.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The suite that holds it.
    pub suite: String,
    /// The category it counts in.
    pub category: Category,
    /// The section of the specification.
    pub section: String,
    /// Which versions of the suites brought it and changed it.
    pub history: History,
    /// The first version it holds for.
    pub from: Option<Version>,
    /// The last version it holds for.
    pub until: Option<Version>,
    /// Values to run it with.
    pub each: IndexMap<String, Vec<String>>,
    /// Features without which it means nothing.
    pub needs: Vec<Template>,
    /// Whether nothing else may run meanwhile.
    pub serial: bool,
    /// Whether it reads the plainest content there is.
    pub canonical: bool,
    /// What is in the registry before it starts.
    pub given: IndexMap<String, Given>,
    /// What is made for it.
    pub content: IndexMap<String, Content>,
    /// What of that is in the registry before it starts.
    pub setup: Vec<Setup>,
    /// Which of two readings it allows.
    pub note: Option<String>,
    /// What is done.
    pub steps: Vec<Step>,
    /// Where it is written.
    pub span: SourceSpan,
}

impl Case {
    /// Whether it holds for a version of the specification.
    pub fn holds_in(&self, version: Version) -> bool {
        self.from.is_none_or(|from| from <= version)
            && self.until.is_none_or(|until| version <= until)
    }

    /// Whether a refusal of what is to be there before, or one of its answers, declines a feature.
    pub fn may_decline(&self, feature: &str) -> bool {
        let mut before = self.setup.iter();
        before.any(|one| one.declines.as_deref() == Some(feature))
            || self.steps.iter().any(|step| step.may_decline(feature))
    }
}

/// Content that is in the registry.
#[derive(Debug, Clone)]
pub struct Given {
    /// The fixture.
    pub fixture: String,
    /// Whether it is pushed for the case alone.
    pub own: bool,
    /// The digest algorithm.
    pub algorithm: Template,
    /// The repository.
    pub repo: Template,
    /// Of a blob: how many chunks it is cut into.
    pub chunks: Option<usize>,
}

/// A blob or a manifest that is in the registry before a case starts.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What it is.
    pub kind: SetupKind,
    /// Its content.
    pub content: Template,
    /// The repository.
    pub repo: Template,
    /// Whether the registry may refuse it.
    pub refusable: bool,
    /// The feature that a refusal declines.
    pub declines: Option<String>,
}

/// What is in the registry before a case starts.
#[derive(Debug, Clone)]
pub enum SetupKind {
    /// A blob.
    Blob,
    /// A manifest, under a tag or by its digest.
    Manifest(Option<Template>),
}

/// Content that is made.
#[derive(Debug, Clone)]
pub enum Content {
    /// A blob.
    Blob {
        /// How it is made.
        recipe: BlobRecipe,
        /// Its size, where only the case knows it.
        size: Option<Template>,
        /// Its digest algorithm.
        algorithm: Template,
        /// How it is cut.
        chunks: Option<Cut>,
    },
    /// What a fixture would push.
    Fixture {
        /// The fixture.
        fixture: String,
        /// The digest algorithm.
        algorithm: Template,
        /// The size that white space brings the manifest to.
        padded: Option<Size>,
    },
}

/// How a blob is cut into chunks.
#[derive(Debug, Clone)]
pub struct Cut {
    /// How many.
    pub count: usize,
    /// The shortest that one may be, the last excepted.
    pub at_least: Template,
    /// Whether the last is shorter than that.
    pub short_last: bool,
    /// The length of the last, instead.
    pub last: Option<Size>,
    /// Whether all are of one length.
    pub equal: bool,
}

/// One request and what is expected of its answer, or a walk, or a procedure.
#[derive(Debug)]
pub struct Step {
    /// What it is for.
    pub title: String,
    /// What it does.
    pub action: Action,
    /// What is expected.
    pub expect: Vec<Expectation>,
    /// Answers that decline a feature.
    pub declined: Vec<(String, Matcher)>,
    /// What follows, by what was answered.
    pub then: Vec<Branch>,
    /// What is kept.
    pub save: Vec<(String, Capture)>,
    /// Whether the case ends when it is not answered as expected; by itself, that depends on what it is.
    pub required: Option<bool>,
    /// Where it is written.
    pub span: SourceSpan,
}

impl Step {
    /// The expectations that the case counts as its own: the step's, those of a procedure that checks, and
    /// those of the steps that follow from it.
    pub fn expectations<'a>(
        &'a self,
        procedures: &'a IndexMap<String, Procedure>,
    ) -> Vec<&'a Expectation> {
        let mut all: Vec<&Expectation> = self.expect.iter().collect();
        let used = match &self.action {
            Action::Use { procedure, .. } => procedures.get(procedure),
            Action::Request(_) | Action::Paginate { .. } => None,
        };
        let checked = used.filter(|procedure| procedure.checks);
        let inside = checked.into_iter().flat_map(|procedure| &procedure.steps);
        let branches = self.then.iter().flat_map(|branch| &branch.steps);
        for step in inside.chain(branches) {
            all.extend(step.expectations(procedures));
        }
        all
    }

    /// Whether one of its answers, or one of a step that follows from it, declines a feature.
    pub fn may_decline(&self, feature: &str) -> bool {
        let own = self
            .declined
            .iter()
            .any(|(declined, _)| declined == feature);
        let mut branches = self.then.iter();
        own || branches.any(|branch| {
            branch.declines.as_deref() == Some(feature)
                || branch.steps.iter().any(|step| step.may_decline(feature))
        })
    }
}

/// What a step does.
#[derive(Debug)]
pub enum Action {
    /// Sends a request.
    Request(RequestText),
    /// Gets pages along their Links.
    Paginate {
        /// The first request.
        request: RequestText,
        /// Where a page has its list: a JSON pointer.
        items: String,
        /// The most pages that are asked for, where the end does not matter.
        pages: Option<usize>,
        /// Whether a full page without a Link is followed by what comes after its last entry.
        follow_last: bool,
    },
    /// Runs a procedure.
    Use {
        /// Its name.
        procedure: String,
        /// What it takes.
        with: Vec<(String, Template)>,
        /// The name under which what it gives is kept.
        keep_as: Option<String>,
    },
}

/// A request to be filled in.
#[derive(Debug)]
pub struct RequestText {
    /// The method.
    pub method: Method,
    /// A path below the registry, or an absolute URL.
    pub url: Template,
    /// Query parameters to add.
    pub query: Vec<(String, Template)>,
    /// Headers that replace what would be sent.
    pub headers: Vec<(String, Template)>,
    /// The body, or a chunk whose range is sent with it.
    pub body: Option<BodyText>,
}

/// A body to be filled in.
#[derive(Debug)]
pub enum BodyText {
    /// Bytes, with their type.
    Plain(Template, Option<Template>),
    /// A chunk: its bytes, Content-Range and type.
    Chunk(Template),
}

/// A matcher and the requirement that it proves.
#[derive(Debug)]
pub struct Expectation {
    /// The requirement's id.
    pub requirement: String,
    /// What must hold.
    pub matcher: Matcher,
}

/// What follows a certain answer.
#[derive(Debug)]
pub struct Branch {
    /// The answer.
    pub when: Matcher,
    /// What a reader should know of it.
    pub note: Option<String>,
    /// The feature that it declines.
    pub declines: Option<String>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// Where a value to keep is found.
#[derive(Debug)]
pub enum Capture {
    /// The resolved Location.
    Location,
    /// The body.
    Body,
    /// A header.
    Header(String),
    /// A value in a JSON body.
    Json(String),
}

/// What an answer, or a walk, is held against: everything named must hold.
#[derive(Debug, Default)]
pub struct Matcher {
    /// Judged only where this holds.
    pub when: Option<Box<Matcher>>,
    /// The status.
    pub status: Option<Statuses>,
    /// Headers.
    pub headers: Vec<(String, Vec<Rule>)>,
    /// Headers, as lists of their lines.
    pub lines: Vec<(String, Vec<Rule>)>,
    /// What the Link header says of a next page.
    pub link: Option<LinkText>,
    /// The body.
    pub body: Option<Template>,
    /// The digest of the body.
    pub digest: Option<Template>,
    /// Values in a JSON body.
    pub json: Vec<(String, Vec<Rule>)>,
    /// Codes, one of which an error body in JSON must carry.
    pub error: Vec<String>,
    /// Whether the body is JSON.
    pub is_json: Option<bool>,
    /// Each page of a walk.
    pub page: Option<Box<Matcher>>,
    /// What a walk lists.
    pub items: Option<Vec<Rule>>,
    /// Whether a walk ends.
    pub ends: Option<bool>,
    /// Alternatives.
    pub any: Vec<Matcher>,
}

/// A set of statuses.
#[derive(Debug, Clone)]
pub struct Statuses {
    /// Ranges, both ends included.
    pub ranges: Vec<(u16, u16)>,
}

impl Statuses {
    /// Whether a status is one of them.
    pub fn has(&self, status: u16) -> bool {
        self.ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&status))
    }

    /// Whether all of them say that the request succeeded.
    pub fn succeed(&self) -> bool {
        self.ranges
            .iter()
            .all(|(first, last)| *first >= 200 && *last < 300)
    }
}

impl std::fmt::Display for Statuses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (first, last)) in self.ranges.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            if first == last {
                write!(f, "{first}")?;
            } else {
                write!(f, "{}xx", first / 100)?;
            }
        }
        Ok(())
    }
}

/// One rule for a value.
#[derive(Debug)]
pub enum Rule {
    /// Whether it is there.
    Present(bool),
    /// Equal to one of these.
    OneOf(Vec<JsonTemplate>),
    /// Equal to none of these.
    NoneOf(Vec<JsonTemplate>),
    /// Matched by a regular expression.
    Matches(Regex),
    /// A right digest of these bytes.
    DigestOf(Template),
    /// This media type, parameters aside.
    MediaType(Template),
    /// Whether a request can be sent to it.
    Address(bool),
    /// One of these JSON types.
    Type(Vec<String>),
    /// Has each of these.
    Contains(Vec<JsonTemplate>),
    /// Has none of these.
    Excludes(Vec<JsonTemplate>),
    /// A comma-separated header that lists these.
    Lists(Vec<Template>),
    /// A comma-separated header that lists nothing but these.
    ListsOnly(Vec<Template>),
    /// In an order of tags.
    Sorted(Sorting),
    /// Nothing twice.
    Unique,
    /// At least, and at most, so many elements.
    Count(u64, u64),
    /// At most so many bytes of text.
    BytesAtMost(u64),
    /// What each element must be.
    Each(Vec<Rule>),
    /// What a value inside must be.
    Inside(String, Vec<Rule>),
}

/// A JSON value whose texts are templates.
#[derive(Debug, Clone)]
pub struct JsonTemplate(pub Json);

impl JsonTemplate {
    /// The references in it.
    pub fn references(&self) -> Vec<Reference> {
        fn collect(value: &Json, into: &mut Vec<Reference>) {
            match value {
                Json::String(text) => into.extend(Template::parse(text).references().cloned()),
                Json::Array(items) => items.iter().for_each(|item| collect(item, into)),
                Json::Object(map) => map.values().for_each(|item| collect(item, into)),
                Json::Null | Json::Bool(_) | Json::Number(_) => {}
            }
        }
        let mut references = Vec::new();
        collect(&self.0, &mut references);
        references
    }

    /// The value it stands for; a lone reference to a number is a number.
    ///
    /// # Errors
    /// When `look_up` does not know a reference.
    pub fn fill(
        &self,
        look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
    ) -> Result<Json, TemplateError> {
        fn fill(
            value: &Json,
            look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
        ) -> Result<Json, TemplateError> {
            Ok(match value {
                Json::String(text) => {
                    let template = Template::parse(text);
                    match template.value(look_up)? {
                        Value::Number(number) => number.into(),
                        _ => template.text(look_up)?.into(),
                    }
                }
                Json::Array(items) => Json::Array(
                    items
                        .iter()
                        .map(|item| fill(item, look_up))
                        .collect::<Result<_, _>>()?,
                ),
                Json::Object(map) => Json::Object(
                    map.iter()
                        .map(|(key, item)| Ok((key.clone(), fill(item, look_up)?)))
                        .collect::<Result<_, TemplateError>>()?,
                ),
                canonical @ (Json::Null | Json::Bool(_) | Json::Number(_)) => canonical.clone(),
            })
        }
        fill(&self.0, look_up)
    }
}

/// What is held against every answer of the run.
#[derive(Debug)]
pub struct Invariant {
    /// Its name for ever.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The suite that holds it.
    pub suite: String,
    /// The category it counts in.
    pub category: Category,
    /// The section of the specification.
    pub section: String,
    /// Which versions of the suites brought it and changed it.
    pub history: History,
    /// Whose answers it is held against; all of them where there is none.
    pub to: Vec<(Method, Vec<EndpointKind>)>,
    /// What each answer must be.
    pub expect: Vec<Expectation>,
    /// Where it is written.
    pub span: SourceSpan,
}

impl Invariant {
    /// Whether it is held against the answer to such a request.
    pub fn is_about(&self, method: &str, endpoint: EndpointKind) -> bool {
        let mut to = self.to.iter();
        let asked = |(known, of): &(Method, Vec<EndpointKind>)| {
            known.name() == method && of.contains(&endpoint)
        };
        self.to.is_empty() || to.any(asked)
    }
}

/// Steps with a name.
#[derive(Debug)]
pub struct Procedure {
    /// Its name.
    pub name: String,
    /// What it does.
    pub title: String,
    /// Whether what it finds counts as found by the case that uses it.
    pub checks: bool,
    /// What it takes, with defaults.
    pub inputs: Vec<(String, Option<Template>)>,
    /// What is done.
    pub steps: Vec<Step>,
    /// What the caller gets.
    pub outputs: Vec<String>,
    /// Where it is written.
    pub span: SourceSpan,
}

/// Something that a registry may leave out.
#[derive(Debug)]
pub struct Feature {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The section that says so.
    pub section: String,
    /// Whether every registry has it.
    pub always: bool,
    /// The requirement by which a registry should have it.
    pub should: Option<String>,
    /// Where it is written.
    pub span: SourceSpan,
}
