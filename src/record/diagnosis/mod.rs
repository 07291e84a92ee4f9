//! Known causes of deployment: what is wrong around a registry, and shows as failures of many cases.
//!
//! [`TABLE`](table::TABLE) has a row for each: the sentence that reports say first, and the [`Pattern`](pattern::Pattern) of the
//! exchanges that show it. A new cause is a new row, and a deployment of the bundled registry
//! (`src/registry/deployments.rs`) of the same name, which proves it.

mod diagnose;
mod location;
mod observed;
mod pattern;
mod refused;
mod table;

pub(crate) use diagnose::diagnose;

use serde::{Deserialize, Serialize};

/// A known cause of deployment that the failures of a run have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Diagnosis {
    /// Its stable name.
    pub id: String,
    /// The cause and the way out.
    pub says: String,
    /// The first request that shows it, and its response.
    pub shown: String,
    /// The cases that show it, in order.
    pub cases: Vec<String>,
}
