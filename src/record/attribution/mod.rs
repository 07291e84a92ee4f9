//! One cause, one failure: of the cases that found the same violation, one keeps the failure, and it blocks the others.

mod closed;
mod missing_value;
mod owner;
mod presumption;
mod repeated;
mod root_cause;
mod unjudged;
mod upload_root_cause;

pub use owner::FailureOwner;

use super::Case;
use crate::catalogue::Catalogue;

/// Attributes the failures of the cases of a run, and sets every verdict. Cases are in the order of the run, their checks as
/// they were found. The failures of `others` are attributed already.
pub fn attribute_run(cases: &mut [Case], others: &[Case], catalogue: &Catalogue) {
    // A kind of request that never gets a response is one failure.
    closed::block_closed(cases);
    // A violation blocks the violations of requirements that presume the violated one.
    presumption::block_presuming(cases, others, catalogue);
    attribute(cases);
}

/// The same with the passes that need these cases alone: no requirement is taken to presume another.
pub fn attribute(cases: &mut [Case]) {
    // A violation in a procedure, or with a root cause, stays with one case. Sets the verdicts.
    repeated::attribute_repeated(cases);
    // A case whose own checks are all hidden is blocked by a failure of the same kind of request.
    unjudged::explain_unjudged(cases);
    // A case that lacks a value is blocked by the failure that explains the lack.
    missing_value::explain_missing_values(cases);
}
