//! A run held against a baseline: what was known to fail, what is new, and what the baseline has too much.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A failure that the baseline expects: it does not fail the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownFailure {
    /// The entry that expects it: a case or a requirement.
    pub entry: String,
    /// Why it is expected, in the words of whoever wrote the entry.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether it comes and goes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flaky: bool,
}

/// What a run is beside a baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineResult {
    /// The baseline's file, as the user named it.
    pub file: String,
    /// Cases that fail, are in error or blocked, and that no entry expects.
    pub new: Vec<String>,
    /// Cases that do, as an entry expects.
    pub known: Vec<String>,
    /// Entries that may come and go, and passed this time.
    #[serde(default)]
    pub flaky: Vec<String>,
    /// Entries that no longer fail, or that match nothing.
    pub stale: Vec<Stale>,
    /// Entries whose time is over: they expect nothing any more.
    #[serde(default)]
    pub expired: Vec<String>,
}

/// An entry that the baseline has too much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stale {
    /// The entry: a case or a requirement.
    pub entry: String,
    /// What became of it, in a sentence.
    pub why: String,
}
