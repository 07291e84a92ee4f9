//! A file of cases, and a case.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{ContentText, GivenText, InvariantText, SetupText, StepText};
use crate::catalogue::Version;
use crate::suite::SuiteVersion;

/// A file of cases: one section of the specification, in the folder of its category.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SuiteFile {
    /// The title of the suite in reports.
    pub title: String,
    /// The section of the specification: an anchor of its page.
    pub section: String,
    /// The cases, in the order of reports.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub cases: Vec<CaseText>,
    /// The checks of every response of the run.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub invariants: Vec<InvariantText>,
}

/// A scenario that runs on its own.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseText {
    /// The id, in kebab-case. It never changes: `--only`, JUnit and links use it.
    pub id: String,
    /// The rule that the case tests, in one sentence.
    pub title: String,
    /// The section of the specification; by default that of the suite.
    pub section: Option<String>,
    /// The version of the suites that added the case; the first version by default. `--as-of` does not count newer cases.
    pub since: Option<SuiteVersion>,
    /// The versions of the suites that changed the demands on a registry, each with a sentence that says the change.
    #[serde(default)]
    pub changed: IndexMap<SuiteVersion, String>,
    /// The first version of the specification that the case applies to. The case never runs for a version that has none
    /// of its requirements.
    pub from: Option<Version>,
    /// The last version of the specification that the case applies to.
    pub until: Option<Version>,
    /// Values by name. The case runs once for each value, or for each combination of values of several names.
    #[serde(default)]
    pub each: IndexMap<String, Vec<String>>,
    /// The features that the case needs. Without one of them, the case is unsupported.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Whether the case runs while no other case writes tags, because it reads a whole repository.
    #[serde(default)]
    pub serial: bool,
    /// Whether the case reads the simplest content. If its response is wrong, other cases with the same mistake are
    /// blocked, and do not fail.
    #[serde(default)]
    pub canonical: bool,
    /// The fixtures that the registry has before the case starts, by name.
    #[serde(default)]
    pub given: IndexMap<String, GivenText>,
    /// Content that is generated for the case, by name. Only `setup` and the steps push it.
    #[serde(default)]
    pub content: IndexMap<String, ContentText>,
    /// The content that the run pushes before the case starts, in this order. Blobs that follow each other are pushed in parallel.
    #[serde(default, deserialize_with = "crate::data::elements")]
    pub setup: Vec<SetupText>,
    /// The reading that the case takes, if the specification permits several. Reports and
    /// `assay explain` show it.
    pub note: Option<String>,
    /// The steps, in order.
    #[serde(deserialize_with = "crate::data::elements")]
    pub steps: Vec<StepText>,
}
