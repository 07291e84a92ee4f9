//! Where options come from: flags, then the environment (`ASSAY_…`), then `assay.toml`, then the environment of
//! the Go tool (`OCI_…`).
//!
//! An option is declared once, as a flag of `assay run`: its key in the file, its variable, the schema of the
//! file, what `assay init` writes and the table of the documentation are made from that. What a file or the Go
//! tool's environment says becomes the default of the flag, so that whatever is typed has the last word.

mod file;
mod go;
mod init;
mod keys;
mod resolve;
mod schema;
mod table;

pub use init::{InitArgs, init};
pub use keys::{Configured, with_environment};
pub use resolve::{Password, SideInputs, resolve};
pub use schema::options_schema;
pub use table::table;
