//! Who is let in: Basic, or Bearer with a token server of its own.
//!
//! `options` says how, `door` stands in front of every request, `tokens` is the token server. The ways of well-known
//! registries are put together in `profiles`.

mod auth_gate;
mod options;
mod tokens;

pub use auth_gate::AuthGate;
pub use options::{
    ChallengeForm, Fields, Login, Methods, MissingRepository, Revocation, Scheme, Tokens,
};
