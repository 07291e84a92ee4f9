//! Running a plan: the cases, then the cleanup, all within bounds.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::cancel::CancelReason;
use super::case::run_case;
use super::cleanup::{cleanup, keep_all};
use super::context::RunContext;
use super::event::{Event, emit};
use super::evidence::Evidence;
use super::expected_cases::expected_cases;
use super::features::FeatureStates;
use super::phases::{Phases, phases};
use super::plan::{Instance, Plan};
use super::provision::seed_was_used;
use super::record_run;
use super::settings::{Leftovers, Settings};
use super::slot::{ExecutionSlot, Slots};
use super::start::Start;
use crate::client::RegistryClient;
use crate::record::{KEPT, Leftover, Run, millis};
use crate::suite::Suites;

/// How long cases may take to put their evidence together once the run was ended.
const GRACE: Duration = Duration::from_secs(2);

/// How long the cleanup may take.
const CLEANUP_TIME: Duration = Duration::from_secs(60);

/// The evidence of cases, by their names.
type Outcomes = HashMap<Arc<str>, Evidence>;

/// Tasks that run a case each.
type Tasks = JoinSet<(Arc<str>, Evidence)>;

/// Runs a plan against a target.
///
/// Ends early, with the cases that are finished, when `stop` turns true or the deadline passes.
pub async fn run(
    plan: Plan,
    suites: Arc<Suites>,
    target: RegistryClient,
    settings: Settings,
    events: UnboundedSender<Event>,
    stop: watch::Receiver<bool>,
) -> Run {
    let start = Start::now(events);
    run_from(start, plan, suites, target, settings, stop).await
}

/// The same for a run whose first request was sent before.
pub async fn run_from(
    Start { began, events }: Start,
    plan: Plan,
    suites: Arc<Suites>,
    target: RegistryClient,
    settings: Settings,
    stop: watch::Receiver<bool>,
) -> Run {
    let clock = record_run::Clock::start();
    let features = FeatureStates::new(plan.probes.keys().cloned());
    let context = Arc::new(RunContext::new(target, suites, settings, features));
    emit(
        &events,
        Event::Started {
            cases: expected_cases(&context, &plan),
            target: record_run::target_of(&context.settings, context.target.shown_url()),
            spec: context.settings.spec,
            seed: context.settings.seed,
        },
    );
    let bounds = tokio::spawn(bounds(context.clone(), began, stop));
    let pauses = tokio::spawn(report_pauses(
        context.target.subscribe_pauses(),
        events.clone(),
    ));
    let settings = &context.settings;
    if settings.look_first && !settings.no_push && seed_was_used(&context, &plan).await {
        context.mark_seed_used();
    }
    let outcomes = run_cases(&context, &plan, &events).await;
    bounds.abort();
    let before = Instant::now();
    let leftovers = clean_up(&context, &events).await;
    let cleanup_ms = millis(before.elapsed());
    pauses.abort();
    let timings = record_run::timings(&context, &plan, &outcomes, cleanup_ms);
    let mut record = record_run::record(&context, &plan, outcomes, &clock, leftovers);
    record.timings = Some(timings);
    let left_out = plan.left_out.len();
    emit(
        &events,
        Event::Finished {
            requests: record.requests,
            cases: record.summary.total().saturating_sub(left_out),
        },
    );
    record
}

/// Runs all cases: the parallel ones together, and serial ones when no other case disturbs them.
async fn run_cases(
    context: &Arc<RunContext>,
    plan: &Plan,
    events: &UnboundedSender<Event>,
) -> Outcomes {
    let probes = Arc::new(plan.probes.clone());
    let Phases { parallel, serial } = phases(&plan.chosen, &probes);
    let slots = Slots::new(context.settings.jobs);
    // All slots are taken before the first case runs: a serial case waits until no other case disturbs it.
    let parallel = parallel.into_iter().map(|instance| {
        let slot = slots.parallel(instance.disturbs());
        (instance, slot)
    });
    let mut numbers = 0..;
    let serial = serial.into_iter().map(|instance| {
        let number = instance.uses_tags.then(|| numbers.next()).flatten();
        let slot = slots.serial(number);
        (instance, slot)
    });
    let all: Vec<(Instance, ExecutionSlot)> = parallel.chain(serial).collect();
    let mut tasks = Tasks::new();
    for (instance, slot) in all {
        let (context, events, probes) = (context.clone(), events.clone(), probes.clone());
        tasks.spawn(async move {
            let evidence = run_case(&context, &instance, slot, &events, &probes).await;
            (instance.id, evidence)
        });
    }
    let mut outcomes = Outcomes::new();
    collect(context, &mut tasks, &mut outcomes).await;
    outcomes
}

/// Sends an event for each pause after a 429 or a 503.
async fn report_pauses(mut pauses: watch::Receiver<Duration>, events: UnboundedSender<Event>) {
    while pauses.changed().await.is_ok() {
        let pause_ms = millis(*pauses.borrow_and_update());
        emit(&events, Event::RateLimited { pause_ms });
    }
}

/// Ends the run when the user stops it, or when the deadline passes.
async fn bounds(context: Arc<RunContext>, began: Instant, mut stop: watch::Receiver<bool>) {
    let stopped = async {
        if stop.wait_for(|stop| *stop).await.is_err() {
            // The sender is gone: only the deadline can end the run.
            std::future::pending::<()>().await;
        }
    };
    let deadline = context.settings.deadline;
    let why = tokio::select! {
        () = stopped => CancelReason::Stopped,
        () = tokio::time::sleep(deadline.saturating_sub(began.elapsed())) => CancelReason::Deadline(deadline),
    };
    context.cancellation.end(why);
}

/// Waits for all cases; once the run is ended, only for a grace time in which they put their evidence together.
async fn collect(context: &RunContext, tasks: &mut Tasks, outcomes: &mut Outcomes) {
    let mut left = context
        .cancellation
        .or_cancelled(all(tasks, outcomes))
        .await
        .is_err();
    if left {
        left = tokio::time::timeout(GRACE, all(tasks, outcomes))
            .await
            .is_err();
    }
    if left {
        tasks.shutdown().await;
    }
}

async fn all(tasks: &mut Tasks, outcomes: &mut Outcomes) {
    while let Some(next) = tasks.join_next().await {
        outcomes.extend(next.ok());
    }
}

/// Deletes the content that the run pushed. Returns the items that are left, each with the reason.
async fn clean_up(context: &RunContext, events: &UnboundedSender<Event>) -> Vec<Leftover> {
    let items = context.ledger.all();
    match context.settings.leftovers {
        Leftovers::Keep => return keep_all(&context.target, items, KEPT),
        Leftovers::Vanish => return Vec::new(),
        Leftovers::Delete if items.is_empty() => return Vec::new(),
        Leftovers::Delete => {}
    }
    if context.target_is_gone() {
        return keep_all(&context.target, items, "the target stopped responding");
    }
    let count = items.len();
    emit(events, Event::CleaningUp { items: count });
    let deletes = context.ledger.deleted_kinds();
    cleanup(&context.target, items, &deletes, CLEANUP_TIME).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pauses_become_events() {
        let (pauses, receiver) = watch::channel(Duration::ZERO);
        let (events, mut received) = tokio::sync::mpsc::unbounded_channel();
        let reporter = tokio::spawn(report_pauses(receiver, events));
        pauses.send_replace(Duration::from_secs(2));
        let event = received.recv().await;
        assert!(
            matches!(event, Some(Event::RateLimited { pause_ms: 2000 })),
            "{event:?}"
        );
        drop(pauses);
        assert!(reporter.await.is_ok());
    }
}
