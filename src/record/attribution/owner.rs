//! The case that keeps a failure.

/// The case that keeps a failure which other cases found too, and the violated requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureOwner {
    /// The id of the case.
    pub case: String,
    pub requirement: String,
}
