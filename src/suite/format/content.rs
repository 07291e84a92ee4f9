//! Content of a case: fixtures, and what is made for the case alone.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::data::scalar_or_map;
use crate::template::SizeText;

/// A fixture that the registry has before the case starts: its name, or a map with options.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum GivenText {
    /// The name of a fixture that all cases share: the run pushes it once, and no case changes it.
    Shared(String),
    /// A fixture for this case alone, with another digest algorithm, or in another repository.
    Particular(ParticularText),
}

/// A fixture with options.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ParticularText {
    /// The name of the fixture.
    pub fixture: String,
    /// Whether the run pushes the fixture for this case alone. The case may then change or delete it.
    #[serde(default)]
    pub own: bool,
    /// The digest algorithm; sha256 by default.
    pub algorithm: Option<String>,
    /// The repository; `{repo}` by default.
    pub repo: Option<String>,
    /// For a blob: the number of chunks, of unequal length, that steps can send with `chunk`.
    pub chunks: Option<usize>,
}

/// A blob or a manifest that the run pushes before the case starts. Needs `blob` or `manifest`.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetupText {
    /// A reference to the blob (`{layer}`).
    pub blob: Option<String>,
    /// A reference to the manifest (`{image}`).
    pub manifest: Option<String>,
    /// With `manifest`: the tag of the push. Without a tag, the run pushes the manifest by its digest.
    pub tag: Option<String>,
    /// The repository; `{repo}` by default.
    pub repo: Option<String>,
    /// Whether the registry may refuse this push. A refusal makes the case unsupported.
    #[serde(default)]
    pub refusable: bool,
    /// The feature that the registry does not support if it refuses this push.
    pub declines: Option<String>,
}

/// Content that is generated for the case. Needs `random`, `text` or `fixture`.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ContentText {
    /// Random bytes: a size (`300`, `2 KiB`, `1 MiB`), or a reference to one (`{size}`).
    pub random: Option<SizeText>,
    /// With `random`: the number of chunks, of unequal length, that steps can send with `chunk`.
    pub chunks: Option<usize>,
    /// With `chunks`: whether all chunks have the same length.
    #[serde(default)]
    pub equal: bool,
    /// With `chunks`: a reference to the minimum length of every chunk except the last, as the registry announced it.
    pub at_least: Option<String>,
    /// With `at_least`: whether the last chunk is shorter than the minimum. By default it is not.
    #[serde(default)]
    pub short_last: bool,
    /// With `chunks`: the length of the last chunk.
    pub last: Option<SizeText>,
    /// The bytes as text. References in it are replaced by their values (`{image.descriptor}`).
    pub text: Option<String>,
    /// The name of a fixture: its manifest, blobs and parts are generated, and not pushed.
    pub fixture: Option<String>,
    /// With `fixture`: the size of the manifest. White space after the manifest fills it up.
    pub padded: Option<SizeText>,
    /// The digest algorithm; sha256 by default.
    pub algorithm: Option<String>,
    /// The media type in the descriptor of this content; `application/octet-stream` by default.
    pub media_type: Option<String>,
}

impl<'de> Deserialize<'de> for GivenText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar_or_map(deserializer, GivenVisitor)
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
