//! Assay tests whether a container registry keeps the OCI Distribution Specification.
//!
//! Data flows one way: [`data`] reads suites, catalogue and fixtures; the [`engine`] runs them against a
//! [`target`] and makes a [`record::Run`]; reports are views of that record.

pub mod baseline;
pub mod catalogue;
pub mod certify;
pub mod cli;
pub mod client;
pub mod data;
mod endpoint;
pub mod engine;
pub mod fixture;
#[cfg(test)]
mod fuzz;
mod memory;
pub mod record;
pub mod registry;
pub mod report;
pub mod suite;
pub mod template;
