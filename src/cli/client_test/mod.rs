//! `assay client`: tests of clients.

mod command;
mod list;
mod run;

pub use command::{ClientCommand, client};
pub use run::bundled_adapters;
