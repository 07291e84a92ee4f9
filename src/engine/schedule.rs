//! Running what is planned: side by side, the longest chains first, within bounds.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::Event;
use super::cancel::CancelReason;
use super::case::run_case;
use super::cleanup::{cleanup, leave};
use super::context::{Leftovers, RunContext, Settings};
use super::event::tell;
use super::expected_content::seed_was_used;
use super::features::FeatureStates;
use super::judge::{self, Finished};
use super::plan::{Instance, Plan};
use super::slot::{ExecutionSlot, SerialSlots, places};
use crate::client::RegistryClient;
use crate::record::{Leftover, Run};
use crate::suite::Suites;

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
    target: RegistryClient,
    settings: Settings,
    events: UnboundedSender<Event>,
    stop: watch::Receiver<bool>,
) -> Run {
    let clock = judge::Clock::start();
    let board = FeatureStates::new(plan.probes.keys().cloned());
    let context = Arc::new(RunContext::new(target, suites, settings, board));
    let describe = judge::target_of(&context);
    tell(
        &events,
        Event::Started {
            cases: plan.chosen.len(),
            target: describe,
            spec: context.settings.spec,
            seed: context.settings.seed,
        },
    );
    let bounds = tokio::spawn(bounds(context.clone(), stop));
    let settings = &context.settings;
    if settings.look_first && !settings.no_push && seed_was_used(&context, &plan).await {
        context.seed_is_used();
    }
    let finished = run_cases(&context, &plan, &events).await;
    bounds.abort();
    let left = clean_up(&context, &events).await;
    tell(
        &events,
        Event::Finished {
            requests: context.target.requests(),
        },
    );
    judge::record(&context, plan, finished, &clock, left)
}

/// Runs all cases: side by side, then those that run alone, which have pushed what they build on with the others.
async fn run_cases(
    context: &Arc<RunContext>,
    plan: &Plan,
    events: &UnboundedSender<Event>,
) -> Vec<Finished> {
    let probes = Arc::new(plan.probes.clone());
    let (alone, mut beside): (Vec<Instance>, Vec<Instance>) = plan
        .chosen
        .iter()
        .cloned()
        .partition(|instance| instance.case.serial);
    beside.sort_by_key(|instance| {
        let decides = probes.values().any(|id| *id == instance.id);
        (!decides, std::cmp::Reverse(instance.length))
    });
    let places = Arc::new(Semaphore::new(places(context.settings.jobs)));
    let start = |tasks: &mut JoinSet<Finished>, instance: Instance, slot: ExecutionSlot| {
        let (context, events, probes) = (context.clone(), events.clone(), probes.clone());
        tasks.spawn(async move { run_case(&context, instance, slot, &events, &probes).await });
    };
    let (mut together, serial) = (JoinSet::new(), SerialSlots::new(0));
    for instance in beside {
        start(&mut together, instance, ExecutionSlot::beside(&places));
    }
    let mut poll = Vec::new();
    for (instance, number) in alone.into_iter().zip(1..) {
        let mut task = JoinSet::new();
        let slot = ExecutionSlot::alone(&places, number, &serial);
        start(&mut task, instance, slot);
        poll.push(task);
    }
    let mut finished = Vec::new();
    collect(context, &mut together, &mut finished).await;
    for (mut task, number) in poll.into_iter().zip(1..) {
        serial.send_replace(number);
        collect(context, &mut task, &mut finished).await;
    }
    finished
}

/// Ends the run when the user stops it, or when its time is over.
async fn bounds(context: Arc<RunContext>, mut stop: watch::Receiver<bool>) {
    let stopped = async {
        if stop.wait_for(|stop| *stop).await.is_err() {
            // Nobody can stop the run any more.
            std::future::pending::<()>().await;
        }
    };
    let deadline = context.settings.deadline;
    let why = tokio::select! {
        () = stopped => CancelReason::Stopped,
        () = tokio::time::sleep(deadline) => CancelReason::Deadline(deadline),
    };
    context.cancellation.end(why);
}

/// Waits for all cases; once the run ends, only as long as they need to put together what they have.
async fn collect(
    context: &RunContext,
    tasks: &mut JoinSet<Finished>,
    finished: &mut Vec<Finished>,
) {
    let mut left = context
        .cancellation
        .unless(all(tasks, finished))
        .await
        .is_err();
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
async fn clean_up(context: &RunContext, events: &UnboundedSender<Event>) -> Vec<Leftover> {
    let things = context.ledger.all();
    match context.settings.leftovers {
        Leftovers::Keep => return leave(&context.target, things, "it was to be kept"),
        Leftovers::Vanish => return Vec::new(),
        Leftovers::Delete if things.is_empty() => return Vec::new(),
        Leftovers::Delete => {}
    }
    if context.target_is_gone() {
        return leave(&context.target, things, "the target has stopped answering");
    }
    let count = things.len();
    tell(events, Event::CleaningUp { things: count });
    cleanup(&context.target, things, CLEAN_UP).await
}
