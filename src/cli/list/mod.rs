//! `assay list`: what there is.

mod choose;
mod command;
mod json;
mod text;

pub use command::{ListArgs, list};
