//! Authentication and authorization: Basic, or Bearer with a token server.
//!
//! `options` describes the login, `auth_gate` checks every request, `tokens` is the token server. The logins of
//! well-known registries are in `profiles`.

mod auth_gate;
mod authorization_header;
mod options;
mod tokens;

pub use auth_gate::AuthGate;
pub use options::{
    ChallengeForm, Fields, Login, Methods, MissingRepository, Revocation, Scheme, Tokens,
};
