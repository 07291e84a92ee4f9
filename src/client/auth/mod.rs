//! Getting in: what a 401 asks for, and how it is answered.
//!
//! `challenge` reads what the target asks for, `scope` knows what a request needs, `server` speaks with the token
//! server (the distribution project's "Token Authentication Specification"), and `access` holds all of it
//! together for a run: who is let in how, and one token for everybody who needs the same.

mod access;
mod challenge;
mod credentials;
mod scope;
mod server;
mod token;
mod token_command;

pub use access::{Access, RequestAuth};
pub use challenge::challenges;
pub use credentials::{Credentials, Secret};
pub use scope::Scopes;
pub use server::{AccessError, plain, says};
