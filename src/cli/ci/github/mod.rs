//! GitHub Actions: the summary of a job, its annotations, and the outputs of a step.

mod actions;
mod workflow_commands;

pub use actions::GitHubActions;
pub use workflow_commands::StoppedCommands;
