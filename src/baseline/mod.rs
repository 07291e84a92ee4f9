//! Baselines: what a registry is known to fail.
//!
//! A baseline is a YAML file of entries ([`BaselineFile`]), or the report.json of an earlier run. [`apply()`]
//! marks known failures in a record; [`write()`] makes a file of a record, and [`update()`] removes from a file
//! the entries that no longer fail, and keeps its comments.

mod apply;
mod file;
mod names;
mod update;
mod write;

pub use apply::apply;
pub use file::{Baseline, BaselineError, BaselineFile};
pub use names::KnownNames;
pub use update::{Updated, update};
pub use write::write;
