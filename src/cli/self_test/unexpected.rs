//! The verdict of a run that a registry should not have.

use super::registry_trial::RegistryTrial;
use crate::record::{Case, Run, Verdict};
use crate::registry::Fault;

/// The most requirements that a run may report beyond those that a fault violates: one cause has one name, or few.
const MOST_OTHERS: usize = 4;

/// The first unexpected verdict of a run.
pub fn unexpected(trial: RegistryTrial, run: &Run) -> Option<String> {
    match trial {
        RegistryTrial::Strict(_) => first_that(run, |case| {
            !matches!(case.verdict, Verdict::Pass | Verdict::Untested)
        }),
        RegistryTrial::Permitted(variant, _) if variant.read_only => {
            first_that(run, |case| case.verdict == Verdict::Fail)
        }
        RegistryTrial::Permitted(..) => first_that(run, |case| {
            matches!(
                case.verdict,
                Verdict::Fail | Verdict::Blocked | Verdict::Error
            )
        }),
        RegistryTrial::Faulty(fault, _) => missed(fault, run)
            .or_else(|| too_many(fault, run))
            .or_else(|| blocked_by_warnings(run)),
    }
}

/// The requirements that a fault violates and no case reports.
fn missed(fault: &Fault, run: &Run) -> Option<String> {
    let detected = |id: &&&str| {
        let mut checks = run.cases.iter().flat_map(|case| &case.checks);
        checks.any(|check| check.verdict.is_broken() && check.requirement == **id)
    };
    // A fault may violate a requirement of another version only.
    let asked = |id: &&&str| run.requirements.iter().any(|one| one.id == **id);
    let missed: Vec<&str> = match fault.violates.iter().any(|id| detected(&id)) {
        true => fault
            .violates
            .iter()
            .filter(asked)
            .filter(|id| !detected(id))
            .copied()
            .collect(),
        false => fault.violates.to_vec(),
    };
    (!missed.is_empty()).then(|| format!("not detected as {}", missed.join(", ")))
}

/// The requirements that a run reports beyond those that the fault violates, if they are many.
fn too_many(fault: &Fault, run: &Run) -> Option<String> {
    let checks = run.cases.iter().flat_map(|case| &case.checks);
    let broken = checks.filter(|check| check.verdict.is_broken());
    let mut others: Vec<&str> = broken.map(|check| check.requirement.as_str()).collect();
    others.retain(|id| !fault.violates.contains(id));
    others.sort_unstable();
    others.dedup();
    (others.len() > MOST_OTHERS).then(|| format!("detected as {} too", others.join(", ")))
}

/// The first case that is blocked although no MUST is violated: the run of a registry that violates only a SHOULD ends with a
/// verdict.
fn blocked_by_warnings(run: &Run) -> Option<String> {
    let fails = run.cases.iter().any(|case| case.verdict == Verdict::Fail);
    first_that(run, |case| !fails && case.verdict == Verdict::Blocked)
}

fn first_that(run: &Run, wrong: impl Fn(&Case) -> bool) -> Option<String> {
    let case = run.cases.iter().find(|case| wrong(case))?;
    let broken = case.checks.iter().find(|check| check.verdict.is_broken());
    let why = broken.map(|check| format!("{}: {}", check.requirement, check.message));
    let why = why.or_else(|| case.reason.clone());
    Some(format!(
        "{} is {}: {}",
        case.id,
        case.verdict,
        why.unwrap_or_default()
    ))
}
