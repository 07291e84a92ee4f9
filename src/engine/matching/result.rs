//! The result of comparing a response with a matcher.

use crate::record::Part;

/// What holding an answer against a matcher found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchResult {
    /// The matcher does not apply to this answer.
    NotAsked,
    /// It holds.
    Holds {
        /// What was asked for.
        expected: String,
        /// What came.
        actual: String,
    },
    /// It does not hold.
    Breaks {
        /// What was asked for.
        expected: String,
        /// What came.
        actual: String,
        /// Which part of the answer is wrong, where that is its status or its body.
        part: Option<Part>,
        /// Whether it may yet come to hold, because content takes time to appear everywhere.
        may_settle: bool,
    },
}

impl MatchResult {
    /// Whether the matcher holds.
    pub const fn holds(&self) -> bool {
        matches!(self, Self::Holds { .. })
    }

    /// Whether it is broken.
    pub const fn breaks(&self) -> bool {
        matches!(self, Self::Breaks { .. })
    }
}
