//! One attempt at a case: its content, its execution slot, its steps, and second looks at reads that missed a write, which
//! further attempts beside it may confirm.

use futures_util::FutureExt;
use futures_util::future::join_all;

use super::context::{HEAVY_CONTENT, RunContext};
use super::evidence::Evidence;
use super::plan::Instance;
use super::probe::FeatureProbe;
use super::provision::{provide, scope_of};
use super::retry::CaseRetry;
use super::runner::{Caller, Confirm, Patience, Runner};
use super::scope::Scope;
use super::slot::{ExecutionSlot, SlotsBeside};
use crate::client::Priority;
use crate::fixture::Seed;
use crate::suite::Step;

/// From how many requests in sequence on those of a case are sent before others: it decides how long the run takes.
const LONG: usize = 16;

/// Runs the steps of a case. Second looks at reads that missed a write follow, while other cases run.
pub async fn attempt(
    context: &RunContext,
    instance: &Instance,
    retry: &CaseRetry,
    slot: &mut ExecutionSlot,
    probe: &FeatureProbe<'_>,
) -> Evidence {
    let seed = retry.seed();
    let patience = match retry.is_patient() {
        true => Patience::Whole,
        false => Patience::SecondLooks(confirmation(context, instance, &seed, slot)),
    };
    let mut evidence = Evidence::default();
    let whose = (context, instance, probe);
    let ran = run(whose, &seed, patience, slot, &mut evidence).await;
    if let Some((runner, before)) = ran.filter(|(runner, _)| runner.is_unsettled()) {
        probe.shows(&evidence);
        settle(runner, slot, &mut evidence, before).await;
    }
    evidence
}

/// What makes further attempts at a case with these names and this content; none where they would wait for it, or it for them.
fn confirmation<'a>(
    context: &'a RunContext,
    instance: &'a Instance,
    seed: &Seed,
    slot: &ExecutionSlot,
) -> Option<Confirm<'a>> {
    let (slots, seed) = (slot.beside()?, seed.clone());
    let confirm: Confirm<'a> = Box::new(move |steps, attempts| {
        let further: Vec<_> = (0..attempts)
            .map(|number| {
                let (slots, seed) = (slots.clone(), seed.of(&format!("confirm-{number}")));
                let steps = steps.clone();
                async move { misses(context, instance, &seed, &slots, &steps).await }
            })
            .collect();
        async move { join_all(further).await.into_iter().all(|misses| misses) }.boxed()
    });
    Some(confirm)
}

/// Whether the reads of all these steps miss their writes in a further attempt at the case.
async fn misses(
    context: &RunContext,
    instance: &Instance,
    seed: &Seed,
    slots: &SlotsBeside,
    steps: &[&Step],
) -> bool {
    let mut slot = slots.begin().await;
    let probe = FeatureProbe::silent(context, instance);
    let mut evidence = Evidence::default();
    let whose = (context, instance, &probe);
    let ran = run(whose, seed, Patience::Confirms, &mut slot, &mut evidence).await;
    let Some((mut runner, _)) = ran else {
        return false;
    };
    let looked = slot.rest_during(runner.look_again()).await;
    let missed = |step: &&Step| runner.missed().iter().any(|one| std::ptr::eq(*one, *step));
    looked.is_ok() && steps.iter().all(missed)
}

/// Provides the content of a case and runs its steps. Returns the runner where the steps ran, and how many checks were made
/// before.
async fn run<'a>(
    (context, instance, probe): (&'a RunContext, &'a Instance, &FeatureProbe<'_>),
    seed: &Seed,
    patience: Patience<'a>,
    slot: &mut ExecutionSlot,
    evidence: &mut Evidence,
) -> Option<(Runner<'a>, usize)> {
    let settings = &context.settings;
    let repos = [settings.repo.as_str(), &settings.repo2];
    let mut scope = scope_of(&context.suites, instance, seed, repos);
    let caller = Caller {
        name: instance.id.to_string(),
        observed: !patience.confirms() && !instance.is_newer_than(settings.as_of),
        priority: priority_of(instance, probe, scope.content_size()),
    };
    let whose = (instance, &caller);
    // Of the set-up, a running case keeps nothing.
    let provided = provide(context, whose, seed, &mut scope, slot, evidence);
    let changed = match Box::pin(provided).await {
        Ok(changed) => changed,
        Err(stop) => {
            evidence.stopped = Some(stop);
            return None;
        }
    };
    // No step can decline what the set-up showed, and other cases wait for it.
    if instance.case.declinable_by_steps().is_empty() {
        probe.shows(evidence);
    }
    // Its content is there. Another attempt, which pushes it again, begins as the first did.
    if !instance.writes_tags {
        slot.stop_disturbing();
    }
    let runner = Runner::new(context, caller).changed_at(changed);
    let mut runner = runner.with_patience(patience);
    // Not before: what pushes content may need permits too, and so may the case that gets its slot first.
    if let Err(stop) = runner.acquire_heavy(scope.content_size()).await {
        evidence.stopped = Some(stop);
        return None;
    }
    run_steps(&mut runner, instance, &mut scope, evidence, probe).await;
    let before = evidence.checks.len();
    evidence.append(runner.take_evidence());
    Some((runner, before))
}

/// Runs the steps; those that ask for a feature come first, since other cases wait for it. `set_up` is the evidence so far.
async fn run_steps<'a>(
    runner: &mut Runner<'a>,
    instance: &'a Instance,
    scope: &mut Scope<'a>,
    set_up: &Evidence,
    probe: &FeatureProbe<'_>,
) {
    let (asking, after) = instance.case.steps_by_features();
    if runner.steps(asking, scope).await {
        probe.shows(&runner.shown_features(set_up));
        runner.steps(after, scope).await;
    }
}

/// The priority of the requests of a case. They go first where other cases wait for its feature, it takes long, it waits until
/// it may hold its content, or what it deletes may stay visible until the time to settle is over.
fn priority_of(instance: &Instance, probe: &FeatureProbe<'_>, bytes: usize) -> Priority {
    let heavy = bytes >= HEAVY_CONTENT;
    match instance.length >= LONG || instance.deletes || heavy || probe.is_awaited() {
        true => Priority::First,
        false => Priority::Normal,
    }
}

/// Takes second looks at the reads that missed a write, without a slot. The checks of the steps follow the first `before`
/// checks of the evidence.
async fn settle(
    mut runner: Runner<'_>,
    slot: &mut ExecutionSlot,
    evidence: &mut Evidence,
    before: usize,
) {
    runner.release_heavy();
    if let Err(why) = slot.rest_during(runner.look_again()).await {
        // Whether the reads would have shown their writes in time is not known, and later steps may depend on them.
        evidence.drop_violations_from(before + runner.settled_checks());
        evidence.stopped = Some(why.into());
    }
    evidence.append(runner.into_evidence());
}
