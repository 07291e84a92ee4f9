//! The bundled registry: a complete and strict implementation of the specification's draft, in memory.
//!
//! It shares no code with the rest of assay, so that a misreading of the specification cannot be in both. Each file
//! imports only from files below it in this list:
//!
//! - `server`: HTTP and TLS.
//! - `tap`: shows every exchange of a server to a test of a client.
//! - `router`: finds the handler of a request, and applies permitted variants and faults.
//! - `blobs`, `manifests`, `tags`, `referrers`, `uploads`, `docker_v2`: the handlers of the endpoints.
//! - `auth`: authentication and tokens.
//! - `variants`, `deployments` and `profiles`: values for [`Options`].
//! - `locations`, `quirks`, `options`: the URLs in responses, and the options.
//! - `faults`: deliberate violations.
//! - `api_request`, `api_response`, `store`, `response_edit`, `deviation`, `fault`, `handler_switches`, `grammar`: shared types.

mod api_request;
mod api_response;
mod auth;
mod blobs;
mod deployments;
mod deviation;
mod docker_v2;
mod fault;
mod faults;
mod grammar;
mod handler_switches;
mod locations;
mod manifests;
mod options;
mod profiles;
mod quirks;
mod referrers;
mod response_edit;
mod router;
mod sent_response;
mod server;
mod store;
mod tag_map;
mod tags;
mod tap;
mod tls;
mod uploads;
mod variants;
mod visibility;

pub use api_request::{ApiRequest, Endpoint};
pub use api_response::{ApiResponse, Delivery, RepeatedBody};
pub use auth::{
    ChallengeForm, Fields, Login, Methods, MissingRepository, Revocation, Scheme, Tokens,
};
pub use deployments::{Deployment, deployment, deployments};
pub use fault::Fault;
pub use faults::{fault, faults};
pub use handler_switches::HandlerSwitches;
pub use options::{Deletion, ErrorBodies, Locations, Options};
pub use profiles::{Profile, profile, profiles};
pub use response_edit::At;
pub use server::Server;
pub use tap::{StoredContent, Tap};
pub use tls::{Tls, TlsError};
pub use variants::{Variant, variant, variants};
pub use visibility::VisibilityDelay;
