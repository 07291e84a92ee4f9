//! Running one case: the features that it needs, its slot, and attempts at it until there is a verdict.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::mpsc::UnboundedSender;

use super::attempt::attempt;
use super::context::RunContext;
use super::event::{Event, emit};
use super::evidence::{Evidence, Stop};
use super::plan::{Instance, ProbeCases};
use super::probe::FeatureProbe;
use super::provisioning::Provisioning;
use super::retry::CaseRetry;
use super::slot::ExecutionSlot;
use crate::fixture::Seed;
use crate::record::{Attempt, FeatureState, Verdict, millis};

/// Runs a case when it is its turn, sets the features that it probes, and reports its end. `probes` names the case that
/// probes each feature.
pub async fn run_case(
    context: &RunContext,
    instance: &Instance,
    slot: ExecutionSlot,
    events: &UnboundedSender<Event>,
    probes: &ProbeCases,
) -> Evidence {
    let probe = FeatureProbe::new(context, instance, probes);
    // Boxed, here and in a shared fixture: one type of all futures below is too deep for the compiler.
    let work = evidence_of(context, instance, slot, events, &probe).boxed();
    let evidence = catch_panic(work).await;
    probe.finish(&evidence);
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
            reason: evidence.bad_end().filter(|_| counts),
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

async fn evidence_of(
    context: &RunContext,
    instance: &Instance,
    mut slot: ExecutionSlot,
    events: &UnboundedSender<Event>,
    probe: &FeatureProbe<'_>,
) -> Evidence {
    if let Some(evidence) = not_run(context, instance).await {
        return evidence;
    }
    // Before a slot is taken: the case that probes pushes needs one.
    let seed = match must_exist(context, instance).await {
        // Existing content was made from the run's seed.
        true => context.seed(),
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
            answered(context, instance, seed.clone(), number, &mut slot, probe).await;
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
            let why = format!("{title}: not supported (found by case `{case}`)");
            let mut evidence = Evidence::stopped(Stop::Declined, Some(why));
            evidence.declined.push(need.clone());
            return Some(evidence);
        }
        // Of a feature that no case could ask for, nothing is known: its lack is no violation.
        if probed.skipped && !context.settings.existing.is_empty() {
            let why = format!(
                "{title}: not known, because case `{case}` cannot run with the content that --existing names"
            );
            return Some(Evidence::stopped(Stop::Skipped, Some(why)));
        }
    }
    (context.settings.no_push && instance.writes).then(|| {
        let why = "The case pushes, and --no-push is set".to_owned();
        Evidence::stopped(Stop::Skipped, Some(why))
    })
}

/// Whether the content that a case makes must exist already.
async fn must_exist(context: &RunContext, instance: &Instance) -> bool {
    instance.case.builds() && context.provisioning().await == Provisioning::LookFor
}

/// Runs a case until each of its writes is answered. After `failed` attempts, its content is another one, unless it must
/// be what exists already.
async fn answered(
    context: &RunContext,
    instance: &Instance,
    seed: Seed,
    failed: usize,
    slot: &mut ExecutionSlot,
    probe: &FeatureProbe<'_>,
) -> Evidence {
    // Not asked at the first attempt: the case may be the one that finds out whether the target takes pushes.
    let fixed = failed > 0 && must_exist(context, instance).await;
    let seed = match failed {
        0 => seed,
        _ if fixed => seed,
        failed => seed.of(&format!("retry-{failed}")),
    };
    let mut attempts = CaseRetry::new(seed);
    loop {
        slot.begin_attempt().await;
        let mut evidence = attempt(context, instance, &attempts, slot, probe).await;
        if !attempts.should_retry(context, &mut evidence) {
            return evidence;
        }
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_case_that_panics_is_in_error() {
        let evidence = catch_panic(async { panic!("index {} is out of range", 3) }).await;
        assert_eq!(evidence.verdict(), Verdict::Error);
        let reason = format!("{:?}", evidence.bad_end());
        assert!(reason.contains("index 3 is out of range"), "{reason}");
    }
}
