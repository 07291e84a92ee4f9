//! Access to a registry as a user configures it: authentication, TLS and proxies; and the redaction of every secret.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod authentication;
mod credentials;
mod profiles;
mod push_permission;
mod secrets;
mod support;
mod tls;
mod token_command;
