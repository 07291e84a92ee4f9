//! An invariant: a check of every response of the run.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{MatcherText, OneOrMany};
use crate::endpoint::EndpointKind;
use crate::suite::{Method, SuiteVersion};

/// A check of every response of the run.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InvariantText {
    /// The id, in kebab-case. It never changes. Reports show the invariant as a case of this id.
    pub id: String,
    /// The rule that every response must meet, in one sentence.
    pub title: String,
    /// The section of the specification; by default that of the suite.
    pub section: Option<String>,
    /// The version of the suites that added the invariant; the first version by default. `--as-of` does not count newer
    /// invariants.
    pub since: Option<SuiteVersion>,
    /// The versions of the suites that changed the demands on a registry, each with a sentence that says the change.
    #[serde(default)]
    pub changed: IndexMap<SuiteVersion, String>,
    /// The requests whose responses are checked, by method and endpoint; all requests by default.
    #[serde(default)]
    pub to: IndexMap<Method, OneOrMany<EndpointKind>>,
    /// For each requirement, the matchers that every response must meet.
    #[serde(deserialize_with = "super::expect::expectations")]
    pub expect: IndexMap<String, OneOrMany<MatcherText>>,
}
