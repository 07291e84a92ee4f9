//! The priority of a request.

/// The order in which requests that wait are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// After those that go first.
    Normal,
    /// Before the others.
    First,
}
