//! The record of a run: what report.json holds, and what every other report is a view of.
//!
//! These types are the format. [`Run`] is what [`crate::engine`] produces, what `report.json` spells out, and
//! all that [`crate::report`] reads. [`attribute()`] sets the verdicts, [`categories()`] and [`conformance()`] roll them
//! up, [`rerun()`] compares with an earlier run. Durations are whole milliseconds, times RFC 3339 in UTC, bodies are cut.

mod attempt;
mod attribution;
mod baseline;
mod case;
mod case_verdict;
mod check;
mod compare_rerun;
mod diagnosis;
mod exchange;
mod leftover;
mod of_cases;
mod rerun;
mod roll_up;
mod run;
mod timings;
mod verdict;

pub use attempt::Attempt;
pub use attribution::attribute;
pub(crate) use attribution::attribute_run;
pub use baseline::{BaselineResult, ChangedFailure, KnownFailure, Stale};
pub use case::{Case, REQUIRED, SET_UP, Stop};
pub(crate) use case_verdict::verdict;
pub use check::{Answers, Check, CheckVerdict, Part};
pub use compare_rerun::{is_bad, rerun};
pub use diagnosis::Diagnosis;
pub(crate) use diagnosis::diagnose;
pub use exchange::{Body, Exchange, Header, Transport};
pub(crate) use leftover::{KEPT, not_tried};
pub use leftover::{Leftover, LeftoverKind};
pub(crate) use of_cases::RunFacts;
pub use rerun::{RerunCase, RerunComparison, RerunOutcome};
#[cfg(test)]
pub use run::Tool;
pub use run::{CategoryResult, FeatureState, JudgedBy, RequirementResult, Run, Target, Uncounted};
pub use timings::{ChainLink, InFlight, Phase, Timings};
pub use verdict::{Conformance, Counts, Verdict};

/// The version of the format: a script that reads it can rely on all that this version has.
pub const SCHEMA: &str = "2";

/// A duration as the record has it, in whole milliseconds.
pub fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
