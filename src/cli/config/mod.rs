//! Where options come from: arguments, then the environment (`ASSAY_…`), then `assay.toml`, then the environment of
//! the Go tool (`OCI_…`).
//!
//! An option is declared once, as a flag of `assay run`. Its key in the file, its variable, the schema of the file,
//! the file of `assay init` and the table of the documentation are derived from that. Each source is read into
//! [`options::RawOptions`]; the sources are layered, [`constraints`] checks the result, and only then does clap turn
//! the texts into values.

mod arguments;
mod constraints;
mod environment;
mod file;
mod fleet;
mod fleet_schema;
mod go;
mod init;
mod keys;
mod options;
mod origins;
mod resolve;
mod schema;
mod table;

pub use arguments::without_environment;
pub use constraints::without_refused;
pub use file::refused;
pub use fleet::{Fleet, FleetTarget, Login, fleet};
#[cfg(test)]
pub use fleet_schema::published_fleet_schema;
pub use init::{InitArgs, init};
pub use keys::{Configured, with_environment};
pub use origins::Origins;
pub use resolve::{Password, SideInputs, resolve};
#[cfg(test)]
pub use schema::options_schema;
pub use table::table;
