//! Suites: what is tested, as data.
//!
//! [`mod@format`] has the content of the files word for word; [`compile`] turns it into the [`model`] that the engine
//! runs, and finds what is wrong; [`Suites`] is all of it.

mod about;
pub mod compile;
pub mod format;
mod history;
mod history_file;
mod lint;
mod load;
mod method;
pub mod model;
#[cfg(test)]
mod typing_mistakes;
mod version;

pub use format::{LinkText, Sorting};
pub use history::History;
pub use load::{Sources, SourcesError, Suites};
pub use method::Method;
pub use model::{
    Action, BodyText, Branch, Capture, Case, Content, Expectation, Feature, Given, Invariant,
    JsonTemplate, Matcher, Procedure, RequestText, Rule, Setup, SetupKind, Statuses, Step, Suite,
};
pub use version::SuiteVersion;

/// The procedures by which the engine pushes fixtures: of a blob, and of a manifest.
pub const PUSHES: [&str; 2] = ["push-blob", "push-manifest"];

/// The feature of being pushed to at all: what writes needs it, and without it fixtures have to be there already.
pub const PUSHING: &str = "pushing";
