//! A case's verdict and its record.

use std::collections::HashMap;

use super::Item;
use crate::engine::context::RunContext;
use crate::engine::evidence::Evidence;
use crate::engine::plan::Instance;
use crate::record::{Case, Check, CheckVerdict, Stop, Verdict, millis, verdict};
use crate::suite::SuiteVersion;

/// What a case comes to by itself, before it is known whether another case shows the same cause.
pub fn verdict_alone(evidence: &Evidence) -> Verdict {
    let checks = evidence.checks.iter().map(|check| check.verdict);
    verdict(
        checks,
        evidence.stopped.as_ref(),
        !evidence.declined.is_empty(),
    )
}

/// Why a case did not come to a good end: the first MUST that it saw broken, or what kept it from a verdict.
pub fn reason_alone(evidence: &Evidence) -> Option<String> {
    let mut checks = evidence.checks.iter();
    if let Some(check) = checks.find(|check| check.verdict == CheckVerdict::Fail) {
        return Some(format!("{}: {}", check.requirement, check.message));
    }
    match evidence.stopped.as_ref()? {
        Stop::Error(why) | Stop::WriteUnanswered(why) => Some(why.clone()),
        Stop::Blocked(set_up) => Some(format!("blocked by {set_up}")),
        Stop::Broken(_) | Stop::Declined | Stop::Skipped => None,
    }
}

/// The record of an item by itself: [`settle`](crate::record::attribute()) says what it comes to beside the others.
pub fn case_of(item: Item) -> Case {
    let mut evidence = item.evidence;
    let verdict = verdict_alone(&evidence);
    let mut notes = evidence.notes;
    notes.dedup();
    // A borrowed check that holds is another case's business.
    let own = |check: &Check| {
        item.set_up || check.via_procedure.is_none() || check.verdict != CheckVerdict::Pass
    };
    if let Some(Stop::Broken(index)) = &mut evidence.stopped {
        *index = evidence
            .checks
            .iter()
            .take(*index)
            .filter(|c| own(c))
            .count();
    }
    Case {
        id: item.id,
        suite: item.suite,
        category: item.category,
        title: item.title,
        section: item.section,
        verdict,
        known: None,
        duration_ms: millis(evidence.took),
        features: item.features,
        declined: evidence.declined,
        stopped: evidence.stopped,
        blocked_by: None,
        notes,
        attribution_notes: 0,
        canonical: item.canonical,
        checks: evidence.checks.into_iter().filter(own).collect(),
        exchanges: evidence.exchanges,
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
        known: None,
        duration_ms: 0,
        features: instance.features.clone(),
        declined: Vec::new(),
        stopped: None,
        blocked_by: None,
        notes: vec!["left out by the selection".to_owned()],
        attribution_notes: 0,
        canonical: false,
        checks: Vec::new(),
        exchanges: Vec::new(),
    }
}

/// The records of the invariants, each as a case. One that is newer than what counts tests nothing that does.
pub fn invariants(
    context: &RunContext,
    tested: &mut HashMap<String, Vec<String>>,
) -> Vec<(SuiteVersion, Case)> {
    let mut cases = Vec::new();
    for observed in context.invariants.observed() {
        let invariant = &observed.invariant;
        let counts = !invariant.history.is_newer_than(context.settings.as_of);
        for expectation in invariant.expect.iter().filter(|_| counts) {
            let testers = tested.entry(expectation.requirement.clone()).or_default();
            testers.push(invariant.id.clone());
        }
        let mut notes = Vec::new();
        if observed.checks.is_empty() {
            notes.push("no answer of the run is one that this applies to".to_owned());
        }
        let case = Case {
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
            known: None,
            duration_ms: 0,
            features: Vec::new(),
            declined: Vec::new(),
            stopped: None,
            blocked_by: None,
            notes,
            attribution_notes: 0,
            canonical: false,
            checks: observed.checks,
            exchanges: observed.exchanges,
        };
        cases.push((invariant.history.effective_since(), case));
    }
    cases
}
