//! The engine: plan, schedule, steps, matchers, verdicts. It tells what happens as [`Event`]s, and never
//! prints, exits or knows a report.
//!
//! [`plan`] chooses and orders cases; [`run`] runs them side by side, each by a runner that sends requests,
//! holds answers against matchers and keeps evidence; `judge` turns evidence into the [`crate::record::Run`].

mod cancel;
mod case;
mod cleanup;
mod consistency;
mod context;
mod dry_run;
mod event;
mod evidence;
mod existing_content;
mod expected_content;
mod features;
mod fixtures;
mod invariants;
mod judge;
mod ledger;
mod link;
mod matching;
mod pagination;
mod plan;
mod provision;
mod request;
mod retry;
mod runner;
mod schedule;
mod scope;
mod slot;

pub use cleanup::cleanup;
pub use context::{Claim, Leftovers, Settings};
pub use dry_run::{DryRun, DryRunBranch, DryRunCase, DryRunStep, dry_run};
pub use event::Event;
pub use expected_content::{ExpectedContent, expected_content};
pub use ledger::Artifact;
pub use plan::{Instance, Pattern, PatternError, Plan, PlanError, Selection, plan};
pub use schedule::run;
