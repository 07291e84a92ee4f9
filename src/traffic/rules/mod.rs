//! The checks of rules for the requests of a client: each looks at one exchange, or at one upload session.

pub mod manifests;
pub mod requests;
pub mod uploads;
