//! From evidence to verdicts: what a case, a requirement, a category and the run come to.

mod case;
mod claims;
mod clock;
mod features;
mod newer;
mod roll_up;

pub use case::{reason_alone, verdict_alone};
pub use clock::Clock;

use std::collections::HashMap;
use std::sync::Arc;

use super::ending::End;
use super::evidence::{Evidence, Stop};
use super::plan::{Instance, Plan};
use super::world::World;
use crate::record::{self, Case, Counts, LeftBehind, Run, SCHEMA, SET_UP, Target, Tool};
use crate::spec::Category;
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
    pub plain: bool,
    /// The version of the suites since which it says what it says; nothing for a set-up.
    pub settled: Option<SuiteVersion>,
    /// What it has to show.
    pub evidence: Evidence,
}

/// What was tested, for the record.
pub fn target_of(world: &World) -> Target {
    Target {
        url: world
            .target
            .base()
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
        repo: world.settings.repo.clone(),
        repo2: world.settings.repo2.clone(),
        bundled: world.settings.bundled,
    }
}

/// The record of a run.
pub fn record(
    world: &World,
    plan: Plan,
    finished: Vec<Finished>,
    clock: &Clock,
    left_behind: Vec<LeftBehind>,
) -> Run {
    let ended = world.ending.why();
    let interrupted = ended == Some(End::Stopped);
    let as_of = world.settings.as_of;
    let (mut items, newer) = newer::apart(items(world, plan.chosen, finished), as_of);
    features::add_missing_shoulds(world, &mut items);
    claims::add_required(world, &mut items);
    let features = features::states(world, &items);
    let mut newer: Vec<(SuiteVersion, Case)> = newer
        .into_iter()
        .map(|item| {
            let settled = item.settled.unwrap_or(SuiteVersion::FIRST);
            (settled, case::case_of(item))
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
    record::settle(&mut cases);
    if plan.invariants {
        for (settled, case) in case::invariants(world, &mut tested) {
            match as_of.is_some_and(|as_of| settled > as_of) {
                true => newer.push((settled, case)),
                false => cases.push(case),
            }
        }
    }
    cases.extend(plan.left_out.iter().map(case::left_out));
    let mut requirements = roll_up::requirements(world, &cases, &tested);
    requirements.extend(claims::results(world, &cases));
    let mut notes = world.target.notes();
    notes.extend(world.notes());
    notes.extend(unpushed(world, &cases));
    if let Some(one) = left_behind.first() {
        notes.push(format!(
            "{} things that the run pushed are still in the registry ({}): report.json names each, with the command that deletes it, and `assay clean --from report.json` tries again",
            left_behind.len(),
            one.reason
        ));
    }
    if let Some(End::Deadline(time)) = ended {
        notes.push(format!(
            "the run's time ({}) was over before its last case: what was not finished is in error",
            humantime::format_duration(time)
        ));
    }
    if plan.partial {
        notes.push("a part of the suites was run: what was left out counts as skipped".to_owned());
    }
    let whole = plan.shard.is_none();
    let newer = newer::beside(newer);
    notes.extend(claims::notes(world, &features));
    notes.extend(as_of.map(|as_of| newer::note(as_of, &newer)));
    Run {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "assay".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        target: target_of(world),
        spec: world.settings.spec,
        seed: world.settings.seed,
        started: clock.started(),
        duration_ms: clock.elapsed(),
        verdict: record::conformance(&cases, plan.partial || !whole || ended.is_some()),
        interrupted,
        partial: plan.partial,
        summary: Counts::of(cases.iter().map(|case| case.verdict)),
        requests: world.target.requests(),
        notes,
        left_behind,
        shard: plan.shard,
        missing: Vec::new(),
        baseline: None,
        again: None,
        categories: record::categories(&cases, &requirements, whole),
        features,
        requirements,
        cases,
        as_of: as_of.map(|as_of| as_of.to_string()),
        newer,
    }
}

/// What the user should know of a run that pushes nothing.
fn unpushed(world: &World, cases: &[Case]) -> Option<String> {
    let skipped = cases
        .iter()
        .filter(|case| case.stopped == Some(Stop::Skipped))
        .count();
    world.settings.no_push.then(|| {
        format!(
            "nothing was pushed, as was wished (--no-push): {skipped} cases that push were not run, and what only a push shows of the target is not known"
        )
    })
}

/// Set-ups first, then the cases in the order of the suites; a case that never ended is in error.
fn items(world: &World, chosen: Vec<Instance>, finished: Vec<Finished>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for pushed in world.fixtures.all() {
        let fixture = world.suites.fixtures.get(&pushed.fixture);
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
            plain: false,
            settled: None,
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
            plain: instance.case.plain,
            settled: Some(instance.case.history.settled()),
            evidence,
        });
    }
    items
}
