//! Faults of all responses.

pub(super) mod api;
pub(super) mod errors;
pub(super) mod warnings;
