//! The suite format: what stands in the YAML files under `suites/`, word for word.
//!
//! These types are the format: the published JSON Schema is made from them. Here text is only held; what it
//! means (which names it refers to, what it sends) is worked out by [`super::compile`].

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{Method, SuiteVersion};
use crate::catalogue::Version;
use crate::endpoint::EndpointKind;
use crate::template::SizeText;

/// A file of cases: one section of the specification, in the folder of its category.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuiteFile {
    /// What the suite tests, for a person.
    pub title: String,
    /// The section of the specification: an anchor of its text.
    pub section: String,
    /// The cases, in the order in which a reader wants them.
    #[serde(default)]
    pub cases: Vec<CaseText>,
    /// What is held against every answer of the run.
    #[serde(default)]
    pub invariants: Vec<InvariantText>,
}

/// The smallest scenario that runs on its own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseText {
    /// Its name for ever, in kebab-case: selector, JUnit name, anchor.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// The section, where it is not the suite's.
    pub section: Option<String>,
    /// The version of the suites that brought it: the first, unless told. `--as-of` leaves newer ones uncounted.
    pub since: Option<SuiteVersion>,
    /// The versions of the suites that changed what it says of a registry, each with what changed.
    #[serde(default)]
    pub changed: IndexMap<SuiteVersion, String>,
    /// The first version that it holds for. A case none of whose requirements exist in a version is left out
    /// of that version anyway.
    pub from: Option<Version>,
    /// The last version that it holds for.
    pub until: Option<Version>,
    /// Values to run it with, one run for each (for each combination, where several are named).
    #[serde(default)]
    pub each: IndexMap<String, Vec<String>>,
    /// Features without which it means nothing: where the target declines one, the case is unsupported.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Whether nothing else may run meanwhile, because it looks at a whole repository.
    #[serde(default)]
    pub serial: bool,
    /// Whether it reads the plainest content there is: where the answer is wrong there, the same mistake in the answers to
    /// other cases blocks these, and is no failure of its own.
    #[serde(default)]
    pub canonical: bool,
    /// What is in the registry before it starts.
    #[serde(default)]
    pub given: IndexMap<String, GivenText>,
    /// What is made for it, and not pushed unless `setup` says so.
    #[serde(default)]
    pub content: IndexMap<String, ContentText>,
    /// What of that is in the registry before it starts, in the order in which it is pushed.
    #[serde(default)]
    pub setup: Vec<SetupText>,
    /// Where the specification allows two readings: which, printed with the case.
    pub note: Option<String>,
    /// What is done, in order.
    pub steps: Vec<StepText>,
}

/// Content that is in the registry: a fixture's name, or a fixture with its particulars.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum GivenText {
    /// A fixture that all cases share: pushed once for the whole run, and never changed.
    Shared(String),
    /// A fixture pushed for this case alone, or with another algorithm, or elsewhere.
    Particular(ParticularText),
}

/// A fixture with its particulars.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticularText {
    /// The fixture.
    pub fixture: String,
    /// Whether it is pushed for this case alone, which may then change or delete it.
    #[serde(default)]
    pub own: bool,
    /// The digest algorithm: sha256 unless told.
    pub algorithm: Option<String>,
    /// The repository: `{repo}` unless told.
    pub repo: Option<String>,
    /// Of a blob: how many chunks of unequal length it is cut into.
    pub chunks: Option<usize>,
}

/// A blob or a manifest that is in the registry before a case starts. One of `blob`, `manifest`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupText {
    /// The blob (`{layer}`).
    pub blob: Option<String>,
    /// The manifest (`{image}`).
    pub manifest: Option<String>,
    /// With `manifest`: the tag that leads to it; it is pushed by its digest otherwise.
    pub tag: Option<String>,
    /// The repository: `{repo}` unless told.
    pub repo: Option<String>,
    /// Whether the registry may refuse it: the case is then unsupported.
    #[serde(default)]
    pub refusable: bool,
    /// The feature that a refusal declines.
    pub declines: Option<String>,
}

