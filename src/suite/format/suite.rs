//! A file of cases, and a case.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ContentText, GivenText, InvariantText, SetupText, StepText};
use crate::catalogue::Version;
use crate::suite::SuiteVersion;

/// A file of cases: one section of the specification, in the folder of its category.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuiteFile {
    /// What the suite tests, for a person.
    pub title: String,
    /// The section of the specification: an anchor of its text.
    pub section: String,
    /// The cases, in the order of the reports.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub cases: Vec<CaseText>,
    /// What every response of the run is checked for.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub invariants: Vec<InvariantText>,
}

/// The smallest scenario that runs on its own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseText {
    /// Its name in kebab-case, which never changes: selector, JUnit name, anchor.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// The section, where it differs from the suite's.
    pub section: Option<String>,
    /// The version of the suites that added it; the first version by default. `--as-of` does not count newer cases.
    pub since: Option<SuiteVersion>,
    /// The versions of the suites that changed what it demands of a registry, each with what changed.
    #[serde(default)]
    pub changed: IndexMap<SuiteVersion, String>,
    /// The first version of the specification that it applies to. A version that has none of its requirements leaves
    /// it out in any case.
    pub from: Option<Version>,
    /// The last version of the specification that it applies to.
    pub until: Option<Version>,
    /// Values to run it with: one run for each value (for each combination, if several are named).
    #[serde(default)]
    pub each: IndexMap<String, Vec<String>>,
    /// Features that it needs: if the target declines one, the case is unsupported.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Whether no other case may run at the same time, because it reads a whole repository.
    #[serde(default)]
    pub serial: bool,
    /// Whether it reads the simplest content. If the response is wrong there, the same mistake in the responses to
    /// other cases blocks these, and is not a failure of its own.
    #[serde(default)]
    pub canonical: bool,
    /// Fixtures that are in the registry before it starts.
    #[serde(default)]
    pub given: IndexMap<String, GivenText>,
    /// Content that is made for it, and pushed only where `setup` says so.
    #[serde(default)]
    pub content: IndexMap<String, ContentText>,
    /// The content that is pushed before it starts, in this order.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub setup: Vec<SetupText>,
    /// Where the specification permits two readings: which of them the case takes. Printed with the case.
    pub note: Option<String>,
    /// What is done, in order.
    #[serde(deserialize_with = "crate::data::elements")]
    pub steps: Vec<StepText>,
}
