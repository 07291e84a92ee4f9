//! Faults of the discovery of extensions.

use serde_json::json;

use crate::registry::faults::edits::{edit_extensions, edit_json};
use crate::registry::response_edit::EXTENSIONS;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::got_extensions;
use crate::registry::faults::rows::{header, response, status};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("extensions-203", &["extensions-status"],
        "GET on the extensions returns 203 instead of 200.", EXTENSIONS, 203),
    header("extensions-text", &["extensions-content-type"],
        "The extensions response has the Content-Type text/plain.", EXTENSIONS, "Content-Type", "text/plain"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "extensions-bare",
        &["extensions-json"],
        "The extensions response is a bare JSON list.",
        |request, response| {
            if got_extensions(request, response) {
                edit_json(response, |value| {
                    *value = value.pointer("/extensions").cloned().unwrap_or_default()
                });
            }
        },
    ),
    response(
        "extensions-no-underscore",
        &["extensions-name"],
        "Extension names have no leading underscore.",
        |request, response| {
            if got_extensions(request, response) {
                edit_extensions(response, |one| one.insert("name".to_owned(), json!("oci")));
            }
        },
    ),
    response(
        "extensions-no-url",
        &["extensions-url"],
        "Extensions have no url.",
        |request, response| {
            if got_extensions(request, response) {
                edit_extensions(response, |one| one.remove("url"));
            }
        },
    ),
    response(
        "extensions-no-endpoints",
        &["extensions-endpoints"],
        "Extensions have no endpoints.",
        |request, response| {
            if got_extensions(request, response) {
                edit_extensions(response, |one| one.remove("endpoints"));
            }
        },
    ),
    response(
        "extensions-repository-bare",
        &["extensions-repository"],
        "The extensions response of a repository is an empty object.",
        |request, response| {
            if got_extensions(request, response) && request.endpoint.repository().is_some() {
                edit_json(response, |value| *value = json!({}));
            }
        },
    ),
];
