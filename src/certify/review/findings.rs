//! What a reviewer finds, and how it counts.

/// The result of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing is missing.
    Ready,
    /// The folder is wrong: a file is missing, does not parse or contradicts the others.
    Flawed,
    /// A test failed.
    Failed,
    /// A test was left out, blocked or in error.
    Open,
}

/// What a reviewer finds.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Why the folder cannot be accepted.
    pub flaws: Vec<String>,
    /// What is to be filled in, or to be known.
    pub notes: Vec<String>,
    /// Tests and rows that failed.
    pub(super) failed: usize,
    /// Tests and rows without a result.
    pub(super) open: usize,
}

impl Findings {
    /// The worst of the findings.
    pub fn status(&self) -> Status {
        match (self.failed, self.open, self.flaws.is_empty()) {
            (1.., _, _) => Status::Failed,
            (0, 1.., _) => Status::Open,
            (0, 0, false) => Status::Flawed,
            (0, 0, true) => Status::Ready,
        }
    }

    pub(super) fn flaw(&mut self, message: impl Into<String>) {
        self.flaws.push(message.into());
    }

    pub(super) fn note(&mut self, message: impl Into<String>) {
        self.notes.push(message.into());
    }
}
