//! Content of a case: fixtures, and what is made for the case alone.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::data::SCALAR_OR_MAP;
use crate::template::SizeText;

/// Content that is in the registry: a fixture's name, or a fixture with options.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub enum GivenText {
    /// A fixture that all cases share: pushed once for the whole run, and never changed.
    Shared(String),
    /// A fixture pushed for this case alone, or with another algorithm, or to another repository.
    Particular(ParticularText),
}

/// A fixture with options.
#[derive(Debug, Clone, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParticularText {
    /// The fixture.
    pub fixture: String,
    /// Whether it is pushed for this case alone, which may then change or delete it.
    #[serde(default)]
    pub own: bool,
    /// The digest algorithm; sha256 by default.
    pub algorithm: Option<String>,
    /// The repository; `{repo}` by default.
    pub repo: Option<String>,
    /// Of a blob: the number of chunks of unequal length that it is cut into.
    pub chunks: Option<usize>,
}

/// A blob or a manifest that is in the registry before a case starts. One of `blob`, `manifest`.
#[derive(Debug, Clone, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupText {
    /// The blob (`{layer}`).
    pub blob: Option<String>,
    /// The manifest (`{image}`).
    pub manifest: Option<String>,
    /// With `manifest`: the tag to push it to; it is pushed by its digest by default.
    pub tag: Option<String>,
    /// The repository; `{repo}` by default.
    pub repo: Option<String>,
    /// Whether the registry may refuse it: the case is then unsupported.
    #[serde(default)]
    pub refusable: bool,
    /// The feature that a refusal declines.
    pub declines: Option<String>,
}

/// Content that is made. One of `random`, `text`, `fixture`.
#[derive(Debug, Clone, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentText {
    /// Random bytes: a size (`300`, `2 KiB`, `1 MiB`), or a reference to one (`{size}`).
    pub random: Option<SizeText>,
    /// The number of chunks of unequal length that the random bytes are cut into.
    pub chunks: Option<usize>,
    /// Whether the chunks are all of one length instead.
    #[serde(default)]
    pub equal: bool,
    /// The minimum length of every chunk but the last: what the registry asked for.
    pub at_least: Option<String>,
    /// Whether the last chunk is shorter than that; by default it is long enough.
    #[serde(default)]
    pub short_last: bool,
    /// The length of the last chunk, instead.
    pub last: Option<SizeText>,
    /// Bytes as written; the references are filled in (`{image.descriptor}`).
    pub text: Option<String>,
    /// What a fixture would push: its manifest, blobs and parts.
    pub fixture: Option<String>,
    /// With `fixture`: the size that white space after the manifest brings it to.
    pub padded: Option<SizeText>,
    /// The digest algorithm; sha256 by default.
    pub algorithm: Option<String>,
    /// The media type in its descriptor; `application/octet-stream` by default.
    pub media_type: Option<String>,
}

impl<'de> Deserialize<'de> for GivenText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SCALAR_OR_MAP, GivenVisitor)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = GivenText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a fixture, or a map with the key `fixture`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<GivenText, E> {
        Ok(GivenText::Shared(name.to_owned()))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, map: D) -> Result<GivenText, D::Error> {
        ParticularText::deserialize(map).map(GivenText::Particular)
    }
}
