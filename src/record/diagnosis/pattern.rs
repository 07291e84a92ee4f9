//! What the exchanges of failed cases have in common where a deployment is the cause.

use super::location::{self, Away};
use super::observed::{Match, Observed};
use super::refused::{self, Requests, Unlike};

/// A pattern over the exchanges of a run. Only exchanges that explain why a case failed can match.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pattern {
    /// The `Location` of responses leads away from the target in this way, and no request to it succeeds.
    LeadsAway(Away),
    /// Certain requests have one of these statuses, unlike others.
    Refused {
        requests: Requests,
        /// Inclusive ranges.
        statuses: &'static [(u16, u16)],
        unlike: Unlike,
    },
}

impl Pattern {
    /// The exchanges that match; none where the pattern does not occur.
    pub fn find(self, observed: &Observed<'_>) -> Option<Match> {
        match self {
            Self::LeadsAway(away) => location::find(observed, away),
            Self::Refused {
                requests,
                statuses,
                unlike,
            } => refused::find(observed, requests, statuses, unlike),
        }
    }
}
