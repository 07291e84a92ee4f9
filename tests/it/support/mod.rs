//! What tests share that run the tool against servers of their own.

pub mod engine;
pub mod proxy;
pub mod run;
pub mod serve;
pub mod server;
pub mod signals;
