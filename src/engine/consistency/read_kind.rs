//! The kinds of reads whose consistency is observed separately.

use crate::endpoint::EndpointKind;

/// A kind of read: a registry may show blobs at once and lists late, or serve from a cache what was requested before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReadKind {
    /// The endpoint that the read is sent to.
    pub endpoint: EndpointKind,
    /// What the read shows.
    pub shows: Shows,
    /// Whether its URL was requested before the write: a cache may hold an older response.
    pub cached: bool,
}

impl ReadKind {
    /// Whether it shows the same as a read of another kind. Deletion is one kind at all endpoints.
    pub fn shows_same(self, other: Self) -> bool {
        self.shows == other.shows
            && (self.shows == Shows::Removal || self.endpoint == other.endpoint)
    }
}

/// What a read shows of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shows {
    /// Written content, in place of nothing.
    Arrival,
    /// Written content, in place of older content.
    Replacement,
    /// That deleted content is gone.
    Removal,
}
