//! Running what is planned: side by side, the longest chains first, within bounds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Event;
use super::again::Attempts;
use super::before::{provide, scope_of};
use super::clean::{clean, leave};
use super::ending::End;
use super::evidence::{Evidence, Stop};
use super::features::FeatureBoard;
use super::judge;
use super::plan::{Instance, Plan};
use super::preloaded::seed_was_used;
use super::runner::Runner;
use super::world::{Leftovers, Settings, World};
use crate::fixture::Seed;
use crate::record::{FeatureState, LeftBehind, Run, Verdict};
use crate::suite::{PUSHING, Suites};
use crate::target::Target;

/// How long cases have to put together what they have, once the run ends before its last case.
const GRACE: Duration = Duration::from_secs(2);

/// How long the deletion of what the run pushed may take.
const CLEAN_UP: Duration = Duration::from_secs(60);

/// A case that is over.
pub struct Finished {
    /// The case.
    pub instance: Instance,
    /// What it has to show.
    pub evidence: Evidence,
}

/// Runs a plan against a target.
///
/// Ends early, with what is finished, when `stop` turns true or the run's time is over.
pub async fn run(
    plan: Plan,
    suites: Arc<Suites>,
    target: Target,
    settings: Settings,
    events: UnboundedSender<Event>,
    stop: watch::Receiver<bool>,
) -> Run {
    let clock = judge::Clock::start();
    let board = FeatureBoard::new(plan.deciders.keys().cloned());
    let world = Arc::new(World::new(
        target,
        suites,
        settings,
        board,
        plan.shard.as_ref(),
    ));
    let describe = judge::target_of(&world);
    tell(
        &events,
        Event::Started {
            cases: plan.chosen.len(),
            target: describe,
            spec: world.settings.spec,
            seed: world.settings.seed,
        },
    );
    let deciders = Arc::new(plan.deciders.clone());
    let (quiet, mut together): (Vec<_>, Vec<_>) = plan
        .chosen
        .iter()
        .cloned()
        .partition(|instance| instance.case.quiet);
    together.sort_by_key(|instance| {
        let decides = deciders.values().any(|id| *id == instance.id);
        (!decides, std::cmp::Reverse(instance.length))
    });
    let bounds = tokio::spawn(bounds(world.clone(), stop));
    let settings = &world.settings;
    if settings.look_first && !settings.no_push && seed_was_used(&world, &plan).await {
        world.seed_is_used();
    }
    let mut finished = Vec::new();
    let places = Arc::new(Semaphore::new(world.settings.jobs.max(1)));
    for wave in std::iter::once(together).chain(quiet.into_iter().map(|one| vec![one])) {
        let mut tasks = JoinSet::new();
        for instance in wave {
            let (world, places) = (world.clone(), places.clone());
            let (events, deciders) = (events.clone(), deciders.clone());
            tasks.spawn(async move {
                let evidence = run_case(&world, &instance, &places, &events).await;
                tell_features(&world, &instance, &evidence, &deciders);
                let counts = !instance.is_newer_than(world.settings.as_of);
                let verdict = judge::verdict_alone(&evidence);
                tell(
                    &events,
                    Event::CaseFinished {
                        id: instance.id.clone(),
                        verdict: if counts { verdict } else { Verdict::Skipped },
                        reason: judge::reason_alone(&evidence).filter(|_| counts),
                        duration_ms: judge::millis(evidence.took),
                    },
                );
                Finished { instance, evidence }
            });
        }
        collect(&world, &mut tasks, &mut finished).await;
    }
    bounds.abort();
    let left = clean_up(&world, &events).await;
    tell(
        &events,
        Event::Finished {
            requests: world.target.requests(),
        },
    );
    judge::record(&world, plan, finished, &clock, left)
}

/// Ends the run when the user stops it, or when its time is over.
async fn bounds(world: Arc<World>, mut stop: watch::Receiver<bool>) {
    let stopped = async {
        if stop.wait_for(|stop| *stop).await.is_err() {
            // Nobody can stop the run any more.
            std::future::pending::<()>().await;
        }
    };
    let deadline = world.settings.deadline;
    let why = tokio::select! {
        () = stopped => End::Stopped,
        () = tokio::time::sleep(deadline) => End::Deadline(deadline),
    };
    world.ending.end(why);
}

/// Waits for all cases; once the run ends, only as long as they need to put together what they have.
async fn collect(world: &World, tasks: &mut JoinSet<Finished>, finished: &mut Vec<Finished>) {
    let mut left = world.ending.unless(all(tasks, finished)).await.is_err();
    if left {
        left = tokio::time::timeout(GRACE, all(tasks, finished))
            .await
            .is_err();
    }
    if left {
        tasks.shutdown().await;
    }
}

async fn all(tasks: &mut JoinSet<Finished>, finished: &mut Vec<Finished>) {
    while let Some(next) = tasks.join_next().await {
        finished.extend(next.ok());
    }
}

/// Deletes what the run pushed; what is left, and why.
async fn clean_up(world: &World, events: &UnboundedSender<Event>) -> Vec<LeftBehind> {
    let things = world.ledger.all();
    match world.settings.leftovers {
        Leftovers::Keep => return leave(&world.target, things, "it was to be kept"),
        Leftovers::Vanish => return Vec::new(),
        Leftovers::Delete if things.is_empty() => return Vec::new(),
        Leftovers::Delete => {}
    }
    if world.target_is_gone() {
        return leave(&world.target, things, "the target has stopped answering");
    }
    let count = things.len();
    tell(events, Event::CleaningUp { things: count });
    clean(&world.target, things, CLEAN_UP).await
}

/// A reader that has gone away is no reason to stop.
fn tell(events: &UnboundedSender<Event>, event: Event) {
    let _ = events.send(event);
}

fn tell_features(
    world: &World,
    instance: &Instance,
    evidence: &Evidence,
    deciders: &std::collections::HashMap<String, Arc<str>>,
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

async fn run_case(
    world: &World,
    instance: &Instance,
    places: &Semaphore,
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
    // The semaphore is never closed: without a place the case simply goes ahead.
    let _place = places.acquire().await;
    tell(
        events,
        Event::CaseStarted {
            id: instance.id.clone(),
        },
    );
    let began = Instant::now();
    let mut attempts = Attempts::new(seed.of(&instance.id));
    let mut evidence = loop {
        let mut evidence = run_steps(world, instance, &attempts.seed()).await;
        if !attempts.again(world, &mut evidence) {
            break evidence;
        }
    };
    evidence.took = began.elapsed();
    // What was found is said last: it is the reason where there is no verdict.
    evidence.notes.splice(0..0, instance.case.note.clone());
    evidence
}

async fn run_steps(world: &World, instance: &Instance, seed: &Seed) -> Evidence {
    let settings = &world.settings;
    let repos = [settings.repo.as_str(), &settings.repo2];
    let mut scope = scope_of(&world.suites, instance, seed, repos);
    let mut evidence = Evidence::default();
    let changed = match provide(world, instance, seed, &mut scope, &mut evidence).await {
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
