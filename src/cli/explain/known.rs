//! What `assay explain` knows.

use crate::client_test::Scenarios;
use crate::suite::Suites;

/// What registries and clients are tested with.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub suites: &'a Suites,
    pub scenarios: &'a Scenarios,
}
