//! `assay run`: test a registry.

mod command;
mod execute;
mod inputs;
mod options;
mod watch;

pub use command::run;
pub use execute::{interrupts, run_and_record};
pub use inputs::RunInputs;
pub use options::RunArgs;
