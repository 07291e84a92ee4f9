//! The outcome of one word of a matcher.

use crate::engine::matching::rules::RuleOutcome;
use crate::engine::matching::settling::Settling;
use crate::record::Part;

/// The outcome of one word of a matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordOutcome {
    pub rule: RuleOutcome,
    /// The part of the response that it is about (`record::Part`).
    pub part: Option<Part>,
}

impl WordOutcome {
    /// An outcome that is the same in a later response, and about no part.
    pub fn lasting(holds: bool, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self {
            rule: RuleOutcome {
                holds,
                expected: expected.into(),
                actual: actual.into(),
                settling: Settling::Never,
            },
            part: None,
        }
    }

    /// The same about a part of the response.
    #[must_use]
    pub fn about(self, part: Part) -> Self {
        Self {
            part: Some(part),
            ..self
        }
    }

    /// The same where a later response may meet it.
    #[must_use]
    pub fn settling(mut self, settling: Settling) -> Self {
        self.rule.settling = settling;
        self
    }
}
