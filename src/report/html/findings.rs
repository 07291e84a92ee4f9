//! Violated requirements, and the causes of blocked cases and errors.

use serde::Serialize;

use super::evidence::addition;
use super::link::Link;
use crate::record::{self, Run};
use crate::report::findings as found;
use crate::report::inline_diff::{Piece, pieces};
use crate::report::{phrases, sanitize, sanitize_line};

/// A violated requirement.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    link_here: Link,
    level: String,
    category: &'static str,
    section: String,
    says: String,
    link: String,
    /// The step that shows it.
    step: String,
    message: String,
    evidence: Both,
    curl: String,
    cases: Vec<Link>,
    /// How many cases could not be run because of it.
    blocks: usize,
}

/// The expected and the actual value.
#[derive(Debug, Serialize)]
pub(super) struct Both {
    expected: Vec<Piece>,
    actual: Vec<Piece>,
}

/// The most cases that are named for a diagnosis.
const NAMED: usize = 12;

/// A known cause of deployment.
#[derive(Debug, Serialize)]
pub(super) struct Diagnosis {
    heading: String,
    says: String,
    shown: String,
    cases: Vec<Link>,
    more: usize,
}

/// One reason and its cases.
#[derive(Debug, Serialize)]
pub(super) struct Cause {
    reason: String,
    cases: Vec<Link>,
}

impl Both {
    /// Both, with what differs marked.
    pub(super) fn of(expected: &str, actual: &str) -> Self {
        let (expected, actual) = pieces(&sanitize(expected), &sanitize(actual));
        Self { expected, actual }
    }
}

/// A finding, shown by its first case.
pub(super) fn finding(run: &Run, one: &found::Finding<'_>) -> Finding {
    let first = one.evidence.first();
    let judged = first.and_then(|first| first.exchange);
    let text = |text: &str| sanitize(text).into_owned();
    let check = first.map(|first| first.check);
    let known = run.requirements.iter().find(|r| r.id == one.id);
    Finding {
        link_here: Link::to(one.id),
        level: one.level.to_string(),
        category: one.category.title(),
        section: known.map_or_else(String::new, |r| {
            phrases::section(&sanitize_line(&r.section))
        }),
        says: text(one.says),
        link: one.link.clone(),
        step: judged.map_or_else(String::new, |exchange| {
            sanitize_line(&exchange.step).into_owned()
        }),
        message: first.map_or_else(String::new, |first| text(addition(first.case, first.check))),
        evidence: check.map_or_else(
            || Both::of("", ""),
            |check| Both::of(&check.expected, &check.actual),
        ),
        curl: judged.map_or_else(String::new, |exchange| text(&exchange.curl)),
        cases: one
            .evidence
            .iter()
            .map(|shown| Link::to(&shown.case.id))
            .collect(),
        blocks: one.blocks.len(),
    }
}

/// A cause.
pub(super) fn diagnosis(one: &record::Diagnosis) -> Diagnosis {
    let line = |text: &str| sanitize_line(text).into_owned();
    let cases = one.cases.iter().take(NAMED).map(|id| Link::to(id));
    Diagnosis {
        heading: line(&phrases::diagnosis_heading(one)),
        says: line(&one.says),
        shown: line(&one.shown),
        cases: cases.collect(),
        more: one.cases.len().saturating_sub(NAMED),
    }
}

pub(super) fn cause(one: &found::Cause<'_>) -> Cause {
    Cause {
        reason: sanitize_line(&one.reason).into_owned(),
        cases: one.cases.iter().map(|case| Link::to(&case.id)).collect(),
    }
}
