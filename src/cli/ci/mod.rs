//! What the provider of a CI reads from assay besides reports: a folder for each provider.

mod ci_output;
mod github;

pub use ci_output::CiOutput;
pub use github::StoppedCommands;
