//! Permitted variants: behaviour that differs from the default and conforms to the specification. None may fail a case.
//!
//! A variant is a row in the file of its topic.

mod chunks;
mod deletion;
mod earlier_versions;
mod errors;
mod http;
mod index;
mod late;
mod links;
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

pub use index::{variant, variants};
pub use variant::Variant;
