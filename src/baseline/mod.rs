//! Baselines: what a registry is known to fail.
//!
//! A baseline is a YAML file of entries ([`BaselineFile`]), or the report.json of an earlier run. [`hold()`]
//! marks in a record what is known; [`write()`] makes a file of a record, and [`mend()`] takes out of a file
//! what no longer fails, with its comments kept.

mod file;
mod hold;
mod mend;
mod write;

pub use file::{Baseline, BaselineError, BaselineFile, Entry, EntryFile};
pub use hold::hold;
pub use mend::{MendError, Mended, mend};
pub use write::write;
