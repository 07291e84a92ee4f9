//! The files of the catalogue, as they are written.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Category, Level, Party, Version};

/// A file of requirements: those of one category, in the order of the specification.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementsFile {
    /// The category that they belong to.
    pub category: Category,
    /// Where the text is that they come from, where that is not the specification's own: a URL. Its sentences carry
    /// no fingerprints.
    pub source: Option<String>,
    /// The requirements.
    pub requirements: Vec<RequirementText>,
}

/// One obligation, or one permission, of the specification.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementText {
    /// Its name for ever: words in small letters with hyphens between, for what is required, never a position.
    pub id: String,
    /// The anchor of the section that it belongs to; by version where the section was named differently.
    pub section: EachVersion<String>,
    /// Whom it binds: the registry unless told.
    #[serde(default = "registry")]
    pub party: Party,
    /// How strongly it binds; by version where that changed. A version that is not named does not ask for it.
    pub level: EachVersion<Level>,
    /// What the level rests on; by version where that differs.
    pub basis: Option<EachVersion<Basis>>,
    /// The RFC and its section, where HTTP or another RFC demands it: `RFC 9110 section 8.6`.
    pub rfc: Option<String>,
    /// What must hold, in one sentence of our own.
    pub says: String,
    /// Why it has this level, where the text carries no keyword or leaves something open.
    pub why: Option<String>,
    /// Why no HTTP client can see whether it is kept.
    pub unobservable: Option<String>,
    /// Why no case tests it, though a client could see it: `assay coverage --check` demands a case otherwise.
    pub untested: Option<String>,
    /// Why the bundled registry has no fault that breaks it: `assay coverage --check` demands one otherwise.
    pub unfaulted: Option<String>,
    /// The feature that it belongs to, where a registry may leave that out: an id of `features.yaml`.
    pub feature: Option<String>,
    /// The sentences, table rows and code blocks that it comes from, in each version that asks for it: their
    /// fingerprints, as `assay spec sentences` prints them. What stands in another section than the requirement's
    /// is named with it: `3fa9c1d2e4b5@endpoints`.
    #[serde(default)]
    pub text: ByVersion<Vec<String>>,
}

/// What the level of a requirement rests on in a version of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// A sentence with an RFC 2119 keyword, or an RFC that the sentence refers to.
    Keyword,
    /// Only a row of a table.
    Table,
    /// A sentence without a keyword.
    Sentence,
    /// No sentence, or a sentence that binds clients; `why` says what is lost, mixed up or invented otherwise.
    Implied,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Keyword => "keyword",
            Self::Table => "table",
            Self::Sentence => "sentence",
            Self::Implied => "implied",
        })
    }
}

/// The file of sentences that carry a keyword and oblige nobody.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotObligationsFile {
    /// The sentences, grouped by why they oblige nobody.
    pub sentences: Vec<NotObligations>,
}

/// Sentences that carry a keyword and oblige nobody, for one reason.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotObligations {
    /// The reason.
    pub why: String,
    /// Their fingerprints, of whatever version and section.
    pub text: Vec<String>,
}

const fn registry() -> Party {
    Party::Registry
}

/// A value for some versions of the specification.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByVersion<T> {
    /// In 1.0.
    #[serde(rename = "1.0")]
    pub v1_0: Option<T>,
    /// In 1.1.
    #[serde(rename = "1.1")]
    pub v1_1: Option<T>,
    /// In the draft.
    pub dev: Option<T>,
}

impl<T> Default for ByVersion<T> {
    fn default() -> Self {
        Self {
            v1_0: None,
            v1_1: None,
            dev: None,
        }
    }
}

impl<T> ByVersion<T> {
    /// The value in that version.
    pub const fn get(&self, version: Version) -> Option<&T> {
        match version {
            Version::V1_0 => self.v1_0.as_ref(),
            Version::V1_1 => self.v1_1.as_ref(),
            Version::Dev => self.dev.as_ref(),
        }
    }
}

/// One value for every version, or a value for each of some.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EachVersion<T> {
    /// The same in every version.
    Same(T),
    /// By version.
    By(ByVersion<T>),
}

impl<T> EachVersion<T> {
    /// The value in that version.
    pub const fn get(&self, version: Version) -> Option<&T> {
        match self {
            Self::Same(value) => Some(value),
            Self::By(values) => values.get(version),
        }
    }
}
