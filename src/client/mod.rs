//! The HTTP client for the registry under test: authentication, redirects, retries, rate limits, recording and
//! redaction. A registry cannot make it panic, wait without end, or exceed its memory bounds.

mod access_error;
mod address;
mod auth;
mod body_budget;
mod client_state;
mod concurrency_limit;
mod connect;
mod content_coding;
mod credentials;
mod curl;
mod exchange;
mod load;
mod other_hosts;
mod pinned_certificates;
mod preflight;
mod push_permission;
mod rate_limit;
mod readiness;
mod recording;
mod redact;
mod registry_client;
mod request_chain;
mod request_error;
mod retry;
mod sanitize;
mod send_once;
mod settings;
mod throttle;
mod tls_error;
mod unreachable;

pub use access_error::AccessError;
pub use address::{Address, AddressError, NameError, check_repository};
pub use content_coding::Coding;
pub use credentials::{Credentials, Secret};
pub use curl::quote;
pub use exchange::{Exchanged, Request, Response};
pub(crate) use other_hosts::OtherHosts;
pub use push_permission::PushDenied;
pub(crate) use recording::{Bounds, body, cut, timestamp};
pub use redact::Redactor;
pub use registry_client::RegistryClient;
pub use request_error::RequestError;
pub(crate) use sanitize::error_summary;
pub use settings::{Settings, SettingsError, Tls};
pub use unreachable::Unreachable;
