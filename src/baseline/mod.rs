//! Baselines: what a registry is known to fail.
//!
//! A baseline is a YAML file of entries ([`BaselineFile`]), or the report.json of an earlier run. [`hold()`]
//! marks in a record what is known; [`write()`] makes a file of a record, and [`mend()`] takes out of a file
//! what no longer fails, with its comments kept.

mod apply;
mod file;
mod update;
mod write;

pub use apply::apply;
pub use file::{Baseline, BaselineError, BaselineFile, Entry, EntryFile};
pub use update::{UpdateError, Updated, update};
pub use write::write;
