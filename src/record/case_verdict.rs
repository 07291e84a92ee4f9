//! The verdict of a case.

use super::{Case, Check, CheckVerdict, SET_UP, Stop, Verdict};

impl Case {
    /// Sets the verdict of the case by itself. Where the checks tell how it ended, what was its reason is a remark.
    pub(crate) fn conclude(&mut self) {
        self.verdict = self.own_verdict();
        if !self.verdict.has_reason() {
            self.notes.extend(self.reason.take());
        }
    }

    /// The verdict of the case by itself; `record::attribute` sets it once the other cases are known.
    pub(crate) fn own_verdict(&self) -> Verdict {
        match verdict(&self.checks, self.stopped.as_ref(), &self.declined) {
            // All checks of a set-up belong to procedures.
            Verdict::Untested if self.suite == SET_UP => Verdict::Pass,
            verdict => verdict,
        }
    }
}

/// The verdict of a case with these checks and declined features: the only place where one is computed.
///
/// A case passes only where it made a check of its own, not only in procedures that it uses.
pub fn verdict(checks: &[Check], stopped: Option<&Stop>, declined: &[String]) -> Verdict {
    let has = |wanted: CheckVerdict| checks.iter().any(|check| check.verdict == wanted);
    let own = checks.iter().any(|check| check.via_procedure.is_none());
    if has(CheckVerdict::Fail) {
        return Verdict::Fail;
    }
    match stopped {
        Some(Stop::Error(_) | Stop::WriteUnanswered(_) | Stop::Missing(_)) => Verdict::Error,
        Some(Stop::Blocked(_)) => Verdict::Blocked,
        _ if checks.iter().any(Check::is_hidden) => Verdict::Blocked,
        _ if has(CheckVerdict::Warn) => Verdict::Warn,
        Some(Stop::Declined) => Verdict::Unsupported,
        Some(Stop::Skipped) => Verdict::Skipped,
        // The failure that stopped it belongs to another case.
        Some(Stop::Broken(_)) => Verdict::Blocked,
        None if !declined.is_empty() => Verdict::Unsupported,
        None if own => Verdict::Pass,
        None => Verdict::Untested,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Category, Level};

    fn own(verdict: CheckVerdict) -> Check {
        Check::new("blob-get-status", Level::Must, verdict)
    }

    fn via_procedure(verdict: CheckVerdict) -> Check {
        Check {
            via_procedure: Some("push-blob".to_owned()),
            ..own(verdict)
        }
    }

    fn of(checks: &[Check], stopped: Option<Stop>) -> Verdict {
        verdict(checks, stopped.as_ref(), &[])
    }

    #[test]
    fn a_case_without_a_check_of_its_own_is_untested() {
        assert_eq!(of(&[], None), Verdict::Untested);
        let used = [via_procedure(CheckVerdict::Pass)];
        assert_eq!(of(&used, None), Verdict::Untested);
        assert_eq!(of(&[own(CheckVerdict::Pass)], None), Verdict::Pass);
        let set_up = Case {
            checks: used.to_vec(),
            ..Case::new("set-up-tea", SET_UP, Category::Push, "", "")
        };
        assert_eq!(set_up.own_verdict(), Verdict::Pass);
    }

    #[test]
    fn why_a_case_stopped_comes_before_what_it_did_not_check() {
        assert_eq!(of(&[], Some(Stop::Declined)), Verdict::Unsupported);
        assert_eq!(of(&[], Some(Stop::Skipped)), Verdict::Skipped);
        assert_eq!(of(&[], Some(Stop::Broken(0))), Verdict::Blocked);
        let declined = ["mount".to_owned()];
        assert_eq!(verdict(&[], None, &declined), Verdict::Unsupported);
        let error = || Some(Stop::Error("no answer".to_owned()));
        assert_eq!(of(&[own(CheckVerdict::Pass)], error()), Verdict::Error);
    }

    #[test]
    fn a_violated_must_outweighs_everything_and_a_hidden_check_a_warning() {
        let (fail, warn) = (own(CheckVerdict::Fail), own(CheckVerdict::Warn));
        let error = Some(Stop::Error("no answer".to_owned()));
        assert_eq!(of(std::slice::from_ref(&fail), error), Verdict::Fail);
        assert_eq!(of(std::slice::from_ref(&warn), None), Verdict::Warn);
        let hidden = own(CheckVerdict::Blocked);
        assert_eq!(of(&[warn, hidden], None), Verdict::Blocked);
    }

    #[test]
    fn only_a_verdict_without_a_result_keeps_its_reason() {
        let case = |check: CheckVerdict| Case {
            checks: vec![own(check)],
            stopped: Some(Stop::Declined),
            reason: Some("no mounts".to_owned()),
            ..Case::new("mount", "push/mount", Category::Push, "", "")
        };
        let mut declined = case(CheckVerdict::Pass);
        declined.conclude();
        let mut warned = case(CheckVerdict::Warn);
        warned.conclude();
        assert_eq!(declined.verdict, Verdict::Unsupported);
        assert_eq!(declined.reason.as_deref(), Some("no mounts"));
        assert_eq!(
            (warned.reason, warned.notes),
            (None, vec!["no mounts".to_owned()])
        );
    }
}
