//! A run compared with a baseline: known failures, new failures, and stale entries.

use serde::{Deserialize, Serialize};

/// A failure that the baseline expects: it does not fail the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KnownFailure {
    /// The entry that expects it: a case or a requirement.
    pub entry: String,
    /// Why it is expected, as the entry says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether it fails only sometimes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flaky: bool,
}

/// The comparison of a run with a baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BaselineResult {
    /// The baseline's file, as the user named it.
    pub file: String,
    /// Cases that fail, are in error or blocked, and that no entry expects.
    pub new: Vec<String>,
    /// Cases that do, and that an entry expects.
    pub known: Vec<String>,
    /// New failures of which a part is expected: the case violates further requirements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<ChangedFailure>,
    /// Flaky entries that passed this time.
    #[serde(default)]
    pub flaky: Vec<String>,
    /// Entries that no longer fail, or that match nothing.
    pub stale: Vec<Stale>,
    /// Entries that are past their date: they expect nothing any more.
    #[serde(default)]
    pub expired: Vec<String>,
}

/// A case that violates the requirements that an entry expects, and others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChangedFailure {
    /// The case.
    pub case: String,
    /// The entry that expects a part of what it violates.
    pub entry: String,
    /// The requirements that no entry expects.
    pub violates: Vec<String>,
}

impl BaselineResult {
    /// What is new about a case of which a part is expected.
    pub fn changed(&self, case: &str) -> Option<&ChangedFailure> {
        self.changed.iter().find(|changed| changed.case == case)
    }
}

/// An entry that the baseline does not need any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Stale {
    /// The entry: a case or a requirement.
    pub entry: String,
    /// The reason, in a sentence.
    pub why: String,
}
