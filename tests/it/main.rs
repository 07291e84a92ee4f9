//! Assay from outside: the command line against registries and servers of the tests, the generated files, and the sources.
//!
//! One binary, so that it is linked once. `cargo test --test it -- access::` runs one module.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod access;
mod architecture;
mod authoring;
mod bad_reports;
mod certify;
mod claims;
mod clean;
mod client;
mod configuration;
mod consistency;
mod coverage;
mod diagnoses;
mod documentation;
mod exit_status;
mod explain;
mod fleet;
mod hostile;
mod judge;
mod load;
mod output;
#[cfg(unix)]
mod proxy;
mod public_api;
mod publish;
mod pull_only;
mod reproduce;
mod rerun;
mod start;
mod suite_versions;
mod support;
mod unhealthy_targets;
