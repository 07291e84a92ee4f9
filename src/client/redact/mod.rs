//! Secrets are taken out here, before anything is kept: nothing behind this has to know of them.
//!
//! `known` finds the secrets of the run in whatever form a target sends them back, `looks` finds what looks like
//! somebody's secret, and `redactor` is both.

mod heuristics;
mod known;
#[cfg(test)]
mod properties;
mod redactor;

pub use redactor::Redactor;

/// What stands in a secret's place.
const HIDDEN: &str = "[hidden]";
