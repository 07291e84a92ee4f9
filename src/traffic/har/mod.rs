//! Recorded traffic: HAR 1.2, as browsers, mitmproxy and assay itself write it.

mod convert;
mod format;
mod read;

pub use read::read_har;
