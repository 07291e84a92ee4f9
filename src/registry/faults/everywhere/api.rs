//! Faults of the base path and of proxied namespaces.

use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::{ANY, At};

pub const FAULTS: &[Fault] = &[
    fault("base-204")
        .violates(&["base-status"])
        .title("GET on /v2/ returns 204 instead of 200.")
        .empty(ANY.at(At::Base), 204),
    fault("namespace-of-its-own")
        .violates(&["proxy-namespace-value"])
        .title("OCI-Namespace is the registry's own host instead of the requested namespace.")
        .header(ANY.query("ns"), "OCI-Namespace", "registry.example.com"),
    fault("namespace-refused")
        .violates(&["proxy-namespace-accepted"])
        .title("A request with the ns parameter is refused with 400.")
        .error(ANY.query("ns"), 400, "UNSUPPORTED", "no"),
];
