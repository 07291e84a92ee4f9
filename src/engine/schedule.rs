//! Running what is planned: side by side, the longest chains first, within bounds.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Event;
use super::case::run_case;
use super::clean::{clean, leave};
use super::ending::End;
use super::event::tell;
use super::features::FeatureBoard;
use super::judge::{self, Finished};
use super::plan::{Instance, Plan};
use super::preloaded::seed_was_used;
use super::turn::{Quiet, Turn, places};
use super::world::{Leftovers, Settings, World};
use crate::record::{LeftBehind, Run};
use crate::suite::Suites;
use crate::target::Target;

/// How long cases have to put together what they have, once the run ends before its last case.
const GRACE: Duration = Duration::from_secs(2);

/// How long the deletion of what the run pushed may take.
const CLEAN_UP: Duration = Duration::from_secs(60);

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
    let bounds = tokio::spawn(bounds(world.clone(), stop));
    let settings = &world.settings;
    if settings.look_first && !settings.no_push && seed_was_used(&world, &plan).await {
        world.seed_is_used();
    }
    let finished = run_cases(&world, &plan, &events).await;
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

/// Runs all cases: side by side, then those that run alone, which have pushed what they build on with the others.
async fn run_cases(
    world: &Arc<World>,
    plan: &Plan,
    events: &UnboundedSender<Event>,
) -> Vec<Finished> {
    let deciders = Arc::new(plan.deciders.clone());
    let (alone, mut beside): (Vec<Instance>, Vec<Instance>) = plan
        .chosen
        .iter()
        .cloned()
        .partition(|instance| instance.case.quiet);
    beside.sort_by_key(|instance| {
        let decides = deciders.values().any(|id| *id == instance.id);
        (!decides, std::cmp::Reverse(instance.length))
    });
    let places = Arc::new(Semaphore::new(places(world.settings.jobs)));
    let start = |tasks: &mut JoinSet<Finished>, instance: Instance, turn: Turn| {
        let (world, events, deciders) = (world.clone(), events.clone(), deciders.clone());
        tasks.spawn(async move { run_case(&world, instance, turn, &events, &deciders).await });
    };
    let (mut together, quiet) = (JoinSet::new(), Quiet::new(0));
    for instance in beside {
        start(&mut together, instance, Turn::beside(&places));
    }
    let mut waiting = Vec::new();
    for (instance, number) in alone.into_iter().zip(1..) {
        let mut task = JoinSet::new();
        let turn = Turn::alone(&places, number, &quiet);
        start(&mut task, instance, turn);
        waiting.push(task);
    }
    let mut finished = Vec::new();
    collect(world, &mut together, &mut finished).await;
    for (mut task, number) in waiting.into_iter().zip(1..) {
        quiet.send_replace(number);
        collect(world, &mut task, &mut finished).await;
    }
    finished
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
