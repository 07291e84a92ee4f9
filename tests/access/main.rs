//! Getting in, as a user has to: logging in, TLS and proxies, and what must never be seen of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod authentication;
mod credentials;
mod profiles;
mod push_permission;
mod secrets;
mod support;
mod tls;
mod token_command;
