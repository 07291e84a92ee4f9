//! One case: what it needs to know and to have there first, its turn, its steps.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::Event;
use super::again::Attempts;
use super::before::{provide, scope_of};
use super::event::tell;
use super::evidence::{Evidence, Stop};
use super::judge::{self, Finished};
use super::plan::Instance;
use super::runner::Runner;
use super::turn::Turn;
use super::world::World;
use crate::fixture::Seed;
use crate::record::{FeatureState, Verdict, millis};
use crate::suite::PUSHING;

/// Runs a case when it is its turn, and tells what came of it; `deciders` are the cases that find out about features.
pub async fn run_case(
    world: &World,
    instance: Instance,
    turn: Turn,
    events: &UnboundedSender<Event>,
    deciders: &HashMap<String, Arc<str>>,
) -> Finished {
    let evidence = evidence_of(world, &instance, turn, events).await;
    tell_features(world, &instance, &evidence, deciders);
    let counts = !instance.is_newer_than(world.settings.as_of);
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
    world: &World,
    instance: &Instance,
    evidence: &Evidence,
    deciders: &HashMap<String, Arc<str>>,
) {
    for (feature, decider) in deciders {
        if *decider != instance.id {
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
        world.features.tell(feature, state, &instance.id);
    }
}

async fn evidence_of(
    world: &World,
    instance: &Instance,
    mut turn: Turn,
    events: &UnboundedSender<Event>,
) -> Evidence {
    for need in &instance.needs {
        if let Some((FeatureState::Unsupported, case)) = world.features.wait(need).await {
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
    if world.settings.no_push && instance.writes {
        return Evidence {
            notes: vec!["it pushes, and nothing is pushed (--no-push)".to_owned()],
            stopped: Some(Stop::Skipped),
            ..Evidence::default()
        };
    }
    // Before a place is taken: the case that finds out about pushes needs one.
    let seed = match instance.case.builds() && world.looks_for_content().await {
        // What is there already was made for the whole run, whichever part of it this is.
        true => Seed::new(world.settings.seed),
        false => world.case_seed(),
    };
    turn.begin().await;
    tell(
        events,
        Event::CaseStarted {
            id: instance.id.clone(),
        },
    );
    let began = Instant::now();
    let mut attempts = Attempts::new(seed.of(&instance.id));
    let mut evidence = loop {
        let mut evidence = run_steps(world, instance, &attempts.seed(), &mut turn).await;
        if !attempts.again(world, &mut evidence) {
            break evidence;
        }
    };
    evidence.took = began.elapsed().saturating_sub(turn.waited());
    // What was found is said last: it is the reason where there is no verdict.
    evidence.notes.splice(0..0, instance.case.note.clone());
    evidence
}

async fn run_steps(world: &World, instance: &Instance, seed: &Seed, turn: &mut Turn) -> Evidence {
    let settings = &world.settings;
    let repos = [settings.repo.as_str(), &settings.repo2];
    let mut scope = scope_of(&world.suites, instance, seed, repos);
    let mut evidence = Evidence::default();
    let changed = match provide(world, instance, seed, &mut scope, turn, &mut evidence).await {
        Ok(changed) => changed,
        Err(stop) => {
            evidence.stopped = Some(stop);
            return evidence;
        }
    };
    let mut runner = Runner::new(world).named(&instance.id, changed);
    if instance.is_newer_than(settings.as_of) {
        runner = runner.unobserved();
    }
    runner.steps(&instance.case.steps, &mut scope).await;
    evidence.append(runner.into_evidence());
    evidence
}
