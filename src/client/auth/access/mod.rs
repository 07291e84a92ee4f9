//! The access to one registry, shared by all requests of a run.
//!
//! A request starts with a [`RequestAuth`]: known tokens are attached at once, so that the registry need not send a
//! challenge. A new challenge is answered. Requests that need the same token wait for one.

mod login;
mod notes;
mod revocation;
mod scheme;
mod state;
mod tokens;

pub use state::{Access, RequestAuth};