/// Content that is made. One of `random`, `text`, `fixture`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentText {
    /// Random bytes: a size (`300`, `2 KiB`, `1 MiB`), or a reference to one (`{size}`).
    pub random: Option<SizeText>,
    /// Random bytes in this many chunks of unequal length.
    pub chunks: Option<usize>,
    /// Whether the chunks are all of one length instead.
    #[serde(default)]
    pub equal: bool,
    /// The shortest that a chunk may be, the last excepted: what the registry asked for.
    pub at_least: Option<String>,
    /// Whether the last chunk is shorter than that; it is long enough otherwise.
    #[serde(default)]
    pub short_last: bool,
    /// The length of the last chunk, instead.
    pub last: Option<SizeText>,
    /// Bytes as written; what the case knows is filled in (`{image.descriptor}`).
    pub text: Option<String>,
    /// What a fixture would push: its manifest, blobs and parts.
    pub fixture: Option<String>,
    /// With `fixture`: the size that white space after the manifest brings it to.
    pub padded: Option<SizeText>,
    /// The digest algorithm: sha256 unless told.
    pub algorithm: Option<String>,
    /// The media type that its descriptor names: `application/octet-stream` unless told.
    pub media_type: Option<String>,
}

/// One request and what is expected of its answer; or a walk over pages; or a procedure.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepText {
    /// What the step is for, where that is not plain.
    pub title: Option<String>,
    /// A GET: a path below the registry, or a saved Location.
    pub get: Option<String>,
    /// A HEAD.
    pub head: Option<String>,
    /// A POST.
    pub post: Option<String>,
    /// A PUT.
    pub put: Option<String>,
    /// A PATCH.
    pub patch: Option<String>,
    /// A DELETE.
    pub delete: Option<String>,
    /// GETs along `Link: …; rel="next"`, to the end.
    pub paginate: Option<String>,
    /// With `paginate`: where a page has its list (a JSON pointer).
    pub items: Option<String>,
    /// With `paginate`: the most pages that are asked for, where the end does not matter.
    pub pages: Option<usize>,
    /// With `paginate`: a full page without a Link is followed by asking for what comes after its last entry.
    #[serde(default)]
    pub follow_last: bool,
    /// A procedure, by name.
    #[serde(rename = "use")]
    pub procedure: Option<String>,
    /// With `use`: what the procedure takes.
    #[serde(default)]
    pub with: IndexMap<String, String>,
    /// With `use`: the name under which what it gives is kept; several sessions can live side by side.
    #[serde(rename = "as")]
    pub keep_as: Option<String>,
    /// Query parameters, added to those that the address already has.
    #[serde(default)]
    pub query: IndexMap<String, OneOrMany<String>>,
    /// Headers; they replace what the step would send by itself, and an empty one is not sent.
    #[serde(default)]
    pub header: IndexMap<String, String>,
    /// The Accept header.
    pub accept: Option<String>,
    /// The Content-Type of the body: `application/octet-stream` unless told.
    #[serde(rename = "type")]
    pub content_type: Option<String>,
    /// The body.
    pub body: Option<String>,
    /// A chunk as the body, with its Content-Range.
    pub chunk: Option<String>,
    /// What the answer must be: for each requirement that this proves, a matcher (or several).
    #[serde(default)]
    pub expect: IndexMap<String, OneOrMany<MatcherText>>,
    /// Answers that legally decline a feature: the case then ends as unsupported.
    #[serde(default)]
    pub declined: IndexMap<String, MatcherText>,
    /// What follows, by what was answered: the first branch whose `when` holds.
    #[serde(default)]
    pub then: Vec<BranchText>,
    /// Values kept from the answer for later steps.
    #[serde(default)]
    pub save: IndexMap<String, CaptureText>,
    /// Whether the case ends when this step is not answered as expected. By itself that is so for a write
    /// that was to succeed and was refused, and not otherwise.
    pub required: Option<bool>,
}

