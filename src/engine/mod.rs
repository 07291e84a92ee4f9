//! The engine: plan, schedule, steps, matchers, verdicts. It tells what happens as [`Event`]s, and never
//! prints, exits or knows a report.
//!
//! [`plan`] chooses and orders cases; [`run`] runs them side by side, each by a runner that sends requests,
//! holds answers against matchers and keeps evidence; `judge` turns evidence into the [`crate::record::Run`].

mod again;
mod before;
mod case;
mod clean;
mod ending;
mod event;
mod evidence;
mod existing;
mod features;
mod fixtures;
mod invariants;
mod judge;
mod ledger;
mod link;
mod matching;
mod outline;
mod plan;
mod preloaded;
mod request;
mod runner;
mod schedule;
mod scope;
mod turn;
mod waiting;
mod walk;
mod world;

pub use clean::clean;
pub use event::Event;
pub use ledger::Thing;
pub use outline::{Outline, OutlineBranch, OutlineCase, OutlineStep, outline};
pub use plan::{Instance, Pattern, PatternError, Plan, PlanError, Selection, Shard, plan};
pub use preloaded::{Preloaded, preloaded};
pub use schedule::run;
pub use world::{Claim, Leftovers, Settings};
