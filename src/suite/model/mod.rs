//! Suites as the engine runs them: every name is resolved, every text is parsed.
//!
//! [`super::format`] documents each key of the files; the comments here say what compiling adds to it.

mod case;
mod content;
mod expectation;
mod feature;
mod form;
mod invariant;
mod json_template;
mod matcher;
mod procedure;
mod request;
mod rule;
mod statuses;
mod step;
mod suite;

pub use case::Case;
pub use content::{Content, Cut, Given, Setup, SetupKind};
pub use expectation::Expectation;
pub use feature::Feature;
pub use form::Form;
pub use invariant::Invariant;
pub use json_template::JsonTemplate;
pub use matcher::{Matcher, MatcherWord};
pub use procedure::Procedure;
pub use request::{BodyText, RequestText};
pub use rule::Rule;
pub use statuses::Statuses;
pub use step::{Action, Branch, Capture, Step};
pub use suite::Suite;
