//! A run and the results of its requirements, made of the cases.

use indexmap::IndexMap;

use super::roll_up::{categories, conformance, requirement_verdict};
use super::run::Tool;
use super::{Case, Counts, RequirementResult, Run, SCHEMA, Target};
use crate::catalogue::{Level, Requirement, Version};

/// What is said of a run beside its cases.
#[derive(Debug, Clone)]
pub(crate) struct RunFacts {
    pub target: Target,
    pub spec: Version,
    pub seed: u32,
    /// When it began.
    pub started: String,
    pub duration_ms: u64,
    /// Whether the user left a part of the suites out.
    pub partial: bool,
    pub interrupted: bool,
}

impl Run {
    /// The record of a run with these cases, whose verdicts are set. `cut_short` says that it ended before its last case.
    pub(crate) fn of(
        facts: RunFacts,
        cut_short: bool,
        requirements: Vec<RequirementResult>,
        cases: Vec<Case>,
    ) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            tool: Tool::assay(),
            target: facts.target,
            spec: facts.spec,
            seed: facts.seed,
            started: facts.started,
            duration_ms: facts.duration_ms,
            verdict: conformance(&cases, facts.partial || cut_short),
            interrupted: facts.interrupted,
            partial: facts.partial,
            summary: Counts::of(cases.iter().map(|case| case.verdict)),
            requests: 0,
            diagnoses: Vec::new(),
            notes: Vec::new(),
            leftovers: Vec::new(),
            baseline: None,
            rerun: None,
            categories: categories(&cases, &requirements),
            features: IndexMap::new(),
            requirements,
            cases,
            timings: None,
            as_of: None,
            uncounted: Vec::new(),
            file: Run::beside(),
        }
    }
}

impl RequirementResult {
    /// The result of a requirement that has this level in the version, over the cases that test it.
    pub(crate) fn of(
        requirement: &Requirement,
        level: Level,
        spec: Version,
        testers: &[&Case],
    ) -> Self {
        let basis = requirement.basis(spec).map(|basis| basis.to_string());
        Self {
            id: requirement.id.clone(),
            level,
            category: requirement.category,
            section: requirement.section(spec).to_owned(),
            says: requirement.says.clone(),
            link: requirement.link(spec),
            basis: requirement.rfc.clone().or(basis).unwrap_or_default(),
            why: requirement.why.clone().unwrap_or_default(),
            verdict: requirement_verdict(&requirement.id, testers),
            cases: testers.iter().map(|case| case.id.clone()).collect(),
        }
    }
}
