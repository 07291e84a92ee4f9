//! Where the time of a run went.

use serde::{Deserialize, Serialize};

/// Where the time of a run went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Timings {
    /// The phases of the run. Set-ups, cases and serial cases overlap.
    pub phases: Vec<Phase>,
    /// How long reads were repeated that did not show a write, in milliseconds, all cases together: they wait side by side.
    pub consistency_waits_ms: u64,
    /// The longest chain of cases and set-ups that wait for each other, in order. Its end is the end of the last case.
    pub longest_chain: Vec<ChainLink>,
    /// The most requests in flight, in each interval from the first request on.
    pub in_flight: InFlight,
}

/// A phase of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Phase {
    /// Its name: `load`, `preflight`, `set-ups`, `cases`, `serial cases`, `cleanup`.
    pub name: String,
    /// From its first request to its last response, in milliseconds.
    pub took_ms: u64,
}

/// A case, or a set-up, of the longest chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChainLink {
    /// The id of the case or of the set-up.
    pub id: String,
    /// When it began, in milliseconds after the first case.
    pub from_ms: u64,
    /// How long it took, in milliseconds, without the wait for its turn.
    pub took_ms: u64,
    /// How many requests it sent; most of them one after the other.
    pub requests: u64,
}

/// Requests in flight over time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct InFlight {
    /// The length of an interval, in milliseconds.
    pub interval_ms: u64,
    /// The most requests in flight in each interval.
    pub most: Vec<u32>,
}

impl Phase {
    /// A phase that took so many milliseconds.
    pub fn new(name: &str, took_ms: u64) -> Self {
        Self {
            name: name.to_owned(),
            took_ms,
        }
    }
}
