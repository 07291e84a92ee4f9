//! `assay explain ID`: whatever has a name, in words, and how to see it.

mod command;
mod request;
mod things;

pub use command::{ExplainArgs, explain};
