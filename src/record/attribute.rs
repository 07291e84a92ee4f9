//! One cause, one failure.
//!
//! A case borrows procedures (opening an upload, pushing a fixture) whose expectations are tested by cases of
//! their own. Where such an expectation is broken, the failure stays with the case that tests it; if that one
//! passes, it stays with the first that found it. For all others it is what blocks them.

use std::collections::HashMap;

use super::root_cause::root_causes;
use super::{Case, Check, CheckVerdict, SET_UP, Stop, Verdict};

/// Says what each case comes to beside the others: who keeps a failure that several found, what blocks whom.
/// Cases are in the order of the run, their checks as they were found.
pub fn attribute(cases: &mut [Case]) {
    let moved = find(cases);
    for (position, case) in cases.iter_mut().enumerate() {
        let known = case.notes.len();
        for (index, check) in case.checks.iter_mut().enumerate() {
            if let Some(keeper) = moved.keeper(position, index) {
                check.verdict = CheckVerdict::Blocked;
                case.notes.push(format!(
                    "{} is broken here too: see {keeper}",
                    check.requirement
                ));
            }
        }
        explain(case, position, &moved);
        case.attribution_notes = case.notes.len() - known;
        case.verdict = verdict(
            case.checks.iter().map(|check| check.verdict),
            case.stopped.as_ref(),
            !case.declined.is_empty(),
        );
        // What it would show of its own is hidden by another's failure.
        let hider = case.checks.iter().position(Check::is_hidden);
        if let Some(keeper) = hider.and_then(|index| moved.keeper(position, index))
            && !matches!(case.verdict, Verdict::Fail | Verdict::Error)
        {
            case.verdict = Verdict::Blocked;
            case.blocked_by = Some(keeper.to_owned());
        }
    }
}

/// What checks come to in a case that was stopped for this reason, and may have heard a feature declined.
pub fn verdict(
    checks: impl Iterator<Item = CheckVerdict>,
    stopped: Option<&Stop>,
    declined: bool,
) -> Verdict {
    let mut warned = false;
    for check in checks {
        match check {
            CheckVerdict::Fail => return Verdict::Fail,
            CheckVerdict::Warn => warned = true,
            CheckVerdict::Pass | CheckVerdict::Blocked => {}
        }
    }
    match stopped {
        Some(Stop::Error(_) | Stop::WriteUnanswered(_)) => Verdict::Error,
        Some(Stop::Blocked(_)) => Verdict::Blocked,
        Some(Stop::Broken(_) | Stop::Declined | Stop::Skipped) | None if warned => Verdict::Warn,
        Some(Stop::Declined) => Verdict::Unsupported,
        Some(Stop::Skipped) => Verdict::Skipped,
        // What stopped it is shown by another case.
        Some(Stop::Broken(_)) => Verdict::Blocked,
        None if declined => Verdict::Unsupported,
        None => Verdict::Pass,
    }
}

/// For a case and one of its checks, by position: the case that keeps the failure.
#[derive(Debug, Default)]
struct Moved {
    moved: HashMap<(usize, usize), String>,
    /// For a set-up that is broken, by name: the case that keeps the failure.
    set_ups: HashMap<String, String>,
}

impl Moved {
    /// Who keeps the failure of this check; nothing where the case itself does.
    fn keeper(&self, case: usize, check: usize) -> Option<&str> {
        self.moved.get(&(case, check)).map(String::as_str)
    }
}

/// Finds, for every broken check of a borrowed procedure, who keeps the failure.
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
        Some(Stop::Blocked(set_up)) => {
            let keeper = moved.set_ups.get(set_up);
            case.notes.push(match keeper {
                None => format!("blocked by {set_up}"),
                Some(keeper) => format!("blocked by {keeper}, which broke {set_up}"),
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
                Some(keeper) => format!("blocked by {keeper}: {requirement} is broken"),
                None => format!("the steps after {requirement} were not run"),
            });
            case.blocked_by = keeper.map(str::to_owned);
        }
    }
}
