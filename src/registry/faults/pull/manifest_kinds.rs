//! Faults of GET on a manifest that depend on its kind: an index, an artifact, a Docker manifest, an unregistered type.

use serde_json::Value;

use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, replace};
use crate::registry::faults::predicates::{by_tag, got_manifest, is_index, kind_of};
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::GET_MANIFEST;

pub const FAULTS: &[Fault] = &[
    fault("index-get-206")
        .violates(&["manifest-get-status"])
        .title("GET on an index returns 206 instead of 200.")
        .status(GET_MANIFEST.if_response(is_index), 206),
    fault("docker-type-lost")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title("GET on a Docker manifest returns the Content-Type of an OCI image manifest.")
        .header(
            GET_MANIFEST.if_response(|response| kind_of(response).contains("docker")),
            "Content-Type",
            "application/vnd.oci.image.manifest.v1+json",
        ),
    fault("unregistered-type-lost")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title(
            "GET on a manifest of an unregistered type returns the Content-Type application/json.",
        )
        .header(
            GET_MANIFEST.if_response(|response| kind_of(response).contains("example")),
            "Content-Type",
            "application/json",
        ),
    fault("index-type-lost")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title("GET on an index returns the Content-Type of an image manifest.")
        .header(
            GET_MANIFEST.if_response(is_index),
            "Content-Type",
            "application/vnd.oci.image.manifest.v1+json",
        ),
    fault("accept-needed")
        .violates(&["manifest-get-any-accept"])
        .title("GET on a manifest without an Accept header returns 404.")
        .error(
            GET_MANIFEST.if_request(|request| {
                request
                    .header("accept")
                    .is_none_or(|accept| accept == "*/*")
            }),
            404,
            "MANIFEST_UNKNOWN",
            "say what you accept",
        ),
    fault("manifest-get-without-data")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest removes the data field from a descriptor.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"data\":\"e30=\"", "");
            }
        }),
    fault("manifest-get-null-for-empty")
        .violates(&["manifest-get-content"])
        .title("GET on an index replaces an empty manifests list with null.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, "\"manifests\":[]", "\"manifests\":null");
            }
        }),
    fault("index-platform-version-lost")
        .violates(&["manifest-get-content"])
        .title("GET on an index removes os.version and os.features from a platform.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"os.version\":\"10.0.1\"", "");
                replace(response, ", \"os.features\":[\"win32k\"]", "");
            }
        }),
    fault("index-platform-variant-lost")
        .violates(&["manifest-get-content"])
        .title("GET on an index removes variant from a platform.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"variant\":\"v7\"", "");
            }
        }),
    fault("manifest-get-without-artifact-type")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest removes its artifactType.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(
                    response,
                    "\"artifactType\":\"application/vnd.example.assay.v1\",",
                    "",
                );
            }
        }),
    fault("manifest-get-compressed-layers")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest changes the media type of uncompressed layers to gzip.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, "layer.v1.tar\"", "layer.v1.tar+gzip\"");
            }
        }),
    fault("index-written-anew")
        .violates(&["manifest-get-content"])
        .title("GET on an index returns the JSON in another serialization.")
        .response(|request, response| {
            if got_manifest(request, response) && is_index(response) {
                edit_json(response, |_| {});
            }
        }),
    fault("tag-gives-child")
        .violates(&["manifest-get-digest-matches"])
        .title(
            "GET on an index by tag returns the digest of its first image in \
             Docker-Content-Digest.",
        )
        .response(|request, response| {
            if got_manifest(request, response) && by_tag(request) && is_index(response) {
                let child = serde_json::from_slice::<Value>(&response.body).ok();
                let child = child.and_then(|value| {
                    value
                        .pointer("/manifests/0/digest")?
                        .as_str()
                        .map(str::to_owned)
                });
                response.set("Docker-Content-Digest", child.unwrap_or_default());
            }
        }),
    fault("index-type-parameters")
        .violates(&["manifest-get-content-type-bare"])
        .title("GET on an index adds a parameter to the Content-Type.")
        .response(|request, response| {
            if got_manifest(request, response) && is_index(response) {
                let kind = kind_of(response) + ";charset=utf-8";
                response.set("Content-Type", kind);
            }
        }),
    fault("first-accept-alone")
        .violates(&["manifest-get-accept"])
        .title("The registry reads only the first type of an Accept header.")
        .response(|request, response| {
            let first = request
                .header("accept")
                .and_then(|accept| accept.split(',').next());
            let other =
                first.is_some_and(|first| first != "*/*" && first.trim() != kind_of(response));
            if got_manifest(request, response) && other {
                *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "not of this type");
            }
        }),
];
