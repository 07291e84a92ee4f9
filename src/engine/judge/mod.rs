//! From evidence to verdicts: what a case, a requirement, a category and the run come to.

mod case;
mod claims;
mod clock;
mod features;
mod roll_up;
mod uncounted;

pub use case::{reason_alone, verdict_alone};
pub use clock::Clock;

use std::collections::HashMap;
use std::sync::Arc;

use super::cancel::CancelReason;
use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use super::plan::{Instance, Plan};
use crate::catalogue::Category;
use crate::record::{self, Case, Counts, Leftover, Run, SCHEMA, SET_UP, Target, Tool};
use crate::suite::SuiteVersion;

/// A case that is over.
pub struct Finished {
    /// The case.
    pub instance: Instance,
    /// What it has to show.
    pub evidence: Evidence,
}

/// Something of the run that is reported as a case: a case, or the push of a shared fixture.
pub struct Item {
    /// Its name.
    pub id: String,
    /// The suite that holds it.
    pub suite: String,
    /// The category it counts in.
    pub category: Category,
    /// What it shows.
    pub title: String,
    /// The section of the specification.
    pub section: String,
    /// The features that it needs or decides.
    pub features: Vec<String>,
    /// The requirements that it tests.
    pub requirements: Vec<String>,
    /// Whether it is a set-up, all of whose checks belong to procedures.
    pub set_up: bool,
    /// Whether it asks for the plainest content there is.
    pub canonical: bool,
    /// The version of the suites since which it says what it says; nothing for a set-up.
    pub effective_since: Option<SuiteVersion>,
    /// What it has to show.
    pub evidence: Evidence,
}

/// What was tested, for the record.
pub fn target_of(context: &RunContext) -> Target {
    Target {
        url: context
            .target
            .base()
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
        repo: context.settings.repo.clone(),
        repo2: context.settings.repo2.clone(),
        bundled: context.settings.bundled,
    }
}

/// The record of a run.
pub fn record(
    context: &RunContext,
    plan: Plan,
    finished: Vec<Finished>,
    clock: &Clock,
    leftovers: Vec<Leftover>,
) -> Run {
    let ended = context.cancellation.why();
    let interrupted = ended == Some(CancelReason::Stopped);
    let as_of = context.settings.as_of;
    let (mut items, uncounted) = uncounted::apart(items(context, plan.chosen, finished), as_of);
    features::add_missing_shoulds(context, &mut items);
    claims::add_required(context, &mut items);
    let features = features::states(context, &items);
    let mut uncounted: Vec<(SuiteVersion, Case)> = uncounted
        .into_iter()
        .map(|item| {
            let effective_since = item.effective_since.unwrap_or(SuiteVersion::FIRST);
            (effective_since, case::case_of(item))
        })
        .collect();
    let mut tested: HashMap<String, Vec<String>> = HashMap::new();
    let mut cases: Vec<Case> = Vec::new();
    for item in items {
        for requirement in &item.requirements {
            let testers = tested.entry(requirement.clone()).or_default();
            testers.push(item.id.clone());
        }
        cases.push(case::case_of(item));
    }
    record::attribute(&mut cases);
    if plan.invariants {
        for (effective_since, case) in case::invariants(context, &mut tested) {
            match as_of.is_some_and(|as_of| effective_since > as_of) {
                true => uncounted.push((effective_since, case)),
                false => cases.push(case),
            }
        }
    }
    cases.extend(plan.left_out.iter().map(case::left_out));
    let mut requirements = roll_up::requirements(context, &cases, &tested);
    requirements.extend(claims::results(context, &cases));
    let mut notes = context.target.notes();
    notes.extend(context.notes());
    notes.extend(unpushed(context, &cases));
    if let Some(one) = leftovers.first() {
        notes.push(format!(
            "{} things that the run pushed are still in the registry ({}): report.json names each, with the command that deletes it, and `assay clean --from report.json` tries again",
            leftovers.len(),
            one.reason
        ));
    }
    if let Some(CancelReason::Deadline(time)) = ended {
        notes.push(format!(
            "the run's time ({}) was over before its last case: what was not finished is in error",
            humantime::format_duration(time)
        ));
    }
    if plan.partial {
        notes.push("a part of the suites was run: what was left out counts as skipped".to_owned());
    }
    let uncounted = uncounted::beside(uncounted);
    notes.extend(claims::notes(context, &features));
    notes.extend(as_of.map(|as_of| uncounted::note(as_of, &uncounted)));
    Run {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "assay".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        target: target_of(context),
        spec: context.settings.spec,
        seed: context.settings.seed,
        started: clock.started(),
        duration_ms: clock.elapsed(),
        verdict: record::conformance(&cases, plan.partial || ended.is_some()),
        interrupted,
        partial: plan.partial,
        summary: Counts::of(cases.iter().map(|case| case.verdict)),
        requests: context.target.requests(),
        notes,
        leftovers,
        baseline: None,
        rerun: None,
        categories: record::categories(&cases, &requirements),
        features,
        requirements,
        cases,
        as_of: as_of.map(|as_of| as_of.to_string()),
        uncounted,
    }
}

/// What the user should know of a run that pushes nothing.
fn unpushed(context: &RunContext, cases: &[Case]) -> Option<String> {
    let skipped = cases
        .iter()
        .filter(|case| case.stopped == Some(Stop::Skipped))
        .count();
    context.settings.no_push.then(|| {
        format!(
            "nothing was pushed, as was wished (--no-push): {skipped} cases that push were not run, and what only a push shows of the target is not known"
        )
    })
}

/// Set-ups first, then the cases in the order of the suites; a case that never ended is in error.
fn items(context: &RunContext, chosen: Vec<Instance>, finished: Vec<Finished>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for pushed in context.fixtures.all() {
        let fixture = context.suites.fixtures.get(&pushed.fixture);
        let title = fixture.map_or("", |fixture| fixture.title.as_str());
        items.push(Item {
            id: pushed.id.clone(),
            suite: SET_UP.to_owned(),
            category: if pushed.looked_for {
                Category::Pull
            } else {
                Category::Push
            },
            title: format!(
                "Set-up: {title} {}",
                if pushed.looked_for {
                    "is there"
                } else {
                    "can be pushed"
                }
            ),
            section: if pushed.looked_for { "pull" } else { "push" }.to_owned(),
            features: Vec::new(),
            requirements: Vec::new(),
            set_up: true,
            canonical: false,
            effective_since: None,
            evidence: pushed.evidence.clone(),
        });
    }
    let mut evidence: HashMap<Arc<str>, Evidence> = finished
        .into_iter()
        .map(|one| (one.instance.id.clone(), one.evidence))
        .collect();
    for instance in chosen {
        let evidence = evidence.remove(&instance.id).unwrap_or_else(|| Evidence {
            stopped: Some(Stop::Error("the run ended before this case did".to_owned())),
            ..Evidence::default()
        });
        items.push(Item {
            id: instance.id.to_string(),
            suite: instance.case.suite.clone(),
            category: instance.case.category,
            title: instance.title(),
            section: instance.case.section.clone(),
            features: instance.features,
            requirements: instance.requirements,
            set_up: false,
            canonical: instance.case.canonical,
            effective_since: Some(instance.case.history.effective_since()),
            evidence,
        });
    }
    items
}
