//! The engine: plan, schedule, steps, matchers, verdicts. It tells what happens as [`Event`]s, and never
//! prints, exits or knows a report.

mod event;

pub use event::Event;
