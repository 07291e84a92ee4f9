//! Read-after-write consistency: repeating a read until it shows a write, for as long as the target was seen to need.

mod observed;
mod poll;
mod read_kind;
mod url_history;

pub use observed::{Learned, ObservedConsistency};
pub use poll::{ConsistencyPoll, NOT_SHOWN, Sight};
pub use read_kind::{ReadKind, Shows};
pub use url_history::BeforeRead;
