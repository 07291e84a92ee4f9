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
    /// What must hold, in one sentence of our own.
    pub says: String,
    /// Why it has this level, where the text carries no keyword or leaves something open.
    pub why: Option<String>,
    /// Why no HTTP client can see whether it is kept.
    pub unobservable: Option<String>,
    /// The feature that it belongs to, where a registry may leave that out: referrers, referrers-filter,
    /// tag-listing, tag-deletion, manifest-deletion, blob-deletion, mount, anonymous-mount, single-post, sha512,
    /// tag-params, blob-range or upload-cancel.
    pub feature: Option<String>,
    /// The sentences, table rows and code blocks that it comes from, in each version that asks for it: their
    /// fingerprints, as `assay spec sentences` prints them.
    #[serde(default)]
    pub text: ByVersion<Vec<String>>,
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
    /// Their fingerprints, of whatever version.
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

/// How the catalogue names a passage of the specification without quoting it: its fingerprint, and, where the
/// same words stand in several sections, the section that is meant (`3fa9c1d2e4b5@deleting-tags`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Citation {
    /// The fingerprint: twelve hexadecimal digits.
    pub fingerprint: String,
    /// The anchor of the section that is meant, where that matters.
    pub section: Option<String>,
}

impl Citation {
    /// Reads a citation; `None` where it is no fingerprint.
    pub fn parse(text: &str) -> Option<Self> {
        let (fingerprint, section) = match text.split_once('@') {
            Some((fingerprint, section)) => (fingerprint, Some(section)),
            None => (text, None),
        };
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let sound = fingerprint.len() == super::text::FINGERPRINT_LENGTH
            && fingerprint.bytes().all(hex)
            && section != Some("");
        sound.then(|| Self {
            fingerprint: fingerprint.to_owned(),
            section: section.map(str::to_owned),
        })
    }

    /// Whether it names a passage with that fingerprint in that section.
    pub fn names(&self, fingerprint: &str, section: &str) -> bool {
        self.fingerprint == fingerprint && self.section.as_deref().is_none_or(|own| own == section)
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.section {
            Some(section) => write!(f, "{}@{section}", self.fingerprint),
            None => f.write_str(&self.fingerprint),
        }
    }
}
