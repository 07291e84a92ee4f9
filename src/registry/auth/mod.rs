//! Who is let in: Basic, or Bearer with a token server of its own.
//!
//! `options` says how, `door` stands in front of every request, `tokens` is the token server. The ways of well-known
//! registries are put together in `profiles`.

mod door;
mod options;
mod tokens;

pub use door::Door;
pub use options::{ChallengeForm, Closing, Fields, Login, Methods, Nowhere, Scheme, Tokens};
