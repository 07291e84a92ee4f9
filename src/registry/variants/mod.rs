//! Permitted variants: behaviour that differs from the default and conforms to the specification. None may fail a case.
//!
//! A variant is a row in `VARIANTS` of the file of its topic, and `list` collects these lists.

mod chunks;
mod deletion;
mod earlier_versions;
mod errors;
mod http;
mod late;
mod links;
mod list;
mod lists;
mod login;
mod manifests;
mod minimal;
mod options;
mod real_registries;
mod refused;
mod responses;
mod spellings;
mod transport;
mod unsupported;
mod uploads;
mod variant;

pub use list::{variant, variants};
pub use variant::Variant;
