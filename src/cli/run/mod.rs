//! `assay run`: test a registry.

mod command;
mod inputs;
mod options;
mod watch;

pub use command::{run, run_and_record};
pub use inputs::REPOS;
pub use options::RunArgs;
