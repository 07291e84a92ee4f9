//! What will be run: which cases, with which values, and which of them probe features.

mod instance;
mod planning;
mod probes;
mod selection;

pub use instance::Instance;
pub use planning::{Plan, PlanError, plan};
pub use probes::ProbeCases;
pub use selection::{Pattern, PatternError, Selection};
