//! `assay fleet`: many targets, and the site of their results.

mod args;
mod check;
mod child;
mod run;

pub use args::FleetCommand;
pub use run::fleet;
