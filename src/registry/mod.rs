//! The bundled registry: a complete, strict implementation of the draft, in memory.
//!
//! It shares no code with the rest of assay, so that no misreading of the specification can hide in both. A
//! request becomes a [`request::ApiRequest`] with an endpoint of the specification, handlers turn it into an
//! [`response::ApiResponse`] without knowing HTTP libraries, and `server` carries both over the wire. Legal deviations
//! are [`Options`], named by [`variants`]; deliberate violations are [`faults`]; [`profiles`] let clients in as
//! well-known registries do.

mod api_request;
mod api_response;
mod auth;
mod blobs;
mod docker_v2;
mod faults;
mod grammar;
mod manifests;
mod options;
mod profiles;
mod referrers;
mod router;
mod server;
mod store;
mod tags;
mod tls;
mod uploads;
mod variants;

pub use auth::{
    ChallengeForm, Fields, Login, Methods, MissingRepository, Revocation, Scheme, Tokens,
};
pub use faults::{Fault, fault, faults};
pub use options::{Deletion, ErrorBodies, FaultSwitches, Locations, Options};
pub use profiles::{Profile, profile, profiles};
pub use server::Server;
pub use tls::{Tls, TlsError};
pub use variants::{Variant, variant, variants};
