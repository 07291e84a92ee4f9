//! What to fix first: violated requirements that break together, and what they keep from being tested.
//!
//! A [`Problem`] is a diagnosis, or violations of one section at one endpoint whose responses differ in the same way, or a
//! reason why cases have no verdict. A problem that keeps more cases from being tested comes first, then one that violates
//! more requirements, then one that more clients meet: every client pulls, fewer push, and fewer still list or delete.

use super::by_cause::by_cause;
use super::common_request::common_request;
use super::findings::{Cause, Finding, findings};
use super::{phrases, sanitize_line};
use crate::catalogue::{Category, Level};
use crate::record::{Case, Diagnosis, Run, Verdict};

/// Failures with one cause.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub kind: Kind<'a>,
    /// The violated requirements, MUST before SHOULD.
    pub findings: Vec<Finding<'a>>,
    /// The cases that show it, in order.
    pub cases: Vec<&'a Case>,
    /// The cases that could not be tested because of it, in order.
    pub blocks: Vec<&'a Case>,
    /// How many requirements all problems violate together.
    violated_in_run: usize,
}

/// The cause of a problem, as far as it is known.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// A known cause of deployment.
    Deployment(&'a Diagnosis),
    /// Requirements of one section that the responses of one endpoint violate in the same way.
    Endpoint { section: &'a str, request: String },
    /// The reason why cases have no verdict.
    NoVerdict(String),
}

/// The problems of a run, the one to fix first in front.
pub(super) fn problems(run: &Run) -> Vec<Problem<'_>> {
    let found = findings(run);
    let mut problems: Vec<Problem<'_>> = run
        .diagnoses
        .iter()
        .map(|one| deployment(run, one))
        .collect();
    let mut others = Vec::new();
    for finding in found.violated.into_iter().chain(found.warned) {
        let explained = problems.iter_mut().find(|one| one.explains(&finding));
        match explained {
            Some(problem) => problem.add(finding),
            None => others.push(finding),
        }
    }
    problems.extend(by_cause(others).into_iter().map(at_endpoint));
    for cause in found.errors.into_iter().chain(found.blocked) {
        without_verdict(&mut problems, cause);
    }
    let violated = phrases::with_verdict(run, Verdict::Fail).len();
    for problem in &mut problems {
        problem.violated_in_run = violated;
        problem.describe(run);
    }
    problems.sort_by_key(Problem::rank);
    problems
}

/// The problems that fail the run or keep it from a verdict; none where there is one alone, which the details say as well.
pub(super) fn failures<'p, 'a>(problems: &'p [Problem<'a>]) -> Vec<&'p Problem<'a>> {
    let mut failures: Vec<_> = problems.iter().filter(|one| one.is_failure()).collect();
    if failures.len() < 2 {
        failures.clear();
    }
    failures
}

/// Sorts findings like the problems that they belong to.
pub(super) fn in_order(problems: &[Problem<'_>], found: &mut [Finding<'_>]) {
    let ids = problems.iter().flat_map(|problem| &problem.findings);
    let ids: Vec<&str> = ids.map(|finding| finding.id).collect();
    found.sort_by_key(|finding| ids.iter().position(|id| *id == finding.id));
}

impl<'a> Problem<'a> {
    fn new(kind: Kind<'a>) -> Self {
        Self {
            kind,
            findings: Vec::new(),
            cases: Vec::new(),
            blocks: Vec::new(),
            violated_in_run: 0,
        }
    }

    /// Whether a diagnosis explains all cases of a finding.
    fn explains(&self, finding: &Finding<'_>) -> bool {
        match &self.kind {
            Kind::Deployment(one) => finding
                .evidence
                .iter()
                .all(|shown| one.cases.contains(&shown.case.id)),
            Kind::Endpoint { .. } | Kind::NoVerdict(_) => false,
        }
    }

    fn add(&mut self, finding: Finding<'a>) {
        for shown in &finding.evidence {
            push(&mut self.cases, shown.case);
        }
        for case in &finding.blocks {
            push(&mut self.blocks, case);
        }
        self.findings.push(finding);
    }

    /// How many requirements of this level it violates.
    pub(super) fn violated(&self, level: Level) -> usize {
        let of_level = self.findings.iter().filter(|one| one.level == level);
        of_level.count()
    }

    /// Whether it fails the run, or keeps it from a verdict: it is more than a warning.
    pub(super) fn is_failure(&self) -> bool {
        self.findings.is_empty() || self.violated(Level::Must) > 0
    }

    /// The heading: a section, the reason, or that a cause is likely.
    pub(super) fn heading(&self) -> String {
        match &self.kind {
            Kind::Deployment(one) => phrases::diagnosis_heading(one),
            Kind::Endpoint { section, .. } => phrases::section(&sanitize_line(section)),
            Kind::NoVerdict(reason) => format!("No verdict: {reason}"),
        }
    }

    /// The request that the violations have in common; empty where there is none.
    pub(super) fn request(&self) -> &str {
        match &self.kind {
            Kind::Endpoint { request, .. } => request,
            Kind::Deployment(_) | Kind::NoVerdict(_) => "",
        }
    }

    /// How much of the run it is: "9 of 16 violated requirements, 2 warnings, 9 cases, blocks 3 cases". That it is one of several
    /// goes without saying.
    pub(super) fn extent(&self) -> String {
        let must = self.violated(Level::Must);
        let should = self.findings.len() - must;
        let mut parts = Vec::new();
        match (must, self.violated_in_run) {
            (0, _) => {}
            (1, 2..) if should == 0 => {}
            (2.., all) if all > must => {
                parts.push(format!("{must} of {all} violated requirements"));
            }
            (must, _) => parts.push(phrases::count(must, "violated requirement")),
        }
        if should > 0 {
            parts.push(phrases::count(should, "warning"));
        }
        parts.push(phrases::count(self.cases.len(), "case"));
        if !self.blocks.is_empty() {
            parts.push(format!(
                "blocks {}",
                phrases::count(self.blocks.len(), "case")
            ));
        }
        parts.join(", ")
    }

