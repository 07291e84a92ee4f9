//! Features: what a registry may leave out.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The file of features.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeaturesFile {
    /// What a registry may leave out, by name.
    #[serde(deserialize_with = "crate::data::entries")]
    pub features: IndexMap<String, FeatureText>,
}

/// Something that a registry may leave out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureText {
    /// What it is, in a few words.
    pub title: String,
    /// The section of the specification that defines it.
    pub section: String,
    /// Whether every registry has it: such a feature exists so that cases can name it beside others.
    #[serde(default)]
    pub always: bool,
    /// The requirement that recommends it: leaving it out is then a warning.
    pub should: Option<String>,
}