/// One value, or a list of them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// Several: first, so that a list is never taken for one value.
    Many(Vec<T>),
    /// One.
    One(T),
}

impl<T> OneOrMany<T> {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter(),
            Self::Many(many) => many.iter(),
        }
    }
}

/// What follows a certain answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchText {
    /// The answer.
    pub when: MatcherText,
    /// What a reader should know of this branch, printed with the case.
    pub note: Option<String>,
    /// The feature that this answer declines; the branch is still followed to its end.
    pub declines: Option<String>,
    /// The steps.
    #[serde(default)]
    pub steps: Vec<StepText>,
}

/// Where a value to keep is found.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaptureText {
    /// The Location header, resolved against the request's URL.
    Location,
    /// The body, as bytes.
    Body,
    /// A header's value.
    Header(String),
    /// A value in a JSON body, by JSON pointer; of a walk, in what all its pages list (`/-1` is the last of it, `/-2` the one before).
    Json(String),
}

/// What an answer is held against. Every key that is named must hold.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatcherText {
    /// Judged only where this holds: "if the header is present, …".
    pub when: Option<Box<MatcherText>>,
    /// The status: a number, a class (`4xx`), or a list of them.
    pub status: Option<OneOrMany<StatusText>>,
    /// Headers by name.
    #[serde(default)]
    pub header: IndexMap<String, RuleText>,
    /// Headers by name, each as the list of its lines (an empty list where there is none).
    #[serde(default)]
    pub lines: IndexMap<String, RuleText>,
    /// Whether it has a Link of the relation `next`: none, a well-formed one (RFC 8288), or at least nothing that
    /// is malformed.
    pub link: Option<LinkText>,
    /// The body, byte for byte.
    pub body: Option<String>,
    /// The digest that the body has.
    pub digest: Option<String>,
    /// Values in a JSON body, by JSON pointer (`""` is the whole).
    #[serde(default)]
    pub json: IndexMap<String, RuleText>,
    /// A code that an error body, where it is JSON, must carry: one of these.
    pub error: Option<OneOrMany<String>>,
    /// Whether the body is JSON: an object or a list, or whatever JSON its Content-Type says it is.
    pub is_json: Option<bool>,
    /// Of a walk: held against each of its pages.
    pub page: Option<Box<MatcherText>>,
    /// Of a walk: what all its pages list, together and in order.
    pub items: Option<RuleText>,
    /// Of a walk: whether it came to an end, by well-formed Links and without a loop.
    pub ends: Option<bool>,
    /// Alternatives: one of them must hold.
    #[serde(default)]
    pub any: Vec<MatcherText>,
}

/// What the Link header says of a next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LinkText {
    /// There is a link to it.
    Next,
    /// There is none.
    None,
    /// Every link is well formed, if there is one.
    Formed,
    /// The same, and where links lead to other pages, one of them leads to the next: for a page that is known
    /// not to be the last.
    Forward,
}

/// A status, or a class of them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StatusText {
    /// One status.
    Code(u16),
    /// `1xx` to `5xx`.
    Class(String),
}

/// What a value must be: the value itself, or rules for it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum RuleText {
    /// Equal to this text.
    Text(String),
    /// Equal to this number.
    Number(i64),
    /// Equal to this.
    Flag(bool),
    /// What the rules say.
    Rules(Box<RulesText>),
}

