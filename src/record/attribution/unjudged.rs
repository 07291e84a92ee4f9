//! Cases whose own checks are all hidden: blocked by a failure of the same kind of request, where there is one.

use std::collections::HashMap;

use super::FailureOwner;
use super::root_cause::endpoint_of;
use crate::endpoint::EndpointKind;
use crate::record::{Case, Check, Verdict};

/// Names the failure that keeps the checks of other cases from being judged: the first one of a request to the same kind of
/// endpoint.
pub fn explain_unjudged(cases: &mut [Case]) {
    let mut owners: HashMap<EndpointKind, FailureOwner> = HashMap::new();
    for case in cases.iter() {
        let broken = |check: &&Check| check.via_procedure.is_none() && check.verdict.is_broken();
        for check in case.checks.iter().filter(broken) {
            if let Some(kind) = endpoint_of(case, check) {
                let owner = || FailureOwner {
                    case: case.id.clone(),
                    requirement: check.requirement.clone(),
                };
                owners.entry(kind).or_insert_with(owner);
            }
        }
    }
    let unexplained =
        |case: &&mut Case| case.verdict == Verdict::Blocked && case.blocked_by.is_none();
    for case in cases.iter_mut().filter(unexplained) {
        let hidden = case.checks.iter().find(|check| check.is_hidden());
        let kind = hidden.and_then(|check| endpoint_of(case, check));
        if let Some(owner) = kind.and_then(|kind| owners.get(&kind)) {
            case.block_by(owner);
        }
    }
}
