//! The parts of one run, made one: `--shard 1/3`, `2/3` and `3/3` become the record that an unsplit run makes.
//!
//! [`merge`] is a function of records. What the whole comes to is said by the same functions of
//! [`crate::record`] that judge a run.

mod cases;
mod fit;
mod whole;

pub use fit::{MergeError, Part};
pub use whole::merge;
