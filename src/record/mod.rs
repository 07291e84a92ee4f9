//! The record of a run: what report.json holds, and what every other report is a view of.
//!
//! These types are the format. [`Run`] is what [`crate::engine`] produces, what `report.json` spells out, and
//! all that [`crate::report`] reads. Durations are whole milliseconds, times RFC 3339 in UTC, bodies are cut.

mod case;
mod exchange;
mod left;
mod run;
mod verdict;

pub use case::{Case, Check, CheckVerdict};
pub use exchange::{Body, Exchange, Header};
pub use left::{LeftBehind, LeftKind};
pub use run::{CategoryResult, FeatureState, RequirementResult, Run, Target, Tool};
pub use verdict::{Conformance, Counts, Verdict};

/// The version of the format: a script that reads it can rely on all that this version has.
pub const SCHEMA: &str = "1";
