//! Authentication: reading a challenge, and answering it.
//!
//! `challenge` reads `WWW-Authenticate`, `scope` knows which scope a request needs, `token_server` requests tokens (the
//! distribution project's "Token Authentication Specification"), and `access` shares the tokens among all requests of a run.

mod access;
mod challenge;
mod scope;
mod token;
mod token_command;
mod token_server;

pub use access::{Access, RequestAuth};
pub use challenge::challenges;
