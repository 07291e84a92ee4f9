//! The features that the target may decline in a case.

use std::collections::HashSet;

use crate::suite::{Case, Step};

/// The features that the target may decline in a case.
pub fn declined_by(case: &Case) -> HashSet<&str> {
    let before = case.setup.iter();
    let mut declined: HashSet<&str> = before.filter_map(|one| one.declines.as_deref()).collect();
    declined_in(&case.steps, &mut declined);
    declined
}

fn declined_in<'a>(steps: &'a [Step], into: &mut HashSet<&'a str>) {
    for step in steps {
        into.extend(step.declined.iter().map(|(feature, _)| feature.as_str()));
        for branch in &step.then {
            into.extend(branch.declines.as_deref());
            declined_in(&branch.steps, into);
        }
    }
}
