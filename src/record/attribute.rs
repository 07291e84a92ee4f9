//! One cause, one failure.
//!
//! A case uses procedures (opening an upload, pushing a fixture) whose expectations are tested by cases of
//! their own. A violation found in a procedure stays with the case that tests the requirement; where that case
//! passes, with the first case that found it. All other cases that found it are blocked by that case.

use std::collections::HashMap;

use super::missing_value::explain_missing_values;
use super::root_cause::{endpoint_of, root_causes};
use super::{Attempt, Case, Check, CheckVerdict, SET_UP, Stop, Verdict};
use crate::endpoint::EndpointKind;

/// Gives each failure that several cases found to one of them, marks the others as blocked, and sets every verdict.
/// Cases are in the order of the run, their checks as they were found.
pub fn attribute(cases: &mut [Case]) {
    let moved = find(cases);
    for (position, case) in cases.iter_mut().enumerate() {
        let mut left = Vec::new();
        for (index, check) in case.checks.iter_mut().enumerate() {
            if let Some(keeper) = moved.keeper(position, index) {
                check.verdict = CheckVerdict::Blocked;
                left.push(check.requirement.clone());
                let note = format!("{} is violated here too (see {keeper})", check.requirement);
                if keeper != case.id && !case.notes.contains(&note) {
                    case.notes.push(note);
                }
            }
        }
        drop_attributed_attempts(case, &left);
        explain(case, position, &moved);
        case.verdict = verdict(
            &case.checks,
            case.stopped.as_ref(),
            !case.declined.is_empty(),
            case.suite == SET_UP,
        );
        // Another case's failure hides what this one checks itself.
        let mut checks = case.checks.iter().enumerate();
        let keeper = checks.find_map(|(index, check)| {
            let keeper = moved.keeper(position, index);
            keeper.filter(|_| check.is_hidden())
        });
        if case.verdict == Verdict::Blocked
            && let Some(keeper) = keeper
        {
            case.blocked_by = Some(keeper.to_owned());
        }
    }
    explain_unjudged(cases);
    explain_missing_values(cases);
}

/// Removes violations of these requirements from the earlier attempts at a case: the last attempt shows them, too, and leaves
/// them to another case. It did not pass when it was retried.
fn drop_attributed_attempts(case: &mut Case, requirements: &[String]) {
    if requirements.is_empty() {
        return;
    }
    for attempt in &mut case.attempts {
        let own = |check: &&Check| !requirements.contains(&check.requirement);
        let checks = attempt.checks.iter().filter(own);
        *attempt = Attempt::of(checks, &attempt.exchanges, attempt.duration_ms);
    }
    case.attempts.retain(|attempt| !attempt.checks.is_empty());
}

/// Names the failure that keeps the checks of other cases from being judged: the first one of a request to the same kind of
/// endpoint.
fn explain_unjudged(cases: &mut [Case]) {
    let mut keepers: HashMap<EndpointKind, (String, String)> = HashMap::new();
    for case in cases.iter() {
        let broken = |check: &&Check| check.via_procedure.is_none() && check.verdict.is_broken();
        for check in case.checks.iter().filter(broken) {
            if let Some(kind) = endpoint_of(case, check) {
                let keeper = || (case.id.clone(), check.requirement.clone());
                keepers.entry(kind).or_insert_with(keeper);
            }
        }
    }
    let unexplained =
        |case: &&mut Case| case.verdict == Verdict::Blocked && case.blocked_by.is_none();
    for case in cases.iter_mut().filter(unexplained) {
        let hidden = case.checks.iter().find(|check| check.is_hidden());
        let kind = hidden.and_then(|check| endpoint_of(case, check));
        if let Some((keeper, requirement)) = kind.and_then(|kind| keepers.get(&kind)) {
            case.block_by(keeper, requirement);
        }
    }
}

/// The verdict of a case: the only place where one is computed. For a case that is just over, it is the verdict by
/// itself; [`attribute`] computes it again once the other cases are known.
///
/// A case passes only where it made a check of its own, not only in procedures that it uses. A `set_up` has none: all its
/// checks belong to procedures.
pub fn verdict(checks: &[Check], stopped: Option<&Stop>, declined: bool, set_up: bool) -> Verdict {
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
        None if declined => Verdict::Unsupported,
        None if own || set_up => Verdict::Pass,
        None => Verdict::Untested,
    }
}

