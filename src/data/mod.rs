//! Files of YAML (and TOML), read with their places: a diagnostic points at the line that it is about.
//!
//! Suites, fixtures and the catalogue all come through here: a [`Folder`] gives [`File`]s, [`load`] turns a file into
//! a value of its type, and everything wrong with the file becomes [`Diagnostic`]s.
//!
//! [`load`] deserializes from a tree of values with their places, by a deserializer of its own: it collects what is
//! wrong instead of stopping at the first mistake, reads YAML and TOML, and says what a key expects in one sentence.

mod deserialize;
mod diagnostic;
mod document;
mod folder;
mod lenient;
mod load;
mod node;
mod schema;
mod shape;
mod shape_error;
mod toml;
mod yaml;

pub use deserialize::{ONE_OR_MANY, SCALAR_OR_MAP};
pub use diagnostic::{Diagnostic, Diagnostics, suggest};
pub use document::{Document, SourceSpan};
pub use folder::{File, Folder, FolderError};
pub use lenient::{elements, entries};
pub use load::{Loaded, load};
pub use schema::schema_of;
pub use shape::check;
