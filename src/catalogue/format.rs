//! The files of the catalogue, as they are written.

use std::fmt;

use serde::Deserialize;

use super::by_version::{ByVersion, EachVersion};
use super::{Category, Level, Party};

/// A file of requirements: those of one category, in the order of the specification.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequirementsFile {
    /// The category that they belong to.
    pub category: Category,
    /// The URL of the text that they come from, if that is not the specification. Its sentences have no fingerprints.
    pub source: Option<String>,
    /// The requirements.
    #[serde(deserialize_with = "crate::data::elements")]
    pub requirements: Vec<RequirementText>,
}

/// One obligation, or one permission, of the specification.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequirementText {
    /// Its name, which never changes: words in small letters with hyphens between, for what is required, never a position.
    pub id: String,
    /// The anchor of the section that it belongs to; by version where that changed. A version that is not named has the
    /// section of the version before it.
    pub section: EachVersion<String>,
    /// Whom it binds; the registry by default.
    #[serde(default = "registry")]
    pub party: Party,
    /// How strongly it binds; by version where that changed. A version that is not named has the level of the version
    /// before it; `none` removes the requirement in a version and those after it.
    pub level: EachVersion<Level>,
    /// What the level rests on; by version where that differs.
    pub basis: Option<EachVersion<Basis>>,
    /// The RFC and its section, where HTTP or another RFC demands it: `RFC 9110 section 8.6`.
    pub rfc: Option<String>,
    /// What must hold, in one sentence that is not the specification's.
    pub says: String,
    /// Why it has this level, where the text has no keyword or leaves something open.
    pub why: Option<String>,
    /// Why no HTTP client can see whether a registry conforms to it.
    pub unobservable: Option<String>,
    /// Why no case tests it, though a client could see it: `assay coverage --check` demands a case otherwise.
    pub untested: Option<String>,
    /// Why the bundled registry has no fault that violates it: `assay coverage --check` demands one otherwise.
    pub unfaulted: Option<String>,
    /// The feature that it belongs to, if a registry may leave it out: an id of `features.yaml`.
    pub feature: Option<String>,
    /// The requirements without which this one has no meaning: where one of them is violated, a violation of this one is
    /// blocked.
    #[serde(default)]
    pub presumes: Vec<String>,
    /// The sentences, table rows and code blocks that it comes from: their fingerprints, as `assay spec sentences`
    /// prints them. One from another section than the requirement's names that section: `3fa9c1d2e4b5@endpoints`. A
    /// version that is not named has the fingerprints of the version before it.
    #[serde(default)]
    pub text: ByVersion<Vec<String>>,
}

/// What the level of a requirement rests on in a version of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// The file of sentences that have a keyword and oblige nobody.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotObligationsFile {
    /// The sentences, grouped by why they oblige nobody.
    pub sentences: Vec<NotObligations>,
}

/// Sentences that have a keyword and oblige nobody, for one reason.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotObligations {
    /// The reason.
    pub why: String,
    /// Their fingerprints, in any version and section.
    pub text: Vec<String>,
}

const fn registry() -> Party {
    Party::Registry
}
