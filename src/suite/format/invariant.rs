//! An invariant: what every response of the run is checked for.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{MatcherText, OneOrMany};
use crate::endpoint::EndpointKind;
use crate::suite::{Method, SuiteVersion};

/// What every response of the run is checked for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvariantText {
    /// Its name, which never changes: it is reported as a case.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// The section, where it differs from the suite's.
    pub section: Option<String>,
    /// The version of the suites that added it; the first version by default. `--as-of` does not count newer ones.
    pub since: Option<SuiteVersion>,
    /// The versions of the suites that changed what it demands of a registry, each with what changed.
    #[serde(default)]
    pub changed: IndexMap<SuiteVersion, String>,
    /// The requests whose responses are checked, by method and by what they ask for; all requests by default.
    #[serde(default)]
    pub to: IndexMap<Method, OneOrMany<EndpointKind>>,
    /// What each response must be.
    #[serde(deserialize_with = "super::expect::expectations")]
    pub expect: IndexMap<String, OneOrMany<MatcherText>>,
}
