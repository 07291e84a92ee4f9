//! Stands between clients and a registry: passes every exchange on as it is, and shows each to the judge of traffic.
//!
//! - `server`: the listener; `connection`: one of a client; `forward`: one exchange; `upstream`: connections to the target; `headers`: what concerns one
//!   connection alone.
//! - `activity`: whether anything passes through a connection.
//! - `pending`: an exchange under way; `passing_body`: its bodies; `body_hash`: their digests; `progress`: how long they
//!   stand still; `judging`: the thread that judges.

mod activity;
mod body_hash;
mod connection;
mod forward;
mod headers;
mod judging;
mod passing_body;
mod pending;
mod progress;
mod server;
mod upstream;

pub use server::{Proxy, ProxySettings};
