//! The library: conformance tests and the bundled registry for other people's Rust tests.

mod bundled_registry;
mod conformance_test;
mod error;
mod report;
mod suites;
mod unknown_name;

pub use bundled_registry::{BundledRegistry, BundledRegistryBuilder};
pub use conformance_test::ConformanceTest;
pub use error::Error;
pub use report::{Report, Violation};
pub use suites::Suites;
pub use unknown_name::{UnknownName, fault, profile, variant};
