//! Faults of pulling.

pub(super) mod blobs;
pub(super) mod conditional;
pub(super) mod existence;
pub(super) mod grammar;
pub(super) mod kept_apart;
pub(super) mod malformed;
pub(super) mod manifest_kinds;
pub(super) mod manifests;
pub(super) mod negotiation;
pub(super) mod ranges;
pub(super) mod remembered;
pub(super) mod remembered_elsewhere;
