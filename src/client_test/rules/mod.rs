//! Rules for the requests of a client: each looks at everything that came over the wire in one trial.

mod cancellation;
mod fallback;
mod http;
mod judge_rule;
mod manifests;
mod session;
mod uploads;

pub use judge_rule::judge_rule;
