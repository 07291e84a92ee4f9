//! Access to a registry as a user configures it: authentication, TLS and proxies; and the redaction of every secret.

mod authentication;
mod credentials;
mod profiles;
mod push_permission;
mod secrets;
mod tls;
mod token_command;
mod token_servers;
