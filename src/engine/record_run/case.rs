//! The record of a case, made once of its evidence. `record::attribute` sets the verdict.

use std::collections::HashSet;

use crate::catalogue::Category;
use crate::engine::context::RunContext;
use crate::engine::evidence::Evidence;
use crate::engine::invariants::Observed;
use crate::engine::plan::Instance;
use crate::engine::provisioning::Provisioning;
use crate::engine::shared_fixtures::FixtureSetup;
use crate::record::{Case, Check, CheckVerdict, SET_UP, Stop, Verdict, millis};

/// The record of a case that was run.
pub fn of_instance(instance: &Instance, evidence: Evidence) -> Case {
    with_evidence(named(instance), evidence)
}

/// The record of a case that the user left out.
pub fn left_out(instance: &Instance) -> Case {
    Case {
        verdict: Verdict::Skipped,
        canonical: false,
        reason: Some("Left out by the selection".to_owned()),
        ..named(instance)
    }
}

fn named(instance: &Instance) -> Case {
    let case = &instance.case;
    Case {
        features: instance.features.clone(),
        canonical: case.canonical,
        ..Case::new(
            &instance.id,
            &case.suite,
            case.category,
            &instance.title(),
            &case.section,
        )
    }
}

/// The record of a shared fixture.
pub fn of_set_up(context: &RunContext, setup: &FixtureSetup) -> Case {
    let fixture = context.suites.fixtures.get(&setup.fixture);
    let title = fixture.map_or("", |fixture| fixture.title.as_str());
    let (category, section, ends) = match setup.provisioning {
        Provisioning::LookFor => (Category::Pull, "pull", "is there"),
        Provisioning::Push => (Category::Push, "push", "can be pushed"),
    };
    let title = format!("Set-up: {title} {ends}");
    let case = Case::new(&setup.id, SET_UP, category, &title, section);
    with_evidence(case, setup.evidence.clone())
}

impl From<Observed> for Case {
    fn from(observed: Observed) -> Self {
        let invariant = &observed.invariant;
        let none = observed.checks.is_empty() && observed.error.is_none();
        let reason = none.then(|| "No response of the run is one that this applies to".to_owned());
        let case = Case::new(
            &invariant.id,
            &invariant.suite,
            invariant.category,
            &invariant.title,
            &invariant.section,
        );
        Case {
            reason,
            stopped: observed.error.map(Stop::Error),
            checks: observed.checks,
            exchanges: observed.exchanges,
            ..case
        }
    }
}

fn with_evidence(case: Case, evidence: Evidence) -> Case {
    let set_up = case.suite == SET_UP;
    // A check that holds in a procedure is shown by the case that tests the requirement.
    let shown = |check: &Check| {
        set_up || check.via_procedure.is_none() || check.verdict != CheckVerdict::Pass
    };
    let stopped = evidence.stopped.map(|stop| match stop {
        Stop::Broken(index) => {
            let before = evidence.checks.iter().take(index);
            Stop::Broken(before.filter(|check| shown(check)).count())
        }
        other => other,
    });
    let mut seen = HashSet::new();
    let mut notes = evidence.notes;
    notes.retain(|note| seen.insert(note.clone()));
    // Requests of one case may overlap.
    let took = millis(evidence.took);
    let busy = evidence.exchanges.iter().map(|one| one.duration_ms);
    let duration_ms = busy.fold(0, u64::saturating_add).min(took);
    Case {
        duration_ms,
        waited_ms: took - duration_ms,
        declined: evidence.declined,
        attempts: evidence.failed,
        stopped,
        reason: evidence.reason,
        notes,
        checks: evidence.checks.into_iter().filter(shown).collect(),
        exchanges: evidence.exchanges,
        ..case
    }
}
