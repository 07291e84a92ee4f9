//! `assay list`: everything that has an id.

mod args;
mod choose;
mod command;
mod json;
pub mod of_clients;
mod text;

pub use args::ListArgs;
pub use command::list;
