//! Faults of Docker's API.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::faults::edits::{append_space, edit_json, edit_list};
use crate::registry::faults::matching::{ANY, At, CATALOG, OPEN_UPLOAD};
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{got_catalog, got_manifest, of_docker, put_manifest};
use crate::registry::faults::rows::{header, request, response, status, without};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    header("docker-version-1", &["docker-api-version"],
        "The base names version 1 of the API.", ANY.at(At::Base), "Docker-Distribution-Api-Version", "registry/1.0"),
    status("docker-catalog-203", &["docker-catalog-status"],
        "The catalog is answered with 203.", CATALOG, 203),
    header("docker-catalog-text", &["docker-catalog-content-type"],
        "The catalog is plain text.", CATALOG, "Content-Type", "text/plain"),
    without("docker-no-uuid", &["docker-upload-uuid"],
        "An upload session does not name its id.", OPEN_UPLOAD, "docker-upload-uuid"),
    header("docker-errors-text", &["docker-error-content-type"],
        "Errors are plain text.", ANY.error(), "Content-Type", "text/plain"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "docker-catalog-bare",
        &["docker-catalog-json"],
        "The catalog is a bare list.",
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
        "The catalog is always whole.",
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
        "Every page of the catalog is the first.",
        |request| {
            if request.endpoint == Endpoint::Catalog {
                request.query.retain(|(name, _)| name != "last");
            }
        },
    ),
    response(
        "docker-catalog-last-again",
        &["docker-catalog-last"],
        "The catalog after a repository begins with it.",
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
        "A push of schema 2 is answered with 200.",
        |request, response| {
            if put_manifest(request, response) && of_docker(request, response, false) {
                response.status = 200;
            }
        },
    ),
    response(
        "docker-schema2-converted",
        &["docker-schema2-served"],
        "A manifest of schema 2 is served under the type of OCI.",
        |request, response| {
            if got_manifest(request, response) && of_docker(request, response, false) {
                response.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        },
    ),
    response(
        "docker-list-200",
        &["docker-manifest-list-accepted"],
        "A push of a manifest list is answered with 200.",
        |request, response| {
            if put_manifest(request, response) && of_docker(request, response, true) {
                response.status = 200;
            }
        },
    ),
    response(
        "docker-list-other-bytes",
        &["docker-manifest-list-served"],
        "A manifest list is served with a space more.",
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
        "Errors have a code that no table names.",
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
