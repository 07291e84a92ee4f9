//! A run to compare.

use crate::record::Run;

/// A run with the name that the user gave it, and its file.
pub type NamedRun<'r> = (Option<String>, String, &'r Run);
