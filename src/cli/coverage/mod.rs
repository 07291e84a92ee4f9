//! `assay coverage`: how much of the specification is tested.

mod clients;
mod command;
mod markdown;
mod text;

pub use command::{CoverageArgs, coverage};
