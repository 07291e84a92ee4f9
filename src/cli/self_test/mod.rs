//! `assay self-test`: assay against its own registry.
//!
//! The bundled registry conforms to the specification: it must pass every case in every version, and no case may fail
//! on a permitted variant of it. With `--faults`, the cases must detect each fault, and report every requirement that
//! it violates.

mod args;
mod command;
mod complaints;
mod registry_run;
mod registry_trial;
mod registry_trials;
mod unexpected;

pub use args::SelfTestArgs;
pub use command::self_test;
