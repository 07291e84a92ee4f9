//! Assay tests whether a container registry conforms to the OCI Distribution Specification.
//!
//! Three things for the tests of other projects:
//!
//! - [`ConformanceTest`] tests a registry, and gives a [`Report`] of what it violates;
//! - [`BundledRegistry`] is a registry in memory, with faults, permitted variants, a login or TLS where you want them;
//! - [`Suites`] loads cases of your own.
//!
//! ```no_run
//! # async fn example() -> Result<(), oci_assay::Error> {
//! let report = oci_assay::ConformanceTest::new("http://localhost:5000").run().await?;
//! assert!(report.is_conformant(), "{report}");
//! # Ok(())
//! # }
//! ```
//!
//! The command line is the feature `cli`, which is on by default: a library user turns it off with
//! `default-features = false`.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]
// `println!` and `eprintln!` panic where nobody reads the pipe.
#![cfg_attr(not(test), deny(clippy::print_stderr, clippy::print_stdout))]

#[cfg(feature = "cli")]
pub(crate) mod baseline;
pub(crate) mod catalogue;
#[cfg(feature = "cli")]
pub(crate) mod certify;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub(crate) mod client;
#[cfg(feature = "cli")]
pub(crate) mod client_test;
pub(crate) mod data;
mod endpoint;
pub(crate) mod engine;
pub(crate) mod fixture;
#[cfg(feature = "cli")]
pub(crate) mod fleet;
#[cfg(test)]
mod fuzz;
mod library;
mod memory;
#[cfg(feature = "cli")]
pub(crate) mod proxy;
#[cfg(feature = "cli")]
pub(crate) mod publish;
pub(crate) mod record;
pub(crate) mod registry;
#[cfg(feature = "cli")]
pub(crate) mod report;
#[cfg(feature = "cli")]
pub(crate) mod reproduce;
#[cfg(test)]
mod schemas;
pub(crate) mod suite;
pub(crate) mod template;
#[cfg(feature = "cli")]
pub(crate) mod traffic;

pub use catalogue::{Level, Version as SpecVersion};
pub use library::{
    BundledRegistry, BundledRegistryBuilder, ConformanceTest, Error, Report, Suites, Violation,
};
pub use record::Conformance;

/// What the integration tests and benchmarks of this crate use beside the public items. Not a promise to anybody.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod internals {
    pub mod baseline {
        pub use crate::baseline::BaselineFile;
    }
    pub mod catalogue {
        pub use crate::catalogue::{RequirementsFile, Version};
    }
    pub mod client {
        pub use crate::client::{
            Address, Coding, CurlOptions, Recorder, Redactor, RegistryClient, Request, Response,
            Settings,
        };
    }
    pub mod data {
        pub use crate::data::{Document, File};
    }
    pub mod engine {
        pub use crate::engine::{
            Leftovers, ParsedResponse, Scope, Selection, Settings, Subject, evaluate, plan, run,
        };
    }
    pub mod fixture {
        pub use crate::fixture::{Fixtures, Seed, format, is_digest_of};
    }
    pub mod record {
        pub use crate::record::{Run, Verdict};
    }
    pub mod registry {
        pub use crate::registry::*;
    }
    pub mod report {
        pub use crate::report::{Format, compare};
    }
    pub mod suite {
        pub use crate::suite::{Sources, Suites, format};
    }
}