/// Rules for a value. Every key that is named must hold.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesText {
    /// Whether it is there at all.
    pub present: Option<bool>,
    /// Equal to this value.
    pub equals: Option<Value>,
    /// Equal to one of these.
    pub one_of: Option<Vec<Value>>,
    /// Equal to none of these.
    pub none_of: Option<Vec<Value>>,
    /// A regular expression that the whole text matches.
    pub matches: Option<String>,
    /// A digest, by whatever algorithm, of these bytes.
    pub digest_of: Option<String>,
    /// A media type, parameters aside.
    pub media_type: Option<String>,
    /// Whether a request can be sent to it: an address of http or https, whole or relative to where it stands.
    pub address: Option<bool>,
    /// Its JSON type: one of array, object, string, number, boolean, null.
    #[serde(rename = "type")]
    pub json_type: Option<OneOrMany<String>>,
    /// A list that has each of these (an object: one with at least these members); a text that has this part.
    pub contains: Option<OneOrMany<Value>>,
    /// A list that has none of these; a text without this part.
    pub excludes: Option<OneOrMany<Value>>,
    /// Parts of a comma-separated header, over all its lines, in any order.
    pub lists: Option<OneOrMany<String>>,
    /// The only parts that a comma-separated header may have.
    pub lists_only: Option<OneOrMany<String>>,
    /// A list in the order that the specification gives for `tags`.
    pub sorted: Option<Sorting>,
    /// A list without a value twice.
    pub unique: Option<bool>,
    /// How many elements (characters, for a text) it has.
    pub length: Option<u64>,
    /// The most elements it may have.
    pub at_most: Option<u64>,
    /// The fewest elements it may have.
    pub at_least: Option<u64>,
    /// The most bytes that a text, or all texts of a list together, may have.
    pub bytes_at_most: Option<u64>,
    /// What each element of a list must be.
    pub each: Option<Box<RuleText>>,
    /// Values inside it, by JSON pointer.
    #[serde(default)]
    pub json: IndexMap<String, RuleText>,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sorting {
    /// Of tags: by bytes, or alphabetical regardless of case.
    Tags,
    /// Alphabetical regardless of case.
    Letters,
}

/// What is held against every answer of the run.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvariantText {
    /// Its name for ever: it is reported as a case.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// The section, where it is not the suite's.
    pub section: Option<String>,
    /// The version of the suites that brought it: the first, unless told. `--as-of` leaves newer ones uncounted.
    pub since: Option<SuiteVersion>,
    /// The versions of the suites that changed what it says of a registry, each with what changed.
    #[serde(default)]
    pub changed: IndexMap<SuiteVersion, String>,
    /// Whose answers it is held against, by method, and what the request asks for: all of them where nothing is named.
    #[serde(default)]
    pub to: IndexMap<Method, OneOrMany<EndpointKind>>,
    /// What each answer must be.
    pub expect: IndexMap<String, OneOrMany<MatcherText>>,
}

/// The file of procedures: scenarios that several cases and the pushing of fixtures share.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProceduresFile {
    /// The procedures by name.
    pub procedures: IndexMap<String, ProcedureText>,
}

/// Steps with a name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcedureText {
    /// What it does, in a sentence.
    pub title: String,
    /// Whether what it finds counts as found by the case that uses it. Otherwise it is what that case builds on:
    /// tested elsewhere, and blocking it where broken.
    #[serde(default)]
    pub checks: bool,
    /// What it takes, each with its default; nothing as a default means that the caller must say.
    #[serde(default)]
    pub inputs: IndexMap<String, Option<String>>,
    /// What is done, in order.
    pub steps: Vec<StepText>,
    /// The saved values that the caller gets.
    #[serde(default)]
    pub outputs: Vec<String>,
}

/// The file of features.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeaturesFile {
    /// What a registry may leave out, by name.
    pub features: IndexMap<String, FeatureText>,
}

/// Something that a registry may leave out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureText {
    /// What it is, in a few words.
    pub title: String,
    /// The section that says so.
    pub section: String,
    /// Every registry has it: it stands here so that cases can name it beside others.
    #[serde(default)]
    pub always: bool,
    /// The requirement by which a registry should have it: leaving it out is then a warning.
    pub should: Option<String>,
}
