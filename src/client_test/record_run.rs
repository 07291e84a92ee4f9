//! The record of a run of scenarios.

use std::time::Instant;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::format::Action;
use super::load_adapter::LoadedAdapter;
use super::scenario::Questions;
use crate::catalogue::{Party, Version};
use crate::record::{self, Case, RequirementResult, Run, RunFacts, Target, millis};

/// A run that is over.
pub struct FinishedRun<'a> {
    pub adapter: &'a LoadedAdapter,
    pub questions: Questions<'a>,
    pub spec: Version,
    /// Whether the user left scenarios out.
    pub partial: bool,
    pub interrupted: bool,
    pub target: Target,
    pub notes: Vec<String>,
    pub cases: Vec<Case>,
    pub requests: u64,
    pub clock: (Instant, OffsetDateTime),
}

/// Makes the record of a run.
pub fn record_run(run: FinishedRun<'_>) -> Run {
    let mut cases = run.cases;
    for case in &mut cases {
        case.conclude();
    }
    let requirements = requirements(run.questions, run.spec, &cases);
    let facts = RunFacts {
        target: run.target,
        spec: run.spec,
        seed: 0,
        started: run.clock.1.format(&Rfc3339).unwrap_or_default(),
        duration_ms: millis(run.clock.0.elapsed()),
        partial: run.partial,
        interrupted: run.interrupted,
    };
    Run {
        requests: run.requests,
        notes: run.notes,
        features: features(run.adapter),
        ..Run::of(facts, run.interrupted, requirements, cases)
    }
}

/// The actions that the client has.
fn features(adapter: &LoadedAdapter) -> indexmap::IndexMap<String, record::FeatureState> {
    let state = |action: &Action| match adapter.text.actions.contains_key(action) {
        true => record::FeatureState::Supported,
        false => record::FeatureState::Unsupported,
    };
    let actions = Action::ALL.iter();
    actions
        .map(|action| (format!("action-{}", action.name()), state(action)))
        .collect()
}

fn requirements(questions: Questions<'_>, spec: Version, cases: &[Case]) -> Vec<RequirementResult> {
    let Questions {
        scenarios,
        observed,
        catalogue,
    } = questions;
    let bound = catalogue.iter().filter(|one| one.party == Party::Client);
    bound
        .filter_map(|one| {
            let level = catalogue.binding_level(&one.id, spec)?;
            let scenarios = scenarios
                .iter()
                .filter(|it| it.expect.contains_key(&one.id));
            let observed = observed.iter().filter(|it| it.requirement == one.id);
            let ids: Vec<&str> = scenarios
                .map(|it| it.about.id.as_str())
                .chain(observed.map(|it| it.about.id.as_str()))
                .collect();
            let testers: Vec<&Case> = cases
                .iter()
                .filter(|case| ids.contains(&case.id.as_str()))
                .collect();
            (!testers.is_empty()).then(|| RequirementResult::of(one, level, spec, &testers))
        })
        .collect()
}
