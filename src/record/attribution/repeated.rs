//! Violations that several cases found: in a procedure, or with one root cause.
//!
//! A case uses procedures (opening an upload, pushing a fixture) whose expectations are tested by cases of
//! their own. A violation found in a procedure stays with the case that tests the requirement; where that case
//! passes, with the first case that found it. All other cases that found it are blocked by that case.

use std::collections::HashMap;

use super::FailureOwner;
use super::root_cause::root_causes;
use crate::record::{Attempt, Case, Check, CheckVerdict, SET_UP, Stop, Verdict};

/// Gives each failure that several cases found to one of them, marks the others as blocked, and sets every verdict.
pub fn attribute_repeated(cases: &mut [Case]) {
    let moved = find(cases);
    for (position, case) in cases.iter_mut().enumerate() {
        let mut left = Vec::new();
        for (index, check) in case.checks.iter_mut().enumerate() {
            if let Some(owner) = moved.owner(position, index) {
                check.verdict = CheckVerdict::Blocked;
                left.push(check.requirement.clone());
                let note = format!("{} is violated here too (see {owner})", check.requirement);
                if owner != case.id && !case.notes.contains(&note) {
                    case.notes.push(note);
                }
            }
        }
        drop_attributed_attempts(case, &left);
        explain_stop(case, position, &moved);
        case.conclude();
        // Another case's failure hides what this one checks itself.
        let hidden = |index: &usize| case.checks.get(*index).is_some_and(Check::is_hidden);
        let mut hidden = (0..case.checks.len()).filter(hidden);
        let owner = hidden.find_map(|index| moved.failure(case, position, index));
        if let Some(owner) = owner.filter(|_| case.verdict == Verdict::Blocked) {
            case.block_by(&owner);
        }
    }
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

/// For a case and one of its checks, by position: the case that keeps the failure.
#[derive(Debug, Default)]
struct Moved {
    moved: HashMap<(usize, usize), String>,
    /// By the name of a failed set-up: the case that keeps the failure.
    set_ups: HashMap<String, String>,
}

impl Moved {
    /// The case that keeps the failure of this check; nothing where it stays with its own case.
    fn owner(&self, case: usize, check: usize) -> Option<&str> {
        self.moved.get(&(case, check)).map(String::as_str)
    }

    /// The same, with the requirement of the check.
    fn failure(&self, case: &Case, position: usize, check: usize) -> Option<FailureOwner> {
        Some(FailureOwner {
            case: self.owner(position, check)?.to_owned(),
            requirement: case.checks.get(check)?.requirement.clone(),
        })
    }
}

/// Finds the case that keeps the failure, for every violation in a procedure or with a root cause.
fn find(cases: &[Case]) -> Moved {
    let root_causes = root_causes(cases);
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for (position, case) in cases.iter().enumerate() {
        for (index, check) in case.checks.iter().enumerate() {
            let caused = root_causes.contains_key(&(position, index));
            if check.via_procedure.is_none() && check.verdict.is_broken() && !caused {
                owners.entry(&check.requirement).or_insert(position);
            }
        }
    }
    let mut found = Moved::default();
    for (position, case) in cases.iter().enumerate() {
        for (index, check) in case.checks.iter().enumerate() {
            if !check.verdict.is_broken() {
                continue;
            }
            let caused = root_causes.get(&(position, index)).copied();
            let owner = match caused {
                Some(owner) => owner,
                None if check.via_procedure.is_none() => continue,
                None => *owners.entry(&check.requirement).or_insert(position),
            };
            if caused.is_none() && owner == position {
                continue;
            }
            if let Some(owner) = cases.get(owner) {
                found.moved.insert((position, index), owner.id.clone());
                if case.suite == SET_UP {
                    found.set_ups.insert(case.id.clone(), owner.id.clone());
                }
            }
        }
    }
    found
}

/// Sets the reason why a case stopped, and the case that keeps the failure which stopped it.
fn explain_stop(case: &mut Case, position: usize, moved: &Moved) {
    match case.stopped.clone() {
        None => {}
        Some(Stop::Blocked(set_up)) => {
            let owner = moved.set_ups.get(&set_up);
            case.explain(match owner {
                None => format!("blocked by {set_up}"),
                Some(owner) => format!("blocked by {owner}: {set_up} failed"),
            });
            case.blocked_by = Some(owner.cloned().unwrap_or(set_up));
        }
        Some(Stop::Broken(index)) => match moved.failure(case, position, index) {
            Some(owner) => case.block_by(&owner),
            None => {
                let ended = case.checks.get(index).map(|check| &check.requirement);
                let note = ended.map(|it| format!("the steps after {it} were skipped"));
                case.notes.extend(note);
            }
        },
        Some(stop) => {
            if let Some(reason) = stop.reason() {
                case.explain(reason);
            }
        }
    }
}
