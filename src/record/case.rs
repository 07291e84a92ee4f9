//! A case as it went: its checks, and the exchanges that show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Exchange, Verdict};
use crate::spec::{Category, Level};

/// A case of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// Its name for ever: selector, JUnit name and anchor.
    pub id: String,
    /// The suite that holds it (`push/chunked`).
    pub suite: String,
    /// The category that it counts in.
    pub category: Category,
    /// What it shows, in a sentence.
    pub title: String,
    /// The section of the specification it belongs to: an anchor of its text.
    #[serde(default)]
    pub section: String,
    /// What became of it.
    pub verdict: Verdict,
    /// From its first request to its last answer, fixtures included.
    pub duration_ms: u64,
    /// The features that it needs or decides.
    #[serde(default)]
    pub features: Vec<String>,
    /// The case that keeps the failure which blocks this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<String>,
    /// What a reader should know besides: what blocked it, which of two readings holds, how long it waited.
    pub notes: Vec<String>,
    /// What was checked, in order.
    pub checks: Vec<Check>,
    /// The evidence, in order.
    pub exchanges: Vec<Exchange>,
}

/// One expectation held against one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// The requirement it proves.
    pub requirement: String,
    /// That requirement's level in the version judged against.
    pub level: Level,
    /// Whether it holds.
    pub verdict: CheckVerdict,
    /// What was found, in a sentence.
    pub message: String,
    /// What the requirement asks for here.
    pub expected: String,
    /// What came instead, or as asked.
    pub actual: String,
    /// The position of the exchange in the case's `exchanges`.
    pub exchange: Option<usize>,
}

/// Whether an expectation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CheckVerdict {
    /// It holds.
    Pass,
    /// It does not, and its requirement is a MUST.
    Fail,
    /// It does not, and its requirement is a SHOULD.
    Warn,
    /// It was not asked, because something before it failed.
    Blocked,
}

impl CheckVerdict {
    /// The word for it in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Blocked => "blocked",
        }
    }

    /// Whether the requirement is broken.
    pub const fn is_broken(self) -> bool {
        matches!(self, Self::Fail | Self::Warn)
    }
}
