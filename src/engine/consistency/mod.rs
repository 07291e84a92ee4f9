//! Read-after-write consistency: repeating a read until it shows a write, for as long as the target was seen to need.

mod observed;
mod poll;
mod read_kind;

pub use observed::ObservedConsistency;
pub use poll::{ConsistencyPoll, NOT_SHOWN, Sight};
pub use read_kind::ReadKind;
