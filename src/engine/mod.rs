//! The engine: plan, schedule, steps, matchers, verdicts. It sends [`Event`]s, and never prints, exits or knows a
//! report.
//!
//! [`plan()`] chooses and orders cases; [`Session`] checks the target and runs them, each with a runner that sends
//! requests, compares responses with matchers and keeps evidence; `record_run` turns evidence into the
//! [`crate::record::Run`].

mod attempt;
mod broken_off;
mod cancel;
mod case;
mod cleanup;
mod closed_requests;
mod consistency;
mod context;
mod dry_run;
mod event;
mod evidence;
mod expected_cases;
mod features;
mod gateway;
mod invariants;
mod lasting_violations;
mod ledger;
mod link;
mod matching;
mod phases;
mod plan;
mod probe;
mod provision;
mod provisioning;
mod record_run;
mod request;
mod retry;
mod runner;
mod schedule;
mod scope;
mod session;
mod settings;
mod shared_fixtures;
mod slot;
mod start;
mod unanswered;

pub use cleanup::cleanup;
pub use dry_run::{DryRun, DryRunStep, dry_run};
pub use event::{Event, Reason, emit};
pub(crate) use invariants::{InvariantResults, ObservedRequest};
pub use ledger::Artifact;
pub(crate) use matching::BodyBytes;
pub use matching::{ParsedResponse, Subject, evaluate};
pub use plan::{Pattern, PatternError, Plan, PlanError, Selection, plan};
pub use provision::{check_substitutes, expected_content};
pub use record_run::NotStarted;
pub use schedule::run;
pub use scope::Scope;
pub use session::{Session, SessionError, wait_until_started};
pub use settings::{Claim, Leftovers, Settings};
pub use start::Start;
