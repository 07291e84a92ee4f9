//! Faults of the discovery of extensions.

use serde_json::json;

use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_extensions, edit_json};
use crate::registry::faults::predicates::got_extensions;
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::EXTENSIONS;

pub const FAULTS: &[Fault] = &[
    fault("extensions-203")
        .violates(&["extensions-status"])
        .title("GET on the extensions returns 203 instead of 200.")
        .status(EXTENSIONS, 203),
    fault("extensions-text")
        .violates(&["extensions-content-type"])
        .title("The extensions response has the Content-Type text/plain.")
        .header(EXTENSIONS, "Content-Type", "text/plain"),
    fault("extensions-bare")
        .violates(&["extensions-json"])
        .title("The extensions response is a bare JSON list.")
        .response(|request, response| {
            if got_extensions(request, response) {
                edit_json(response, |value| {
                    *value = value.pointer("/extensions").cloned().unwrap_or_default()
                });
            }
        }),
    fault("extensions-no-underscore")
        .violates(&["extensions-name"])
        .title("Extension names have no leading underscore.")
        .response(|request, response| {
            if got_extensions(request, response) {
                edit_extensions(response, |one| one.insert("name".to_owned(), json!("oci")));
            }
        }),
    fault("extensions-no-url")
        .violates(&["extensions-url"])
        .title("Extensions have no url.")
        .response(|request, response| {
            if got_extensions(request, response) {
                edit_extensions(response, |one| one.remove("url"));
            }
        }),
    fault("extensions-no-endpoints")
        .violates(&["extensions-endpoints"])
        .title("Extensions have no endpoints.")
        .response(|request, response| {
            if got_extensions(request, response) {
                edit_extensions(response, |one| one.remove("endpoints"));
            }
        }),
    fault("extensions-repository-bare")
        .violates(&["extensions-repository"])
        .title("The extensions response of a repository is an empty object.")
        .response(|request, response| {
            if got_extensions(request, response) && request.endpoint.repository().is_some() {
                edit_json(response, |value| *value = json!({}));
            }
        }),
];
