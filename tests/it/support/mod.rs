//! What the tests share: one way to run assay, to start the bundled registry, and to answer as another server would.

pub mod assay;
pub mod engine;
pub mod folder;
pub mod proxy;
pub mod registry;
pub mod seeds;
pub mod server;
#[cfg(unix)]
pub mod signals;
pub mod sources;
