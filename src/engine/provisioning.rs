//! How a run provides the content that its cases need.

/// How the content that a case needs is provided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provisioning {
    /// It is pushed.
    Push,
    /// It must exist already, and is looked for.
    LookFor,
}
