//! How reports say things: one wording for the terminal, HTML, JUnit and the rest.

mod amounts;
mod commands;
mod comparisons;
mod difference;
mod explanation;
mod reasons;
mod specification;
mod verdicts;

pub(super) use amounts::{body, duration, extent, seed};
pub(super) use commands::{clean, reproduce, reproduce_id, update_baseline, with_command};
pub(super) use comparisons::{
    baseline_summary, changed_failure, known_failure, rerun_outcome, rerun_summary,
    uncounted_summary,
};
pub(super) use difference::difference;
pub(super) use explanation::{diagnosis_heading, explanation, features, flaky, with_verdict};
pub(super) use reasons::{reason, remarks, status};
pub(super) use specification::{basis, link, section, with_level};
pub(super) use verdicts::{
    conformance_sign, conformance_sign_plain, counts, feature_state, headline,
    headline_with_version, in_place_of_verdict, sign, target, tested, verdict,
};

pub(super) use crate::data::count;
