//! A whole run.

use std::collections::BTreeMap;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{
    BaselineResult, Case, Check, Conformance, Counts, Diagnosis, Leftover, RerunComparison,
    Timings, Verdict,
};
use crate::catalogue::{Category, Level, Party, Version};

/// A finished (or interrupted) run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Run {
    /// The version of this format: "2".
    pub schema: String,
    /// The program that made it.
    pub tool: Tool,
    /// The registry under test.
    pub target: Target,
    /// The version of the specification that it was tested against.
    pub spec: Version,
    /// The seed of names and content; `--seed` repeats it. 0 where `assay run` did not make the record.
    pub seed: u32,
    /// When it began.
    pub started: String,
    /// How long it took.
    pub duration_ms: u64,
    /// Whether the target conforms.
    pub verdict: Conformance,
    /// Whether it was stopped before its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// Whether the user left a part of the suites out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// How many cases have each verdict.
    pub summary: Counts,
    /// How many requests were sent.
    pub requests: u64,
    /// Known causes of deployment that explain failures, the most basic first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnoses: Vec<Diagnosis>,
    /// Notes about the whole run: waits, retries, warnings.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The content of the run that could not be deleted, or was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leftovers: Vec<Leftover>,
    /// The comparison with a baseline of known failures, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineResult>,
    /// The comparison with an earlier run, where its failures were run again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rerun: Option<RerunComparison>,
    /// Each category.
    pub categories: BTreeMap<Category, CategoryResult>,
    /// The features that the target was found to support, or not.
    pub features: IndexMap<String, FeatureState>,
    /// Each requirement that a case of the run tests.
    pub requirements: Vec<RequirementResult>,
    /// Each case, in the order of the suites.
    pub cases: Vec<Case>,
    /// Where the time of the run went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timings: Option<Timings>,
    /// The version of the suites whose cases count, where the user named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Cases that are newer than that: they were run and do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<Uncounted>,
    /// The report.json with this record, as commands for the reader name it: a path from the directory of the run. `None` if
    /// there is none. It is no part of the format.
    #[serde(skip, default = "Run::beside")]
    pub file: Option<PathBuf>,
}

impl Run {
    /// The report.json in the folder of the other reports.
    pub(crate) fn beside() -> Option<PathBuf> {
        Some(PathBuf::from("report.json"))
    }

    /// Whether the verdict is open only because options of the run left cases out: no case is blocked or in error.
    pub(crate) fn lacks_only_left_out(&self) -> bool {
        self.verdict == Conformance::Inconclusive
            && !self.interrupted
            && self.summary.blocked == 0
            && self.summary.error == 0
    }

    /// Whether no entry of a baseline expects this violation of a case that fails anew: of a case that was known to fail, the
    /// requirements that it violates besides.
    pub(crate) fn is_new(&self, case: &Case, check: &Check) -> bool {
        let baseline = self.baseline.as_ref();
        let changed = baseline.and_then(|baseline| baseline.changed(&case.id));
        changed.is_none_or(|changed| changed.violates.contains(&check.requirement))
    }
}

impl Run {
    /// The seed of names and content, where there is one: only `assay run` makes content.
    pub fn content_seed(&self) -> Option<u32> {
        self.target.judged_by.is_run().then_some(self.seed)
    }
}

/// A case that is newer than the version of the suites that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Uncounted {
    /// The version of the suites that brought it, or last changed what it tests.
    pub since: String,
    /// The case.
    #[serde(flatten)]
    pub case: Case,
}

/// The program that made the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    /// "assay".
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub fn assay() -> Self {
        Self {
            name: "assay".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The registry, or the client, that was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Target {
    /// Its base URL, without a path.
    pub url: String,
    /// The repository that most cases use.
    pub repo: String,
    /// The second repository, for mounts and isolation.
    pub repo2: String,
    /// The options of `assay run` that reach it again as the run did, read the same suites and judge alike: `--ca=tls/ca.pem`,
    /// `--require=referrers`. None is a secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Whether the run pushed nothing, because the user said so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_push: bool,
    /// Whether it is the bundled registry, started for the run.
    #[serde(default)]
    pub bundled: bool,
    /// Whom the run judges. For a client, the URL is its name and version.
    #[serde(default, skip_serializing_if = "Party::is_registry")]
    pub party: Party,
    /// The command that judged it.
    #[serde(default, skip_serializing_if = "JudgedBy::is_run")]
    pub judged_by: JudgedBy,
}

impl Target {
    /// The two repositories of a run whose user names none.
    pub const REPOSITORIES: [&'static str; 2] = ["conformance/repo1", "conformance/repo2"];

    /// Whether `assay reproduce` may make scripts of its cases: those push content, as the run did.
    pub fn has_scripts(&self) -> bool {
        self.judged_by.is_run() && !self.no_push
    }
}

/// The command that judged a target, with what names the target to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum JudgedBy {
    /// `assay run`.
    #[default]
    Run,
    /// `assay client run`, with the name of the client.
    Client(String),
    /// `assay client run --adapter`, with the file.
    Adapter(String),
    /// `assay proxy`.
    Proxy,
    /// `assay judge`, with the file.
    Recording(String),
}

impl JudgedBy {
    fn is_run(&self) -> bool {
        *self == Self::Run
    }
}

/// A category's part of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CategoryResult {
    /// Whether the target conforms in it.
    pub verdict: Conformance,
    /// How many of its cases have each verdict.
    #[serde(flatten)]
    pub counts: Counts,
}

/// The state of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FeatureState {
    /// The target supports it.
    Supported,
    /// The target declined it.
    Unsupported,
    /// No case of the run shows it.
    Unknown,
}

/// A requirement's part of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RequirementResult {
    /// Its stable name.
    pub id: String,
    /// Its level in the version that was tested.
    pub level: Level,
    /// Its category.
    pub category: Category,
    /// Its section: an anchor of the specification's text.
    pub section: String,
    /// Its demand, in one sentence.
    #[serde(default)]
    pub says: String,
    /// The address of the sentence that it comes from, or of its section.
    #[serde(default)]
    pub link: String,
    /// The basis of its level: `keyword`, `table`, `sentence`, `implied`, or an RFC and its section.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Why it has that level, where the text has no keyword or leaves something open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Its verdict over all its cases.
    pub verdict: Verdict,
    /// The cases that test it.
    pub cases: Vec<String>,
}
