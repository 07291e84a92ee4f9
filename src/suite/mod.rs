//! Suites: what is tested, as data.
//!
//! [`mod@format`] is the content of the files, [`compile`] turns it into the [`model`] that the engine runs and finds
//! the mistakes, and [`Suites`] holds all of it.

mod about;
pub mod compile;
mod cross_check;
mod error_codes;
pub mod format;
mod history;
mod history_file;
mod lint;
mod load;
mod method;
pub mod model;
pub mod skeleton;
mod sources;
#[cfg(test)]
mod typing_mistakes;
mod version;

pub use error_codes::{ERROR_CODES, LEGACY_ERROR_CODES};
pub use format::{LinkText, Sorting};
pub use history::History;
pub use load::Suites;
pub use method::Method;
pub use model::{
    Action, BodyText, Branch, Capture, Case, Content, Cut, Expectation, Feature, Form, Given,
    Invariant, JsonTemplate, Matcher, MatcherWord, Procedure, RequestText, Rule, Setup, SetupKind,
    Statuses, Step, Suite,
};
pub use sources::{Sources, SourcesError};
pub use version::SuiteVersion;

/// The names of a case that its procedures know too: the repositories.
pub const REPOSITORIES: [&str; 3] = ["repo", "repo2", "absent_repo"];

/// The procedures by which the engine pushes the blobs and manifests of fixtures.
pub const PUSHES: [&str; 2] = ["push-blob", "push-manifest"];

/// The feature that every case that writes needs. Without it, the registry must already have the fixtures.
pub const PUSHING: &str = "pushing";
