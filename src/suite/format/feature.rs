//! Optional features of a registry.

use indexmap::IndexMap;
use serde::Deserialize;

/// The file of features.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FeaturesFile {
    /// The optional features, by name.
    #[serde(deserialize_with = "crate::data::entries")]
    pub features: IndexMap<String, FeatureText>,
}

/// A feature that a registry may leave out.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FeatureText {
    /// The feature in a few words.
    pub title: String,
    /// The section of the specification that defines the feature.
    pub section: String,
    /// Whether every registry supports the feature. Cases can then name it in a list of features.
    #[serde(default)]
    pub always: bool,
    /// The requirement that recommends the feature. A registry without the feature then gets a warning.
    pub should: Option<String>,
}
