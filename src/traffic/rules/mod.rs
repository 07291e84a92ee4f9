//! Rules for the requests of a client: each looks at one exchange, or at one upload session.

mod applies;
mod manifests;
mod requests;
mod uploads;

pub use applies::AppliesTo;
