//! Faults of all responses.

pub(super) mod api;
pub(super) mod connections;
pub(super) mod errors;
pub(super) mod warnings;
