//! Hostile and broken registries: each run ends in bounded time and memory, with the exit status of the results so far, and
//! with complete reports.
//!
//! `cargo test --test it -- --include-ignored --nocapture hostile::` prints the time and the peak memory of each run. `cargo test`
//! skips those that take longer than a few seconds; `.ci/run` runs them too.

mod bodies;
mod bounds;
mod connections;
mod headers;
mod http2;
mod refusals;
