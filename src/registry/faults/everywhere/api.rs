//! Faults of the base path and of proxied namespaces.

use crate::registry::fault::Fault;
use crate::registry::faults::rows::{empty, error, header};
use crate::registry::response_edit::{ANY, At};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    empty("base-204", &["base-status"],
        "GET on /v2/ returns 204 instead of 200.", ANY.at(At::Base), 204),
    header("namespace-of-its-own", &["proxy-namespace-value"],
        "OCI-Namespace is the registry's own host instead of the requested namespace.",
        ANY.query("ns"), "OCI-Namespace", "registry.example.com"),
    error("namespace-refused", &["proxy-namespace-accepted"],
        "A request with the ns parameter is refused with 400.", ANY.query("ns"), 400, "UNSUPPORTED", "no"),
];
