//! `assay explain ID`: whatever has a name, in words, and how to see it.

mod command;
mod entries;
mod request;

pub use command::{ExplainArgs, explain};
