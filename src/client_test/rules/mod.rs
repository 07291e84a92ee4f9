//! The rules for the requests of a client: `list` has a row for each. Those that look at everything that came of one trial have their
//! checks here, those of single requests and upload sessions in [`crate::traffic::rules`].

mod fallback;
mod http;
mod list;
mod sessions;

pub use list::Rule;
