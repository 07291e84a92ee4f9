//! The cases of all parts, each once.
//!
//! Most cases are in one part. In several are the set-ups that each part needs, the cases that find out about
//! a feature which cases of the part need, and the invariants, which every part holds against its own answers.

use indexmap::IndexMap;

use super::fit::Part;
use crate::record::{
    Answers, Case, Check, CheckVerdict, SET_UP, Shard, Verdict, unsettle, verdict,
};

/// The cases of all parts, in the order of a whole run.
pub(super) struct Gathered {
    /// Set-ups and cases that were run, each as it was before it was settled beside the others of its part.
    pub run: Vec<Case>,
    /// The invariants, over the answers of all parts.
    pub invariants: Vec<Case>,
    /// What the user left out.
    pub left_out: Vec<Case>,
    /// The names of cases that are in no part.
    pub missing: Vec<String>,
}

/// The cases of all parts, each once.
pub(super) fn gather(parts: &[(&Part, &Shard)]) -> Gathered {
    let mut copies: IndexMap<&str, Vec<(&Shard, Case)>> = IndexMap::new();
    for (part, shard) in parts {
        for case in &part.run.cases {
            let of = copies.entry(&case.id).or_default();
            of.push((shard, alone(case)));
        }
    }
    let mut cases: IndexMap<&str, Case> = copies
        .into_iter()
        .filter_map(|(id, copies)| Some((id, one_of(copies)?)))
        .collect();
    let planned = parts.first().map_or(&[][..], |(_, shard)| &shard.cases);
    let (mut left_out, mut chosen, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for id in planned {
        match cases.shift_remove(id.as_str()) {
            Some(case) if case.verdict == Verdict::Skipped => left_out.push(case),
            Some(case) => chosen.push(case),
            None => missing.push(id.clone()),
        }
    }
    // What nobody planned: the set-ups, which come first, and the invariants.
    let (mut set_ups, invariants): (Vec<Case>, Vec<Case>) =
        cases.into_values().partition(|case| case.suite == SET_UP);
    set_ups.sort_by(|a, b| a.id.cmp(&b.id));
    set_ups.extend(chosen);
    Gathered {
        run: set_ups,
        invariants,
        left_out,
        missing,
    }
}

/// A case as it was found, with its verdict by itself.
fn alone(case: &Case) -> Case {
    let mut case = case.clone();
    if case.verdict == Verdict::Skipped {
        return case;
    }
    unsettle(&mut case);
    case.known = None;
    judge(&mut case);
    case
}

/// Says what a case comes to by itself.
pub(super) fn judge(case: &mut Case) {
    let checks = case.checks.iter().map(|check| check.verdict);
    case.verdict = verdict(checks, case.stopped.as_ref(), !case.declined.is_empty());
}

fn one_of(copies: Vec<(&Shard, Case)>) -> Option<Case> {
    if copies.iter().all(|(_, case)| is_invariant(case)) {
        return copies.into_iter().map(|(_, case)| case).reduce(both);
    }
    let told: Vec<(String, Verdict)> = copies
        .iter()
        .map(|(shard, case)| (shard.to_string(), case.verdict))
        .filter(|(_, verdict)| *verdict != Verdict::Skipped)
        .collect();
    let mut kept = copies
        .into_iter()
        .map(|(_, case)| case)
        .min_by_key(|case| standing(case.verdict))?;
    if told.iter().any(|(_, verdict)| *verdict != kept.verdict) {
        let told: Vec<String> = told
            .iter()
            .map(|(shard, verdict)| format!("{verdict} in {shard}"))
            .collect();
        kept.notes.push(format!(
            "the parts of the run do not agree: {}",
            told.join(", ")
        ));
    }
    Some(kept)
}

/// Which of several verdicts on the same case stands: what was found broken, then what was answered, then why it
/// was not.
const fn standing(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Warn => 1,
        Verdict::Unsupported => 2,
        Verdict::Pass => 3,
        Verdict::Error => 4,
        Verdict::Blocked => 5,
        Verdict::Skipped => 6,
    }
}

/// An invariant sends nothing of its own, and each of its checks is about all answers.
fn is_invariant(case: &Case) -> bool {
    case.suite != SET_UP
        && case.duration_ms == 0
        && case.stopped.is_none()
        && case.verdict != Verdict::Skipped
        && case.checks.iter().all(|check| check.answers.is_some())
}

/// An invariant over the answers of two parts.
fn both(mut one: Case, other: Case) -> Case {
    if one.checks.is_empty() || other.checks.is_empty() {
        return if one.checks.is_empty() { other } else { one };
    }
    for mut check in other.checks {
        let shown = check
            .exchange
            .and_then(|index| other.exchanges.get(index))
            .cloned();
        check.exchange = None;
        let position = one
            .checks
            .iter()
            .position(|known| known.requirement == check.requirement);
        let into = match position.and_then(|at| one.checks.get_mut(at)) {
            Some(known) => {
                add(known, check);
                known
            }
            None => {
                one.checks.push(check);
                match one.checks.last_mut() {
                    Some(last) => last,
                    None => continue,
                }
            }
        };
        if into.exchange.is_none() && shown.is_some() {
            into.exchange = Some(one.exchanges.len());
            one.exchanges.extend(shown);
        }
    }
    judge(&mut one);
    one
}

/// The same expectation, held against the answers of another part.
fn add(known: &mut Check, other: Check) {
    let (Some(mine), Some(theirs)) = (&mut known.answers, &other.answers) else {
        return;
    };
    let sum = Answers {
        asked: mine.asked.saturating_add(theirs.asked),
        broken: mine.broken.saturating_add(theirs.broken),
        cases: mine.cases.iter().chain(&theirs.cases).cloned().collect(),
    };
    known.message = sum.said();
    *mine = sum;
    if known.verdict == CheckVerdict::Pass {
        known.verdict = other.verdict;
        known.expected = other.expected;
        known.actual = other.actual;
    }
}
