//! Faults of the base path and of proxied namespaces.

use crate::registry::faults::matching::{ANY, At};
use crate::registry::faults::model::Fault;
use crate::registry::faults::rows::{empty, header};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    empty("base-204", &["base-status"],
        "The base is answered with 204.", ANY.at(At::Base), 204),
    header("namespace-of-its-own", &["proxy-namespace-value"],
        "The OCI-Namespace header names the registry itself.",
        ANY.query("ns"), "OCI-Namespace", "registry.example.com"),
];
