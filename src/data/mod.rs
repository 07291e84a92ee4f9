//! Files of YAML (and TOML), read with their places: what a mistake needs to point at its line.
//!
//! Suites, fixtures and the catalogue all come through here: a [`Folder`] gives [`File`]s, [`load`] turns
//! one into a value of its type, and whatever is wrong with it becomes [`Diagnostic`]s, all of them at once.

mod diagnostic;
mod folder;
mod load;
mod schema;
mod toml;
mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, suggest};
pub use folder::{File, Folder, FolderError};
pub use load::{Loaded, load};
pub use schema::{check, schema_of};
pub use yaml::{Document, SourceSpan};
