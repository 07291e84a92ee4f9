//! Faults of content management.

pub(super) mod blobs;
pub(super) mod blobs_in_use;
pub(super) mod malformed;
pub(super) mod manifests;
pub(super) mod seen_again;
pub(super) mod survivors;
pub(super) mod tags;
