//! The client towards the registry under test: addresses, requests and answers, redirects, rate limits,
//! and the recording of every exchange. Nothing that a target sends can make it panic, wait for ever, or
//! keep more than its bounds.

mod address;
mod attempt;
mod auth;
mod client;
mod connect;
mod curl;
mod flow;
mod greet;
mod patience;
mod recording;
mod redact;
mod retry;
mod rights;
mod room;
mod throttle;

pub use address::{Address, AddressError, NameError, check_repository};
pub use auth::{AccessError, Credentials, Secret, repository};
pub use client::{Answer, Failure, Reply, Request, Target};
pub use connect::{Settings, SettingsError, Tls};
pub use curl::quote;
pub use greet::Unreachable;
pub use rights::MayNotPush;
