//! Rules that look at everything that came of one trial. Those of single requests and upload sessions are in
//! [`crate::traffic`].

mod fallback;
mod http;
mod judge_rule;
mod uploads;

pub use judge_rule::judge_rule;
