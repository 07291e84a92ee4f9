//! What came of a target on a date: `outcome.json`, which is written last.

use serde::{Deserialize, Serialize};

/// The name of the file.
pub(super) const OUTCOME: &str = "outcome.json";

/// The version of the format of `outcome.json`.
pub(super) const SCHEMA: &str = "1";

/// What came of a target on a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The version of this format: "1".
    pub schema: String,
    /// The exit status of `assay run`; none where it was ended.
    pub status: Option<i32>,
    /// Whether there is a report.json.
    pub report: bool,
    /// Why there is no verdict, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
}

impl Outcome {
    /// An outcome in the present format.
    pub fn new(
        status: Option<i32>,
        report: bool,
        reason: Option<String>,
        duration_ms: u64,
    ) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            status,
            report,
            reason,
            duration_ms,
        }
    }

    /// Whether there is nothing to gain by testing the target again on the same date: there is a report, and no reason
    /// against its verdict.
    pub fn is_final(&self) -> bool {
        self.report && self.reason.is_none()
    }
}
