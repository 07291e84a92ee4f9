//! How a later response may meet a violated expectation: content takes time to appear, and to disappear, everywhere.

/// How a later response may meet a violated expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settling {
    /// It may not: no time changes an order, a form, or the status of a refusal.
    Never,
    /// Once content that was deleted is not shown any more.
    Removal,
    /// Once content that was written is shown, in place of nothing or of older content.
    Arrival,
}

impl Settling {
    /// Where all of several violated words must be met.
    #[must_use]
    pub fn all(self, other: Self) -> Self {
        self.min(other)
    }

    /// Where one of several alternatives must be met.
    #[must_use]
    pub fn any(self, other: Self) -> Self {
        self.max(other)
    }
}
