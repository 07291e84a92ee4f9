//! Violations that outlast the retries of a case (`--retries`). The report says each of them once (`record::attribute`), so that
//! another case that finds one in a procedure is not retried for it.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::record::{Check, CheckVerdict};

/// The requirements that a case violates in its last attempt.
#[derive(Debug, Default)]
pub struct LastingViolations(Mutex<HashSet<String>>);

impl LastingViolations {
    /// Notes the violations among the checks of a last attempt.
    pub fn note(&self, checks: &[Check]) {
        let mut known = self.lock();
        known.extend(violated(checks).map(|check| check.requirement.clone()));
    }

    /// Whether procedures found all violations among these checks, and all are known to last.
    pub fn explain(&self, checks: &[Check]) -> bool {
        let known = self.lock();
        violated(checks)
            .all(|check| check.via_procedure.is_some() && known.contains(&check.requirement))
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn violated(checks: &[Check]) -> impl Iterator<Item = &Check> {
    let checks = checks.iter();
    checks.filter(|check| check.verdict == CheckVerdict::Fail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Level;

    #[test]
    fn what_lasts_explains_a_violation_in_a_procedure_alone() {
        let own = Check::new("blob-get-status", Level::Must, CheckVerdict::Fail);
        let in_procedure = Check {
            via_procedure: Some("push-blob".to_owned()),
            ..own.clone()
        };
        let lasting = LastingViolations::default();
        assert!(!lasting.explain(std::slice::from_ref(&in_procedure)));
        lasting.note(std::slice::from_ref(&own));
        assert!(lasting.explain(std::slice::from_ref(&in_procedure)));
        assert!(!lasting.explain(&[in_procedure, own]));
    }
}
