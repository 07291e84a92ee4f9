//! Faults of Docker's API.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{append_space, edit_json, edit_list};
use crate::registry::faults::predicates::{got_catalog, got_manifest, of_docker, put_manifest};
use crate::registry::faults::rows::{header, request, response, status, without};
use crate::registry::response_edit::{ANY, At, CATALOG, OPEN_UPLOAD};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    header("docker-version-1", &["docker-api-version"],
        "GET on /v2/ returns Docker-Distribution-Api-Version registry/1.0.",
        ANY.at(At::Base), "Docker-Distribution-Api-Version", "registry/1.0"),
    status("docker-catalog-203", &["docker-catalog-status"],
        "GET on the catalog returns 203 instead of 200.", CATALOG, 203),
    header("docker-catalog-text", &["docker-catalog-content-type"],
        "The catalog has the Content-Type text/plain.", CATALOG, "Content-Type", "text/plain"),
    without("docker-no-uuid", &["docker-upload-uuid"],
        "POST that opens an upload session returns no Docker-Upload-UUID.", OPEN_UPLOAD, "docker-upload-uuid"),
    header("docker-errors-text", &["docker-error-content-type"],
        "Error responses have the Content-Type text/plain.", ANY.error(), "Content-Type", "text/plain"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "docker-catalog-bare",
        &["docker-catalog-json"],
        "The catalog is a bare JSON list.",
        |request, response| {
            if got_catalog(request, response) {
                edit_json(response, |value| {
                    *value = value.pointer("/repositories").cloned().unwrap_or_default()
                });
            }
        },
    ),
    request(
        "docker-catalog-n-ignored",
        &["docker-catalog-n"],
        "The catalog ignores the n parameter.",
        |request| {
            if request.endpoint == Endpoint::Catalog {
                request.query.retain(|(name, _)| name != "n");
            }
        },
    ),
    response(
        "docker-catalog-reversed",
        &["docker-catalog-order"],
        "The catalog is in reverse order.",
        |request, response| {
            if got_catalog(request, response) {
                edit_list(response, "/repositories", |list| list.reverse());
            }
        },
    ),
    request(
        "docker-catalog-loop",
        &["docker-catalog-link"],
        "The catalog ignores the last parameter.",
        |request| {
            if request.endpoint == Endpoint::Catalog {
                request.query.retain(|(name, _)| name != "last");
            }
        },
    ),
    response(
        "docker-catalog-last-again",
        &["docker-catalog-last"],
        "The catalog with last=R starts with R.",
        |request, response| {
            if got_catalog(request, response)
                && let Some(last) = request.query("last")
            {
                let last = json!(last);
                edit_list(response, "/repositories", |list| list.insert(0, last));
            }
        },
    ),
    response(
        "docker-schema2-200",
        &["docker-schema2-accepted"],
        "PUT of a Docker schema 2 manifest returns 200 instead of 201.",
        |request, response| {
            if put_manifest(request, response) && of_docker(request, response, false) {
                response.status = 200;
            }
        },
    ),
    response(
        "docker-schema2-converted",
        &["manifest-get-content-type-as-pushed"],
        "GET on a Docker schema 2 manifest returns the Content-Type of an OCI image manifest.",
        |request, response| {
            if got_manifest(request, response) && of_docker(request, response, false) {
                response.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        },
    ),
    response(
        "docker-schema2-other-bytes",
        &["docker-schema2-served"],
        "GET on a Docker schema 2 manifest appends a space to the bytes.",
        |request, response| {
            if got_manifest(request, response) && of_docker(request, response, false) {
                append_space(response);
            }
        },
    ),
    response(
        "docker-list-200",
        &["docker-manifest-list-accepted"],
        "PUT of a Docker manifest list returns 200 instead of 201.",
        |request, response| {
            if put_manifest(request, response) && of_docker(request, response, true) {
                response.status = 200;
            }
        },
    ),
    response(
        "docker-list-other-bytes",
        &["docker-manifest-list-served"],
        "GET on a Docker manifest list appends a space to the bytes.",
        |request, response| {
            if got_manifest(request, response) && of_docker(request, response, true) {
                append_space(response);
            }
        },
    ),
    response(
        "docker-errors-no-message",
        &["docker-error-body"],
        "Errors have no message.",
        |_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |list| {
                    for error in list {
                        error.as_object_mut().map(|one| one.remove("message"));
                    }
                });
            }
        },
    ),
    response(
        "docker-errors-unlisted",
        &["docker-error-code"],
        "Errors have a code outside Docker's list of codes.",
        |_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |list| {
                    for error in list {
                        error
                            .as_object_mut()
                            .map(|one| one.insert("code".to_owned(), json!("SOMETHING_ELSE")));
                    }
                });
            }
        },
    ),
];
