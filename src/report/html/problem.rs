//! The problems of a run: a line each, opened for the requirements that they violate.

use serde::Serialize;

use super::findings::{Finding, finding};
use super::link::Link;
use crate::record::Verdict;
use crate::report::fix_first::{self, Kind};
use crate::report::{phrases, sanitize_line};

/// A problem.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    /// Its verdict, for colour and filters: the worst that it has.
    verdict: &'static str,
    word: &'static str,
    sign: &'static str,
    heading: String,
    request: String,
    extent: String,
    /// The first requirement that it violates, and how: "Expected status 416, got 202".
    requirement: String,
    says: String,
    difference: String,
    /// The sentences of a diagnosis, and the request that shows it.
    deployment: Option<Deployment>,
    findings: Vec<Finding>,
    cases: Vec<Link>,
    blocks: Vec<Link>,
}

/// A known cause of deployment, and the way out.
#[derive(Debug, Serialize)]
struct Deployment {
    says: String,
    shown: String,
}

/// The longest value of a difference, in characters: a header with a digest.
const VALUE: usize = 130;

pub(super) fn problems(found: &[fix_first::Problem<'_>]) -> Vec<Problem> {
    found.iter().map(problem).collect()
}

fn problem(one: &fix_first::Problem<'_>) -> Problem {
    let verdict = match (&one.kind, one.is_failure()) {
        (Kind::NoVerdict(_), _) => one
            .cases
            .first()
            .map_or(Verdict::Error, |case| case.verdict),
        (Kind::Deployment(_), _) | (Kind::Endpoint { .. }, true) => Verdict::Fail,
        (Kind::Endpoint { .. }, false) => Verdict::Warn,
    };
    let line = |text: &str| sanitize_line(text).into_owned();
    let first = one.findings.first();
    let check = first
        .and_then(|one| one.evidence.first())
        .map(|shown| shown.check);
    let difference = check.map_or_else(String::new, |check| {
        let difference = line(&phrases::difference(check, VALUE));
        difference.replacen("expected", "Expected", 1)
    });
    Problem {
        verdict: verdict.name(),
        word: phrases::verdict(verdict),
        sign: phrases::sign(verdict),
        heading: line(&one.heading()),
        request: one.request().to_owned(),
        extent: one.extent(),
        requirement: line(first.map_or("", |one| one.id)),
        says: line(first.map_or("", |one| one.says)),
        difference,
        deployment: match one.kind {
            Kind::Deployment(one) => Some(Deployment {
                says: line(&one.says),
                shown: line(&one.shown),
            }),
            Kind::Endpoint { .. } | Kind::NoVerdict(_) => None,
        },
        findings: one.findings.iter().map(finding).collect(),
        cases: one.cases.iter().map(|case| Link::to(&case.id)).collect(),
        blocks: one.blocks.iter().map(|case| Link::to(&case.id)).collect(),
    }
}
