//! The client towards the registry under test: addresses, requests and answers, redirects, rate limits,
//! and the recording of every exchange. Nothing that a target sends can make it panic, wait for ever, or
//! keep more than its bounds.

mod address;
mod auth;
mod body_budget;
mod concurrency_limit;
mod connect;
mod curl;
mod preflight;
mod push_permission;
mod rate_limit;
mod recording;
mod redact;
mod registry_client;
mod retry;
mod send_once;
mod throttle;

pub use address::{Address, AddressError, NameError, check_repository};
pub use auth::{AccessError, Credentials, Secret};
pub use connect::{Settings, SettingsError, Tls};
pub use curl::quote;
pub use preflight::Unreachable;
pub use push_permission::PushDenied;
pub use registry_client::{Exchanged, RegistryClient, Request, RequestError, Response};
