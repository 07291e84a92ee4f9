//! How reports say things: one wording for the terminal, HTML, JUnit and the rest.

mod amounts;
mod context;
mod verdicts;

pub(super) use amounts::{body, count, duration};
pub(super) use context::{again, became, held, known, newer};
pub(super) use verdicts::{
    because, conformance_sign, conformance_sign_plain, feature_state, features, headline, judged,
    link, reason, section, sign, status, target, untested, with_command,
};
