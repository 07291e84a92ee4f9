//! The result of comparing a response with a matcher.

use super::settling::Settling;
use crate::record::Part;

/// The result of comparing a response with a matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchResult {
    /// The matcher does not apply to this response.
    NotApplicable,
    /// The response meets it.
    Conforms {
        /// The expected value.
        expected: String,
        /// The actual value.
        actual: String,
    },
    /// The response violates it.
    Violates {
        /// The expected value.
        expected: String,
        /// The actual value.
        actual: String,
        /// The part of the response that is wrong (`record::Part`); none where it is another header, or a value of the body.
        part: Option<Part>,
        /// How a later response may meet it.
        settling: Settling,
    },
}

impl MatchResult {
    /// Whether the response meets the matcher.
    pub const fn conforms(&self) -> bool {
        matches!(self, Self::Conforms { .. })
    }

    /// Whether the response violates the matcher.
    pub const fn violates(&self) -> bool {
        matches!(self, Self::Violates { .. })
    }
}
