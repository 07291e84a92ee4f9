//! `assay explain ID`: whatever has a name, in words, and how to see it.

mod bundled;
mod case;
mod command;
mod entries;
mod known;
mod page;
mod request;
mod requirement;
mod scenario;
mod topic;

pub use command::{ExplainArgs, explain};
