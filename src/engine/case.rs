//! One case: what it needs to know and to have there first, its turn, its steps.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::Event;
use super::context::RunContext;
use super::event::tell;
use super::evidence::{Evidence, Stop};
use super::judge::{self, Finished};
use super::plan::Instance;
use super::provision::{provide, scope_of};
use super::retry::CaseRetry;
use super::runner::Runner;
use super::slot::ExecutionSlot;
use crate::fixture::Seed;
use crate::record::{FeatureState, Verdict, millis};
use crate::suite::PUSHING;

/// Runs a case when it is its turn, and tells what came of it; `probes` are the cases that find out about features.
pub async fn run_case(
    context: &RunContext,
    instance: Instance,
    slot: ExecutionSlot,
    events: &UnboundedSender<Event>,
    probes: &HashMap<String, Arc<str>>,
) -> Finished {
    let evidence = evidence_of(context, &instance, slot, events).await;
    tell_features(context, &instance, &evidence, probes);
    let counts = !instance.is_newer_than(context.settings.as_of);
    let verdict = judge::verdict_alone(&evidence);
    tell(
        events,
        Event::CaseFinished {
            id: instance.id.clone(),
            verdict: if counts { verdict } else { Verdict::Skipped },
            reason: judge::reason_alone(&evidence).filter(|_| counts),
            duration_ms: millis(evidence.took),
        },
    );
    Finished { instance, evidence }
}

fn tell_features(
    context: &RunContext,
    instance: &Instance,
    evidence: &Evidence,
    probes: &HashMap<String, Arc<str>>,
) {
    for (feature, probe) in probes {
        if *probe != instance.id {
            continue;
        }
        // What it needs itself took the feature along. Where nothing is pushed, one that only a push shows may be there.
        let mut declined = evidence.declined.iter();
        let gone =
            evidence.stopped == Some(Stop::Declined) && declined.any(|other| other != PUSHING);
        let state = if gone || evidence.declined.contains(feature) {
            FeatureState::Unsupported
        } else if evidence.stopped.is_none() {
            FeatureState::Supported
        } else {
            FeatureState::Unknown
        };
        context.features.tell(feature, state, &instance.id);
    }
}

async fn evidence_of(
    context: &RunContext,
    instance: &Instance,
    mut slot: ExecutionSlot,
    events: &UnboundedSender<Event>,
) -> Evidence {
    for need in &instance.needs {
        if let Some((FeatureState::Unsupported, case)) = context.features.wait(need).await {
            return Evidence {
                declined: vec![need.clone()],
                notes: vec![format!(
                    "the target has no {need}: the case {case} found out"
                )],
                stopped: Some(Stop::Declined),
                ..Evidence::default()
            };
        }
    }
    if context.settings.no_push && instance.writes {
        return Evidence {
            notes: vec!["it pushes, and nothing is pushed (--no-push)".to_owned()],
            stopped: Some(Stop::Skipped),
            ..Evidence::default()
        };
    }
    // Setup a place is taken: the case that finds out about pushes needs one.
    let seed = match instance.case.builds() && context.looks_for_content().await {
        // What is there already was made for the whole run, whichever part of it this is.
        true => Seed::new(context.settings.seed),
        false => context.case_seed(),
    };
    slot.begin().await;
    tell(
        events,
        Event::CaseStarted {
            id: instance.id.clone(),
        },
    );
    let began = Instant::now();
    let mut attempts = CaseRetry::new(seed.of(&instance.id));
    let mut evidence = loop {
        let mut evidence = run_steps(context, instance, &attempts.seed(), &mut slot).await;
        if !attempts.should_retry(context, &mut evidence) {
            break evidence;
        }
    };
    evidence.took = began.elapsed().saturating_sub(slot.waited());
    // What was found is said last: it is the reason where there is no verdict.
    evidence.notes.splice(0..0, instance.case.note.clone());
    evidence
}

async fn run_steps(
    context: &RunContext,
    instance: &Instance,
    seed: &Seed,
    slot: &mut ExecutionSlot,
) -> Evidence {
    let settings = &context.settings;
    let repos = [settings.repo.as_str(), &settings.repo2];
    let mut scope = scope_of(&context.suites, instance, seed, repos);
    let mut evidence = Evidence::default();
    let changed = match provide(context, instance, seed, &mut scope, slot, &mut evidence).await {
        Ok(changed) => changed,
        Err(stop) => {
            evidence.stopped = Some(stop);
            return evidence;
        }
    };
    let mut runner = Runner::new(context).named(&instance.id, changed);
    if instance.is_newer_than(settings.as_of) {
        runner = runner.unobserved();
    }
    runner.steps(&instance.case.steps, &mut scope).await;
    evidence.append(runner.into_evidence());
    evidence
}
