//! The bundled registry: a complete, strict implementation of the draft, in memory.
//!
//! It shares no code with the rest of assay, so that no misreading of the specification can hide in both. A
//! request becomes a [`call::Call`] with an endpoint of the specification, handlers turn it into an
//! [`answer::Answer`] without knowing HTTP libraries, and `server` carries both over the wire. Legal deviations
//! are [`Options`], named by [`variants`]; deliberate violations are [`faults`]; [`profiles`] let clients in as
//! well-known registries do.

mod answer;
mod auth;
mod blobs;
mod call;
mod dispatch;
mod extras;
mod faults;
mod grammar;
mod manifests;
mod options;
mod profiles;
mod referrers;
mod server;
mod store;
mod tags;
mod tls;
mod uploads;
mod variants;

pub use auth::{ChallengeForm, Closing, Fields, Login, Methods, Nowhere, Scheme, Tokens};
pub use faults::{Fault, fault, faults};
pub use options::{Breaks, Deletion, ErrorBodies, Locations, Options};
pub use profiles::{Profile, profile, profiles};
pub use server::Server;
pub use tls::{Tls, TlsError};
pub use variants::{Variant, variant, variants};
