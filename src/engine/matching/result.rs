//! The result of comparing a response with a matcher.

use crate::record::Part;

/// The result of comparing a response with a matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchResult {
    /// The matcher does not apply to this response.
    NotAsked,
    /// The response meets it.
    Holds {
        /// The expected value.
        expected: String,
        /// The actual value.
        actual: String,
    },
    /// The response violates it.
    Breaks {
        /// The expected value.
        expected: String,
        /// The actual value.
        actual: String,
        /// The part of the response that is wrong, where that is its status or its body.
        part: Option<Part>,
        /// Whether a later response may meet it, because content takes time to appear everywhere.
        may_settle: bool,
    },
}

impl MatchResult {
    /// Whether the response meets the matcher.
    pub const fn holds(&self) -> bool {
        matches!(self, Self::Holds { .. })
    }

    /// Whether the response violates the matcher.
    pub const fn breaks(&self) -> bool {
        matches!(self, Self::Breaks { .. })
    }
}
