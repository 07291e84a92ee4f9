//! Faults of Docker's API.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{append_space, edit_json, edit_list};
use crate::registry::faults::predicates::{got_catalog, got_manifest, of_docker, put_manifest};
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::{ANY, At, CATALOG, OPEN_UPLOAD};

pub const FAULTS: &[Fault] = &[
    fault("docker-version-1")
        .violates(&["docker-api-version"])
        .title("GET on /v2/ returns Docker-Distribution-Api-Version registry/1.0.")
        .header(
            ANY.at(At::Base),
            "Docker-Distribution-Api-Version",
            "registry/1.0",
        ),
    fault("docker-catalog-203")
        .violates(&["docker-catalog-status"])
        .title("GET on the catalog returns 203 instead of 200.")
        .status(CATALOG, 203),
    fault("docker-catalog-text")
        .violates(&["docker-catalog-content-type"])
        .title("The catalog has the Content-Type text/plain.")
        .header(CATALOG, "Content-Type", "text/plain"),
    fault("docker-no-uuid")
        .violates(&["docker-upload-uuid"])
        .title("POST that opens an upload session returns no Docker-Upload-UUID.")
        .without(OPEN_UPLOAD, "docker-upload-uuid"),
    fault("docker-errors-text")
        .violates(&["docker-error-content-type"])
        .title("Error responses have the Content-Type text/plain.")
        .header(ANY.error(), "Content-Type", "text/plain"),
    fault("docker-catalog-bare")
        .violates(&["docker-catalog-json"])
        .title("The catalog is a bare JSON list.")
        .response(|request, response| {
            if got_catalog(request, response) {
                edit_json(response, |value| {
                    *value = value.pointer("/repositories").cloned().unwrap_or_default()
                });
            }
        }),
    fault("docker-catalog-n-ignored")
        .violates(&["docker-catalog-n"])
        .title("The catalog ignores the n parameter.")
        .request(|request| {
            if request.endpoint == Endpoint::Catalog {
                request.query.retain(|(name, _)| name != "n");
            }
        }),
    fault("docker-catalog-reversed")
        .violates(&["docker-catalog-order"])
        .title("The catalog is in reverse order.")
        .response(|request, response| {
            if got_catalog(request, response) {
                edit_list(response, "/repositories", |list| list.reverse());
            }
        }),
    fault("docker-catalog-loop")
        .violates(&["docker-catalog-link"])
        .title("The catalog ignores the last parameter.")
        .request(|request| {
            if request.endpoint == Endpoint::Catalog {
                request.query.retain(|(name, _)| name != "last");
            }
        }),
    fault("docker-catalog-last-again")
        .violates(&["docker-catalog-last"])
        .title("The catalog with last=R starts with R.")
        .response(|request, response| {
            if got_catalog(request, response)
                && let Some(last) = request.query("last")
            {
                let last = json!(last);
                edit_list(response, "/repositories", |list| list.insert(0, last));
            }
        }),
    fault("docker-schema2-200")
        .violates(&["docker-schema2-accepted"])
        .title("PUT of a Docker schema 2 manifest returns 200 instead of 201.")
        .response(|request, response| {
            if put_manifest(request, response) && of_docker(request, response, false) {
                response.status = 200;
            }
        }),
    fault("docker-schema2-converted")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title(
            "GET on a Docker schema 2 manifest returns the Content-Type of an OCI image manifest.",
        )
        .response(|request, response| {
            if got_manifest(request, response) && of_docker(request, response, false) {
                response.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        }),
    fault("docker-schema2-other-bytes")
        .violates(&["docker-schema2-served"])
        .title("GET on a Docker schema 2 manifest appends a space to the bytes.")
        .response(|request, response| {
            if got_manifest(request, response) && of_docker(request, response, false) {
                append_space(response);
            }
        }),
    fault("docker-list-200")
        .violates(&["docker-manifest-list-accepted"])
        .title("PUT of a Docker manifest list returns 200 instead of 201.")
        .response(|request, response| {
            if put_manifest(request, response) && of_docker(request, response, true) {
                response.status = 200;
            }
        }),
    fault("docker-list-other-bytes")
        .violates(&["docker-manifest-list-served"])
        .title("GET on a Docker manifest list appends a space to the bytes.")
        .response(|request, response| {
            if got_manifest(request, response) && of_docker(request, response, true) {
                append_space(response);
            }
        }),
    fault("docker-errors-no-message")
        .violates(&["docker-error-body"])
        .title("Errors have no message.")
        .response(|_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |list| {
                    for error in list {
                        error.as_object_mut().map(|one| one.remove("message"));
                    }
                });
            }
        }),
    fault("docker-errors-unlisted")
        .violates(&["docker-error-code"])
        .title("Errors have a code outside Docker's list of codes.")
        .response(|_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |list| {
                    for error in list {
                        error
                            .as_object_mut()
                            .map(|one| one.insert("code".to_owned(), json!("SOMETHING_ELSE")));
                    }
                });
            }
        }),
];
