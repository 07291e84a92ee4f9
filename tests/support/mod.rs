//! What tests share that run the tool against servers of their own.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

pub mod engine;
pub mod proxy;
pub mod run;
pub mod serve;
pub mod server;
pub mod signals;
