//! The record of a run.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::clock::Clock;
use super::testers::Testers;
use super::{case, claims, features, notes, uncounted};
use crate::catalogue::Party;
use crate::engine::cancel::CancelReason;
use crate::engine::context::RunContext;
use crate::engine::evidence::{Evidence, Stop};
use crate::engine::invariants::Observed;
use crate::engine::plan::{Instance, Plan};
use crate::engine::settings::Settings;
use crate::record::{self, Case, JudgedBy, Leftover, Run, RunFacts, Target, Verdict};
use crate::suite::SuiteVersion;

/// The target, for the record.
pub fn target_of(settings: &Settings, url: String) -> Target {
    Target {
        url,
        repo: settings.repo.clone(),
        repo2: settings.repo2.clone(),
        options: settings.target_options.clone(),
        no_push: settings.no_push,
        bundled: settings.bundled,
        party: Party::Registry,
        judged_by: JudgedBy::Run,
    }
}

/// The record of a run, of the evidence of its cases by their names.
pub fn record(
    context: &RunContext,
    plan: &Plan,
    evidence: HashMap<Arc<str>, Evidence>,
    clock: &Clock,
    leftovers: Vec<Leftover>,
) -> Run {
    let as_of = context.settings.as_of;
    let mut made = made(context, &plan.chosen, evidence);
    features::add_missing_shoulds(context, &mut made.cases, &mut made.testers);
    claims::add_required(context, &mut made.cases, &mut made.testers);
    record::attribute_run(&mut made.cases, &[], &context.suites.catalogue);
    mark_flaky(&mut made.cases);
    if plan.invariants {
        add_invariants(context, &mut made);
    }
    let Made {
        mut cases,
        uncounted,
        testers,
    } = made;
    let features = features::states(context, &cases);
    cases.extend(plan.left_out.iter().map(case::left_out));
    let mut requirements = testers.results(context, &cases);
    requirements.extend(claims::results(context, &cases));
    let uncounted = uncounted::record(uncounted);
    let mut notes = notes::notes(context, &cases, &leftovers, plan.partial);
    notes.extend(claims::notes(context, &features));
    notes.extend(as_of.map(|as_of| uncounted::note(as_of, &uncounted)));
    let ended = context.cancellation.why();
    let facts = RunFacts {
        target: target_of(&context.settings, context.target.shown_url()),
        spec: context.settings.spec,
        seed: context.settings.seed,
        started: clock.started(),
        duration_ms: clock.elapsed(),
        partial: plan.partial,
        interrupted: ended == Some(CancelReason::Stopped),
    };
    Run {
        requests: context.target.requests(),
        diagnoses: record::diagnose(&facts.target.url, &cases),
        notes,
        leftovers,
        features,
        as_of: as_of.map(|as_of| as_of.to_string()),
        uncounted,
        ..Run::of(facts, ended.is_some(), requirements, cases)
    }
}

/// The records of the cases of a run.
struct Made {
    /// Cases that count.
    cases: Vec<Case>,
    /// Cases that are newer than the version of the suites that counts.
    uncounted: Vec<(SuiteVersion, Case)>,
    /// Which of the cases that count test which requirements.
    testers: Testers,
}

/// Set-ups first, then the cases in the order of the suites. A case without evidence is in error.
fn made(
    context: &RunContext,
    chosen: &[Instance],
    mut evidence: HashMap<Arc<str>, Evidence>,
) -> Made {
    let as_of = context.settings.as_of;
    let mut made = Made {
        cases: Vec::new(),
        uncounted: Vec::new(),
        testers: Testers::default(),
    };
    // A set-up counts where a case that counts uses it.
    let counted = chosen.iter().filter(|one| !one.is_newer_than(as_of));
    let used: HashSet<&String> = counted
        .filter_map(|instance| evidence.get(&instance.id))
        .flat_map(|evidence| &evidence.set_ups)
        .collect();
    for setup in context.fixtures.all() {
        let case = case::of_set_up(context, &setup);
        match as_of.is_none() || used.contains(&setup.id) {
            true => made.cases.push(case),
            false => made.uncounted.push((SuiteVersion::FIRST, case)),
        }
    }
    for instance in chosen {
        let evidence = evidence.remove(&instance.id).unwrap_or_else(|| {
            let why = "the run ended before this case did".to_owned();
            Evidence::stopped(Stop::Error(why), None)
        });
        let case = case::of_instance(instance, evidence);
        if instance.is_newer_than(as_of) {
            let since = instance.case.history.effective_since();
            made.uncounted.push((since, case));
            continue;
        }
        for requirement in &instance.requirements {
            made.testers.add(requirement, &instance.id);
        }
        made.cases.push(case);
    }
    made
}

/// A case that failed at first, and that has a better verdict after its last attempt, is flaky.
fn mark_flaky(cases: &mut [Case]) {
    for case in cases {
        let passes = matches!(case.verdict, Verdict::Pass | Verdict::Warn);
        case.flaky = passes && !case.attempts.is_empty();
    }
}

/// Adds the invariants. They keep their own failures: those of the cases do not depend on them.
fn add_invariants(context: &RunContext, made: &mut Made) {
    let mut counted = Vec::new();
    let mut all = context.invariants.observed();
    add_broken_off(context, &mut all);
    for observed in all {
        let invariant = observed.invariant.clone();
        let case = Case::from(observed);
        if invariant.history.is_newer_than(context.settings.as_of) {
            let since = invariant.history.effective_since();
            made.uncounted.push((since, case));
            continue;
        }
        for expectation in &invariant.expect {
            made.testers.add(&expectation.requirement, &invariant.id);
        }
        counted.push(case);
    }
    record::attribute_run(&mut counted, &made.cases, &context.suites.catalogue);
    made.cases.append(&mut counted);
}

/// Adds to the invariants that reads of one kind broke off. Versions of the suites before that did not judge it.
fn add_broken_off(context: &RunContext, observed: &mut [Observed]) {
    let as_of = context.settings.as_of;
    if as_of.is_some_and(|as_of| as_of < SuiteVersion::BROKEN_OFF) {
        return;
    }
    for violation in context.broken_off.violations() {
        let (catalogue, spec) = (&context.suites.catalogue, context.settings.spec);
        let level = catalogue.level(violation.requirement(), spec);
        if let Some(level) = level
            && let Some(observed) = violation.reported_by(observed)
        {
            violation.add_to(observed, level);
        }
    }
}
