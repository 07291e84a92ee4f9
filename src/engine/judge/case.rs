//! A case's verdict and its record.

use std::collections::HashMap;

use super::Item;
use super::blame::Moved;
use super::clock::millis;
use crate::engine::evidence::{Evidence, Judged, Stop};
use crate::engine::plan::Instance;
use crate::engine::world::World;
use crate::record::{Case, Check, CheckVerdict, Verdict};

/// What a case comes to by itself, before it is known whether another case shows the same cause.
pub fn verdict_alone(evidence: &Evidence) -> Verdict {
    let checks = evidence.checks.iter().map(|judged| judged.check.verdict);
    verdict(
        checks,
        evidence.stopped.as_ref(),
        !evidence.declined.is_empty(),
    )
}

/// Why a case did not come to a good end: the first MUST that it saw broken, or what kept it from a verdict.
pub fn reason_alone(evidence: &Evidence) -> Option<String> {
    let mut checks = evidence.checks.iter().map(|judged| &judged.check);
    if let Some(check) = checks.find(|check| check.verdict == CheckVerdict::Fail) {
        return Some(format!("{}: {}", check.requirement, check.message));
    }
    match evidence.stopped.as_ref()? {
        Stop::Error(why) | Stop::Lost(why) => Some(why.clone()),
        Stop::Blocked(set_up) => Some(format!("blocked by {set_up}")),
        Stop::Broken(_) | Stop::Declined => None,
    }
}

fn verdict(
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
        Some(Stop::Error(_) | Stop::Lost(_)) => Verdict::Error,
        Some(Stop::Blocked(_)) => Verdict::Blocked,
        Some(Stop::Broken(_) | Stop::Declined) | None if warned => Verdict::Warn,
        Some(Stop::Declined) => Verdict::Unsupported,
        // What stopped it is shown by another case.
        Some(Stop::Broken(_)) => Verdict::Blocked,
        None if declined => Verdict::Unsupported,
        None => Verdict::Pass,
    }
}

/// The record of an item.
pub fn case_of(item: Item, position: usize, moved: &Moved) -> Case {
    let Item {
        id,
        suite,
        category,
        title,
        section,
        features,
        set_up,
        evidence,
        ..
    } = item;
    let mut notes = evidence.notes.clone();
    notes.dedup();
    let mut checks = Vec::new();
    for (index, judged) in evidence.checks.iter().enumerate() {
        let keeper = moved.keeper(position, index);
        checks.extend(kept(judged, keeper, set_up, &mut notes));
    }
    let stopped = evidence.stopped.as_ref();
    let blocked_by = stopped.and_then(|stop| blocker(stop, position, moved));
    notes.extend(stopped.and_then(|stop| explain(stop, &evidence, position, moved)));
    let verdict = verdict(
        checks.iter().map(|check| check.verdict),
        stopped,
        !evidence.declined.is_empty(),
    );
    Case {
        id,
        suite,
        category,
        title,
        section,
        verdict,
        duration_ms: millis(evidence.took),
        features,
        blocked_by,
        notes,
        checks,
        exchanges: evidence.exchanges,
    }
}

/// What the record keeps of a check: a borrowed one that holds is another case's business.
fn kept(
    judged: &Judged,
    keeper: Option<&str>,
    set_up: bool,
    notes: &mut Vec<String>,
) -> Option<Check> {
    if let Some(keeper) = keeper {
        notes.push(format!(
            "{} is broken here too: see {keeper}",
            judged.check.requirement
        ));
        return Some(Check {
            verdict: CheckVerdict::Blocked,
            ..judged.check.clone()
        });
    }
    let holds = judged.check.verdict == CheckVerdict::Pass;
    (set_up || judged.borrowed.is_none() || !holds).then(|| judged.check.clone())
}

/// Who keeps the failure that stopped a case; nothing where it was stopped by its own.
fn blocker(stop: &Stop, position: usize, moved: &Moved) -> Option<String> {
    match stop {
        Stop::Declined | Stop::Error(_) | Stop::Lost(_) => None,
        Stop::Blocked(set_up) => Some(moved.behind(set_up).to_owned()),
        Stop::Broken(index) => moved.keeper(position, *index).map(str::to_owned),
    }
}

fn explain(stop: &Stop, evidence: &Evidence, position: usize, moved: &Moved) -> Option<String> {
    match stop {
        Stop::Declined => None,
        Stop::Error(why) | Stop::Lost(why) => Some(why.clone()),
        Stop::Blocked(set_up) => {
            let keeper = moved.behind(set_up);
            Some(if keeper == set_up {
                format!("blocked by {set_up}")
            } else {
                format!("blocked by {keeper}, which broke {set_up}")
            })
        }
        Stop::Broken(index) => {
            let requirement = &evidence.checks.get(*index)?.check.requirement;
            Some(match moved.keeper(position, *index) {
                Some(keeper) => format!("blocked by {keeper}: {requirement} is broken"),
                None => format!("the steps after {requirement} were not run"),
            })
        }
    }
}

/// The record of a case that the user left out.
pub fn left_out(instance: &Instance) -> Case {
    Case {
        id: instance.id.to_string(),
        suite: instance.case.suite.clone(),
        category: instance.case.category,
        title: instance.title(),
        section: instance.case.section.clone(),
        verdict: Verdict::Skipped,
        duration_ms: 0,
        features: instance.features.clone(),
        blocked_by: None,
        notes: vec!["left out by the selection".to_owned()],
        checks: Vec::new(),
        exchanges: Vec::new(),
    }
}

/// The records of the invariants, each as a case.
pub fn invariants(world: &World, tested: &mut HashMap<String, Vec<String>>) -> Vec<Case> {
    let mut cases = Vec::new();
    for observed in world.invariants.observed() {
        let invariant = &observed.invariant;
        for expectation in &invariant.expect {
            let testers = tested.entry(expectation.requirement.clone()).or_default();
            testers.push(invariant.id.clone());
        }
        let mut notes = Vec::new();
        if observed.checks.is_empty() {
            notes.push("no answer of the run is one that this applies to".to_owned());
        }
        cases.push(Case {
            id: invariant.id.clone(),
            suite: invariant.suite.clone(),
            category: invariant.category,
            title: invariant.title.clone(),
            section: invariant.section.clone(),
            verdict: verdict(
                observed.checks.iter().map(|check| check.verdict),
                None,
                false,
            ),
            duration_ms: 0,
            features: Vec::new(),
            blocked_by: None,
            notes,
            checks: observed.checks,
            exchanges: observed.exchanges,
        });
    }
    cases
}
