//! How a run is done.

use std::time::Duration;

use crate::catalogue::Version;
use crate::suite::SuiteVersion;

/// A statement of the user about one of the target's features.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The feature.
    pub feature: String,
    /// Whether the target must support it; otherwise the target is expected not to.
    pub has: bool,
    /// Where the statement comes from: an option as typed, or the table of a file.
    pub by: String,
}

/// How a run is done.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The version of the specification that the target is tested against.
    pub spec: Version,
    /// The repository that most cases use.
    pub repo: String,
    /// The second repository.
    pub repo2: String,
    /// The seed of names and content.
    pub seed: u32,
    /// How long a read is repeated that does not yet show a write.
    pub settle: Duration,
    /// The most requests in flight; the number of concurrent cases follows from it.
    pub jobs: usize,
    /// How long the run may take; cases that are not over by then are in error.
    pub deadline: Duration,
    /// How often a case that fails is run again, with content of its own.
    pub retries: usize,
    /// Whether the content that the run pushes may exist already, because the user chose the seed: it is looked for
    /// before it is written.
    pub look_first: bool,
    /// What happens to the content that the run pushed.
    pub leftovers: Leftovers,
    /// Whether the target is the bundled registry.
    pub bundled: bool,
    /// The options of the command line that reach the target again as this run does, for the record.
    pub target_options: Vec<String>,
    /// Whether nothing is pushed: fixtures must exist already.
    pub no_push: bool,
    /// Tags of the first repository whose content replaces fixtures, where nothing is pushed.
    pub existing: Vec<String>,
    /// Statements about the target's features.
    pub claims: Vec<Claim>,
    /// The version of the suites whose cases count; all cases where it is absent.
    pub as_of: Option<SuiteVersion>,
}

/// What happens to the content that a run pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftovers {
    /// It is deleted at the end.
    Delete,
    /// It stays, and the record lists it.
    Keep,
    /// The target was started for the run and ends with it.
    Vanish,
}
