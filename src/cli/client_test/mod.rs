//! `assay client`: tests of clients.

mod command;
mod list;
mod run;

pub use command::{ClientCommand, client};
