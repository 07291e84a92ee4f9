//! Writes that a gateway in front of the registry answers with 502 or 504 now and then: it got no response from the registry,
//! so that their effect is unknown, as without a response. Their case is run again (`engine::retry`).
//!
//! Where a kind of write is never answered otherwise, or a case gets such a response again and again, it is judged.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::unanswered::WriteKind;

/// How many such responses to a kind of write are not judged, in one case; and in the run, where it is never answered otherwise.
const MAX_NOT_JUDGED: usize = 5;

/// The responses of gateways during a run.
#[derive(Debug, Default)]
pub struct GatewayErrors {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Kinds of writes that had another response.
    answered: HashSet<WriteKind>,
    /// The number of 502 and 504 for each kind of write.
    of_kind: HashMap<WriteKind, usize>,
    /// The number of 502 and 504 for each case and kind of write.
    of_case: HashMap<(String, WriteKind), usize>,
}

impl GatewayErrors {
    /// Counts the response to a write of a case. Returns whether it leaves the effect of the write unknown.
    pub fn hides_effect(&self, case: &str, kind: WriteKind, status: u16) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(status, 502 | 504) {
            state.answered.insert(kind);
            return false;
        }
        let of_kind = state.of_kind.entry(kind.clone()).or_default();
        *of_kind = of_kind.saturating_add(1);
        let lasts = *of_kind > MAX_NOT_JUDGED && !state.answered.contains(&kind);
        let of_case = state.of_case.entry((case.to_owned(), kind)).or_default();
        *of_case = of_case.saturating_add(1);
        !lasts && *of_case <= MAX_NOT_JUDGED
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::EndpointKind;

    fn kind(method: &str) -> WriteKind {
        (method.to_owned(), EndpointKind::ManifestByDigest)
    }

    #[test]
    fn one_502_is_not_judged() {
        let errors = GatewayErrors::default();
        assert!(!errors.hides_effect("a", kind("PUT"), 201));
        assert!(!errors.hides_effect("a", kind("PUT"), 500));
        assert!(errors.hides_effect("a", kind("PUT"), 502));
        assert!(errors.hides_effect("b", kind("PUT"), 504));
    }

    #[test]
    fn a_kind_of_write_that_is_never_answered_otherwise_is_judged() {
        let errors = GatewayErrors::default();
        for case in 0..MAX_NOT_JUDGED {
            assert!(errors.hides_effect(&case.to_string(), kind("PUT"), 502));
        }
        assert!(!errors.hides_effect("last", kind("PUT"), 502));
        assert!(errors.hides_effect("last", kind("DELETE"), 502));
    }

    #[test]
    fn a_write_that_fails_in_every_attempt_of_its_case_is_judged() {
        let errors = GatewayErrors::default();
        errors.hides_effect("other", kind("PUT"), 201);
        for _ in 0..MAX_NOT_JUDGED {
            assert!(errors.hides_effect("a", kind("PUT"), 502));
        }
        assert!(!errors.hides_effect("a", kind("PUT"), 502));
        assert!(errors.hides_effect("other", kind("PUT"), 502));
    }
}
