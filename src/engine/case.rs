//! Running one case: the features that it needs, its content, its turn, its steps.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedSender;

use super::context::{HEAVY_CONTENT, RunContext};
use super::event::{Event, emit};
use super::evidence::{Evidence, Stop};
use super::features::Probed;
use super::plan::Instance;
use super::provision::{provide, scope_of};
use super::retry::CaseRetry;
use super::runner::{Caller, Runner};
use super::slot::ExecutionSlot;
use crate::fixture::Seed;
use crate::record::{Attempt, FeatureState, Verdict, millis};
use crate::suite::PUSHING;

/// From how many requests in sequence on those of a case are sent before others: it decides how long the run takes.
const LONG: usize = 16;

/// Runs a case when it is its turn, sets the features that it probes, and reports its end. `probes` names the case that
/// probes each feature.
pub async fn run_case(
    context: &RunContext,
    instance: &Instance,
    slot: ExecutionSlot,
    events: &UnboundedSender<Event>,
    probes: &HashMap<String, Arc<str>>,
) -> Evidence {
    // Boxed, here and in a shared fixture: one type of all futures below is too deep for the compiler.
    let work = evidence_of(context, instance, slot, events, probes).boxed();
    let evidence = catch_panic(work).await;
    set_features(context, instance, &evidence, probes, true);
    let counts = !instance.is_newer_than(context.settings.as_of);
    let verdict = match counts {
        true => evidence.verdict(),
        false => Verdict::Skipped,
    };
    emit(
        events,
        Event::CaseFinished {
            id: instance.id.clone(),
            verdict,
            reason: evidence.reason().filter(|_| counts),
            duration_ms: millis(evidence.took),
        },
    );
    evidence
}

/// The evidence of a case; of one that panics, an error. Without it, cases that wait for a feature would wait for ever.
async fn catch_panic(work: impl Future<Output = Evidence>) -> Evidence {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(evidence) => evidence,
        Err(panic) => {
            let why = format!(
                "assay panicked in this case, which is a defect of assay: {}",
                panic_message(&*panic)
            );
            Evidence::stopped(Stop::Error(why), None)
        }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message")
}

/// Sets the features that the case probes. Before it is over (`last`), only those that the evidence shows.
fn set_features(
    context: &RunContext,
    instance: &Instance,
    evidence: &Evidence,
    probes: &HashMap<String, Arc<str>>,
    last: bool,
) {
    let own = probes.iter().filter(|(_, probe)| **probe == instance.id);
    for (feature, _) in own {
        let state = state_of(feature, evidence);
        let probed = Probed {
            state,
            case: instance.id.to_string(),
            skipped: evidence.stopped == Some(Stop::Skipped),
        };
        if last || state != FeatureState::Unknown {
            context.features.set(feature, probed);
        }
    }
}

/// What the evidence of a probe says about its feature.
fn state_of(feature: &str, evidence: &Evidence) -> FeatureState {
    // A case that needs another feature, which is declined, cannot show this one. Where pushes are declined, a feature that
    // only a push shows may still be supported.
    let mut declined = evidence.declined.iter();
    let gone = evidence.stopped == Some(Stop::Declined) && declined.any(|other| other != PUSHING);
    if gone || evidence.declined.iter().any(|one| one == feature) {
        FeatureState::Unsupported
    } else if evidence.stopped.is_none() {
        FeatureState::Supported
    } else {
        FeatureState::Unknown
    }
}

async fn evidence_of(
    context: &RunContext,
    instance: &Instance,
    mut slot: ExecutionSlot,
    events: &UnboundedSender<Event>,
    probes: &HashMap<String, Arc<str>>,
) -> Evidence {
    if let Some(evidence) = not_run(context, instance).await {
        return evidence;
    }
    // Before a slot is taken: the case that probes pushes needs one.
    let seed = match instance.case.builds() && context.looks_for_content().await {
        // Existing content was made from the run's seed.
        true => Seed::new(context.settings.seed),
        false => context.case_seed(),
    };
    slot.acquire().await;
    emit(
        events,
        Event::CaseStarted {
            id: instance.id.clone(),
        },
    );
    let began = Instant::now();
    let seed = seed.of(&instance.id);
    let mut failed = Vec::new();
    let mut evidence = loop {
        let number = failed.len();
        let mut evidence =
            answered(context, instance, seed.clone(), number, &mut slot, probes).await;
        let all = began.elapsed().saturating_sub(slot.waited());
        let before: u64 = failed.iter().map(|one: &Attempt| one.duration_ms).sum();
        evidence.took = all.saturating_sub(Duration::from_millis(before));
        let ended = context.cancellation.why().is_some() || context.target_is_gone();
        let lasts = number >= context.settings.retries;
        if lasts {
            context.lasting.note(&evidence.checks);
        }
        let fails = evidence.verdict() == Verdict::Fail;
        if !fails || lasts || ended || context.lasting.explain(&evidence.checks) {
            evidence.took = all;
            break evidence;
        }
        failed.push(evidence.as_failed_attempt());
    };
    evidence.ran = Some((began, Instant::now()));
    evidence.failed = failed;
    // The last note is the reason where there is no verdict: the suites' own note comes first.
    evidence.notes.splice(0..0, instance.case.note.clone());
    evidence
}

