//! How long the reads of a case are given to show a write.

use futures_util::future::BoxFuture;

use crate::suite::Step;

/// Makes so many further attempts at the case, with new content, and tells whether in each the reads of all these steps miss
/// their writes too.
pub type Confirm<'w> = Box<dyn Fn(Vec<&'w Step>, usize) -> BoxFuture<'w, bool> + Send + Sync + 'w>;

/// How long a read that misses a write is repeated.
pub enum Patience<'w> {
    /// In place, for the whole time to settle.
    Whole,
    /// For a short time in place, and with second looks until the time to settle is over, or until further attempts confirm
    /// what other reads of the target suggest. Not every case can make them.
    SecondLooks(Option<Confirm<'w>>),
    /// The same in an attempt that confirms: for no longer than other reads suggest.
    Confirms,
}

impl Patience<'_> {
    /// Whether reads are repeated in place.
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }

    /// The same without further attempts.
    #[must_use]
    pub fn alone(self) -> Self {
        match self {
            Self::SecondLooks(_) => Self::SecondLooks(None),
            other => other,
        }
    }

    /// Whether this is an attempt that confirms another one.
    pub const fn confirms(&self) -> bool {
        matches!(self, Self::Confirms)
    }
}
