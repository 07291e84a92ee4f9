//! YAML and TOML files, read with the position of each value: a diagnostic points at the line that it is about.
//!
//! Suites, fixtures and the catalogue are all read here: a [`Folder`] gives [`File`]s, and [`load()`] turns a file into a
//! value of its type or into [`Diagnostic`]s.
//!
//! [`load()`] has a deserializer of its own. It collects all mistakes instead of stopping at the first one, reads YAML and
//! TOML, and says what a key expects in one sentence.

mod access;
mod bounded;
mod compact;
mod count;
mod cut;
mod date;
mod deserialize;
mod diagnostic;
mod document;
mod fields;
mod file_syntax;
mod folder;
mod invisible;
mod lenient;
mod load;
mod mismatch;
mod node;
mod part;
mod pattern;
#[cfg(test)]
mod schema;
mod shape;
mod shape_error;
mod span;
mod text;
mod toml;
mod yaml;
mod yaml_mistakes;

pub use bounded::{read_bounded, read_bounded_bytes};
pub use count::{count, count_between};
pub use cut::cut;
pub use date::parse_date;
pub use deserialize::{one_or_many, scalar_or_map};
pub use diagnostic::{Diagnostic, Diagnostics, did_you_mean, suggest};
pub use document::Document;
#[cfg(test)]
pub use document::parsed_texts;
pub use fields::fields_of;
pub use folder::{File, Folder, FolderError, is_yaml};
pub use invisible::is_invisible;
pub use lenient::{elements, entries};
pub use load::{Loaded, load, load_toml};
pub use mismatch::quoted_reference;
pub use pattern::pattern_error;
#[cfg(test)]
pub use schema::schema_of;
pub use shape::check;
pub use span::SourceSpan;
pub use text::{BundledText, FileText};