/// The evidence of a case that is not run, because a feature is missing or because it pushes and pushes are off.
async fn not_run(context: &RunContext, instance: &Instance) -> Option<Evidence> {
    for need in &instance.needs {
        let Some(probed) = context.features.wait(need).await else {
            continue;
        };
        let title = context.suites.features.get(need);
        let title = title.map_or(need.as_str(), |feature| feature.title.as_str());
        let case = probed.case;
        if probed.state == FeatureState::Unsupported {
            let note = format!("{title}: not supported (found by case `{case}`)");
            let mut evidence = Evidence::stopped(Stop::Declined, Some(note));
            evidence.declined.push(need.clone());
            return Some(evidence);
        }
        // Of a feature that no case could ask for, nothing is known: its lack is no violation.
        if probed.skipped && !context.settings.existing.is_empty() {
            let note = format!(
                "{title}: not known, because case `{case}` cannot run with the content that --existing names"
            );
            return Some(Evidence::stopped(Stop::Skipped, Some(note)));
        }
    }
    (context.settings.no_push && instance.writes).then(|| {
        let note = "The case pushes, and --no-push is set".to_owned();
        Evidence::stopped(Stop::Skipped, Some(note))
    })
}

/// Runs a case until each of its writes is answered. After `failed` attempts, its content is another one, unless it must
/// be what exists already.
async fn answered(
    context: &RunContext,
    instance: &Instance,
    seed: Seed,
    failed: usize,
    slot: &mut ExecutionSlot,
    probes: &HashMap<String, Arc<str>>,
) -> Evidence {
    // Not asked at the first attempt: the case may be the one that finds out whether the target takes pushes.
    let fixed = failed > 0 && instance.case.builds() && context.looks_for_content().await;
    let seed = match failed {
        0 => seed,
        _ if fixed => seed,
        failed => seed.of(&format!("retry-{failed}")),
    };
    let mut attempts = CaseRetry::new(seed);
    loop {
        slot.begin_attempt().await;
        let mut evidence = run_steps(context, instance, &attempts, slot, probes).await;
        if !attempts.should_retry(context, &mut evidence) {
            return evidence;
        }
    }
}

/// Runs the steps of a case. Second looks at reads that missed a write follow, while other cases run.
async fn run_steps(
    context: &RunContext,
    instance: &Instance,
    attempts: &CaseRetry,
    slot: &mut ExecutionSlot,
    probes: &HashMap<String, Arc<str>>,
) -> Evidence {
    let (settings, seed) = (&context.settings, &attempts.seed());
    let repos = [settings.repo.as_str(), &settings.repo2];
    let mut scope = scope_of(&context.suites, instance, seed, repos);
    let mut evidence = Evidence::default();
    let caller = Caller {
        name: instance.id.to_string(),
        observed: !instance.is_newer_than(settings.as_of),
        ahead: goes_ahead(instance, probes, scope.content_size()),
    };
    let whose = (instance, &caller);
    // Of the set-up, a running case keeps nothing.
    let provided = Box::pin(provide(
        context,
        whose,
        seed,
        &mut scope,
        slot,
        &mut evidence,
    ));
    let changed = match provided.await {
        Ok(changed) => changed,
        Err(stop) => {
            evidence.stopped = Some(stop);
            return evidence;
        }
    };
    // No step can decline what the set-up showed, and other cases wait for it.
    if instance.case.declinable_by_steps().is_empty() {
        set_features(context, instance, &evidence, probes, false);
    }
    // Its content is there. Another attempt, which pushes it again, begins as the first did.
    if !instance.writes_tags {
        slot.stop_disturbing();
    }
    let mut runner = Runner::new(context, caller.clone()).changed_at(changed);
    if !attempts.is_patient() {
        runner = runner.impatient();
    }
    // Not before: what pushes content may need permits too, and so may the case whose turn comes first.
    if let Err(stop) = runner.acquire_heavy(scope.content_size()).await {
        evidence.stopped = Some(stop);
        return evidence;
    }
    let (asking, after) = instance.case.steps_by_features();
    if runner.steps(asking, &mut scope).await {
        // The other cases need not wait for the rest.
        let shown = runner.shown_features(&evidence);
        set_features(context, instance, &shown, probes, false);
        runner.steps(after, &mut scope).await;
    }
    let before = evidence.checks.len();
    evidence.append(runner.take_evidence());
    if runner.is_unsettled() {
        set_features(context, instance, &evidence, probes, false);
        settle(runner, slot, &mut evidence, before).await;
    }
    evidence
}

/// Whether the requests of a case are sent before those of others: other cases wait for its feature, it takes long, it
/// waits until it may hold its content, or what it deletes may stay visible until the time to settle is over.
fn goes_ahead(instance: &Instance, probes: &HashMap<String, Arc<str>>, bytes: usize) -> bool {
    instance.length >= LONG
        || instance.deletes
        || bytes >= HEAVY_CONTENT
        || probes.values().any(|probe| *probe == instance.id)
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

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_case_that_panics_is_in_error_and_its_feature_unknown() {
        let evidence = catch_panic(async { panic!("index {} is out of range", 3) }).await;
        assert_eq!(evidence.verdict(), Verdict::Error);
        let reason = format!("{:?}", evidence.reason());
        assert!(reason.contains("index 3 is out of range"), "{reason}");
        assert_eq!(state_of("mount", &evidence), FeatureState::Unknown);
    }

    #[test]
    fn a_probe_decides_its_feature() {
        let declined = |features: &[&str], stopped| Evidence {
            declined: features.iter().map(|one| (*one).to_owned()).collect(),
            stopped,
            ..Evidence::default()
        };
        let stopped = Some(Stop::Declined);
        let state = |evidence: &Evidence| state_of("mount", evidence);
        assert_eq!(state(&declined(&[], None)), FeatureState::Supported);
        assert_eq!(
            state(&declined(&["mount"], None)),
            FeatureState::Unsupported
        );
        let other = declined(&["referrers"], stopped.clone());
        assert_eq!(state(&other), FeatureState::Unsupported);
        assert_eq!(state(&declined(&[PUSHING], stopped)), FeatureState::Unknown);
    }
}
