//! The record of a run: what report.json holds, and what every other report is a view of.
//!
//! These types are the format. [`Run`] is what [`crate::engine`] produces, what `report.json` spells out, and
//! all that [`crate::report`] reads. What its parts come to ([`settle()`], roll-ups), and what
//! became of an earlier run's failures ([`again()`]), is said here too, as functions of
//! the record, so that a run and the parts of one that are merged are judged alike. Durations are whole milliseconds, times RFC 3339 in UTC, bodies are cut.

mod again;
mod case;
mod cause;
mod exchange;
mod held;
mod left;
mod roll_up;
mod run;
mod settle;
mod verdict;

pub use again::{Again, Became, CaseAgain, again, is_bad};
pub use case::{Answers, Case, Check, CheckVerdict, Part, REQUIRED, SET_UP, Stop};
pub use exchange::{Body, Exchange, Header, Wire};
pub use held::{Held, Known, Stale};
pub use left::{LeftBehind, LeftKind};
pub use roll_up::{categories, conformance, requirement_verdict};
pub use run::{CategoryResult, FeatureState, Newer, RequirementResult, Run, Shard, Target, Tool};
pub use settle::{settle, unsettle, verdict};
pub use verdict::{Conformance, Counts, Verdict};

/// The version of the format: a script that reads it can rely on all that this version has.
pub const SCHEMA: &str = "1";

/// A duration as the record has it, in whole milliseconds.
pub fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