/// For a case and one of its checks, by position: the case that keeps the failure.
#[derive(Debug, Default)]
struct Moved {
    moved: HashMap<(usize, usize), String>,
    /// By the name of a failed set-up: the case that keeps the failure.
    set_ups: HashMap<String, String>,
}

impl Moved {
    /// The case that keeps the failure of this check; nothing where it stays with its own case.
    fn keeper(&self, case: usize, check: usize) -> Option<&str> {
        self.moved.get(&(case, check)).map(String::as_str)
    }
}

/// Finds the case that keeps the failure, for every violation in a procedure or with a root cause.
fn find(cases: &[Case]) -> Moved {
    let root_causes = root_causes(cases);
    let mut keepers: HashMap<&str, usize> = HashMap::new();
    for (position, case) in cases.iter().enumerate() {
        for (index, check) in case.checks.iter().enumerate() {
            let caused = root_causes.contains_key(&(position, index));
            if check.via_procedure.is_none() && check.verdict.is_broken() && !caused {
                keepers.entry(&check.requirement).or_insert(position);
            }
        }
    }
    let mut found = Moved::default();
    for (position, case) in cases.iter().enumerate() {
        for (index, check) in case.checks.iter().enumerate() {
            if !check.verdict.is_broken() {
                continue;
            }
            if let Some(keeper) = root_causes
                .get(&(position, index))
                .and_then(|at| cases.get(*at))
            {
                found.moved.insert((position, index), keeper.id.clone());
                if case.suite == SET_UP {
                    found.set_ups.insert(case.id.clone(), keeper.id.clone());
                }
                continue;
            }
            if check.via_procedure.is_none() {
                continue;
            }
            let keeper = *keepers.entry(&check.requirement).or_insert(position);
            if keeper == position {
                continue;
            }
            if let Some(keeper) = cases.get(keeper) {
                found.moved.insert((position, index), keeper.id.clone());
                if case.suite == SET_UP {
                    found.set_ups.insert(case.id.clone(), keeper.id.clone());
                }
            }
        }
    }
    found
}

fn explain(case: &mut Case, position: usize, moved: &Moved) {
    match &case.stopped {
        None | Some(Stop::Declined | Stop::Skipped) => {}
        Some(Stop::Error(why) | Stop::WriteUnanswered(why)) => case.notes.push(why.clone()),
        Some(Stop::Missing(value)) => case.notes.push(format!(
            "no response gave the value `{value}`, which the next step needs"
        )),
        Some(Stop::Blocked(set_up)) => {
            let keeper = moved.set_ups.get(set_up);
            case.notes.push(match keeper {
                None => format!("blocked by {set_up}"),
                Some(keeper) => format!("blocked by {keeper}: {set_up} failed"),
            });
            case.blocked_by = Some(keeper.unwrap_or(set_up).clone());
        }
        Some(Stop::Broken(index)) => {
            let Some(check) = case.checks.get(*index) else {
                return;
            };
            let requirement = &check.requirement;
            let keeper = moved.keeper(position, *index);
            case.notes.push(match keeper {
                Some(keeper) => format!("blocked by {keeper}: {requirement} is violated"),
                None => format!("the steps after {requirement} were skipped"),
            });
            case.blocked_by = keeper.map(str::to_owned);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Level;

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
        verdict(checks, stopped.as_ref(), false, false)
    }

    #[test]
    fn a_case_without_a_check_of_its_own_is_untested() {
        assert_eq!(of(&[], None), Verdict::Untested);
        let used = [via_procedure(CheckVerdict::Pass)];
        assert_eq!(of(&used, None), Verdict::Untested);
        assert_eq!(of(&[own(CheckVerdict::Pass)], None), Verdict::Pass);
        assert_eq!(verdict(&used, None, false, true), Verdict::Pass, "a set-up");
    }

    #[test]
    fn why_a_case_stopped_comes_before_what_it_did_not_check() {
        assert_eq!(of(&[], Some(Stop::Declined)), Verdict::Unsupported);
        assert_eq!(of(&[], Some(Stop::Skipped)), Verdict::Skipped);
        assert_eq!(of(&[], Some(Stop::Broken(0))), Verdict::Blocked);
        assert_eq!(verdict(&[], None, true, false), Verdict::Unsupported);
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
}
