//! The kinds of reads whose consistency is observed separately.

use crate::endpoint::EndpointKind;

/// A kind of read: a registry may show blobs at once, and lists late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadKind {
    /// A read that shows written content, by the endpoint that it is sent to.
    Written(EndpointKind),
    /// Any read after a deletion.
    Deleted,
}