    /// Completes it once all its findings are known.
    fn describe(&mut self, run: &Run) {
        self.findings
            .sort_by_key(|one| (one.level, std::cmp::Reverse(one.reach())));
        if let Kind::Endpoint { request, .. } = &mut self.kind {
            *request = common_request(&self.findings);
        }
        let position = |case: &&Case| run.cases.iter().position(|one| std::ptr::eq(one, *case));
        self.cases.sort_by_key(position);
        let cases = &self.cases;
        self.blocks
            .retain(|case| !cases.iter().any(|one| std::ptr::eq(*one, *case)));
        self.blocks.sort_by_key(position);
    }

    fn rank(&self) -> impl Ord + use<> {
        let class = match (&self.kind, self.is_failure()) {
            (Kind::Deployment(_), _) => 0,
            (_, true) => 1,
            (_, false) => 2,
        };
        let untested = match self.kind {
            Kind::NoVerdict(_) => self.cases.len(),
            Kind::Deployment(_) | Kind::Endpoint { .. } => self.blocks.len(),
        };
        // What a client sends to the wrong host harms more than what it does not find.
        let category = self.findings.first().map(|one| one.category);
        let category = category.map(|one| (one != Category::Clients, one));
        let descending = std::cmp::Reverse;
        (
            class,
            descending(untested),
            descending(self.violated(Level::Must)),
            category,
            descending(self.cases.len()),
        )
    }
}

fn at_endpoint(findings: Vec<Finding<'_>>) -> Problem<'_> {
    let section = findings.first().map_or("", |one| one.section);
    let mut problem = Problem::new(Kind::Endpoint {
        section,
        request: String::new(),
    });
    for finding in findings {
        problem.add(finding);
    }
    problem
}

fn deployment<'a>(run: &'a Run, diagnosis: &'a Diagnosis) -> Problem<'a> {
    let mut problem = Problem::new(Kind::Deployment(diagnosis));
    for case in run
        .cases
        .iter()
        .filter(|case| diagnosis.cases.contains(&case.id))
    {
        match case.verdict {
            Verdict::Blocked => problem.blocks.push(case),
            _ => problem.cases.push(case),
        }
    }
    problem
}

/// Puts cases without a verdict under the problem that blocks them, or into a problem of their own.
fn without_verdict<'a>(problems: &mut Vec<Problem<'a>>, cause: Cause<'a>) {
    let known = |case: &Case| {
        let within = |cases: &[&Case]| cases.iter().any(|one| std::ptr::eq(*one, case));
        problems
            .iter()
            .any(|one| within(&one.cases) || within(&one.blocks))
    };
    let rest: Vec<&Case> = cause
        .cases
        .into_iter()
        .filter(|case| !known(case))
        .collect();
    let Some(first) = rest.first() else { return };
    let by = first.blocked_by.as_deref();
    // A warning blocks nothing.
    let behind = problems
        .iter_mut()
        .find(|one| one.is_failure() && one.cases.iter().any(|case| Some(case.id.as_str()) == by));
    match behind {
        Some(problem) => problem.blocks.extend(rest),
        None => problems.push(Problem {
            cases: rest,
            ..Problem::new(Kind::NoVerdict(cause.reason))
        }),
    }
}

fn push<'a>(cases: &mut Vec<&'a Case>, case: &'a Case) {
    if !cases.iter().any(|known| std::ptr::eq(*known, case)) {
        cases.push(case);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// Heading, request and extent of each problem.
    fn lines(run: &Run) -> Vec<String> {
        let problems = problems(run);
        let line =
            |one: &Problem<'_>| format!("{} | {} | {}", one.heading(), one.request(), one.extent());
        problems.iter().map(line).collect()
    }

    #[test]
    fn what_breaks_together_is_one_problem() {
        insta::assert_snapshot!(lines(&sample::all_states()).join("\n"));
    }

    #[test]
    fn what_keeps_most_from_being_tested_comes_first() {
        let run = sample::blocked_by_one();
        assert_eq!(
            lines(&run),
            [
                "Pushing manifests | GET /v2/<name>/manifests/<reference>?n=… | 1 violated requirement, 1 case, blocks 12 cases"
            ]
        );
    }

    #[test]
    fn a_diagnosis_takes_its_cases_and_comes_first() {
        let run = sample::with_context();
        let problems = problems(&run);
        let first = problems.first().map(Problem::heading).unwrap_or_default();
        assert!(first.starts_with("Likely cause (location-port"), "{first}");
        for case in &run.cases {
            let shown = problems.iter().filter(|one| {
                let kinds = one.cases.iter().chain(&one.blocks);
                kinds.into_iter().any(|shown| shown.id == case.id)
                    && matches!(one.kind, Kind::NoVerdict(_))
            });
            assert!(shown.count() <= 1, "{} has one reason", case.id);
        }
    }

    #[test]
    fn every_new_failure_is_in_a_problem() {
        for (name, run) in sample::every() {
            let problems = problems(&run);
            let acted = [
                Verdict::Fail,
                Verdict::Warn,
                Verdict::Blocked,
                Verdict::Error,
            ];
            let new = run.cases.iter().filter(|case| case.known.is_none());
            for case in new.filter(|case| acted.contains(&case.verdict)) {
                let listed = problems.iter().any(|one| {
                    one.cases
                        .iter()
                        .chain(&one.blocks)
                        .any(|shown| shown.id == case.id)
                });
                assert!(listed, "{name}: {}", case.id);
            }
        }
    }
}
