//! Faults of GET on a manifest that depend on its kind: an index, an artifact, a Docker manifest, an unregistered type.

use serde_json::Value;

use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, replace};
use crate::registry::faults::predicates::{by_tag, got_manifest, is_index, kind_of};
use crate::registry::faults::rows::{error, header, response, status};
use crate::registry::response_edit::GET_MANIFEST;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("index-get-206", &["manifest-get-status"],
        "GET on an index returns 206 instead of 200.", GET_MANIFEST.if_response(is_index), 206),
    header("docker-type-lost", &["manifest-get-content-type-as-pushed"],
        "GET on a Docker manifest returns the Content-Type of an OCI image manifest.",
        GET_MANIFEST.if_response(|response| kind_of(response).contains("docker")),
        "Content-Type", "application/vnd.oci.image.manifest.v1+json"),
    header("unregistered-type-lost", &["manifest-get-content-type-as-pushed"],
        "GET on a manifest of an unregistered type returns the Content-Type application/json.",
        GET_MANIFEST.if_response(|response| kind_of(response).contains("example")),
        "Content-Type", "application/json"),
    header("index-type-lost", &["manifest-get-content-type-as-pushed"],
        "GET on an index returns the Content-Type of an image manifest.",
        GET_MANIFEST.if_response(is_index), "Content-Type", "application/vnd.oci.image.manifest.v1+json"),
    error("accept-needed", &["manifest-get-any-accept"],
        "GET on a manifest without an Accept header returns 404.",
        GET_MANIFEST.if_request(|request| request.header("accept").is_none_or(|accept| accept == "*/*")),
        404, "MANIFEST_UNKNOWN", "say what you accept"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "manifest-get-without-data",
        &["manifest-get-content"],
        "GET on a manifest removes the data field from a descriptor.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"data\":\"e30=\"", "");
            }
        },
    ),
    response(
        "manifest-get-null-for-empty",
        &["manifest-get-content"],
        "GET on an index replaces an empty manifests list with null.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, "\"manifests\":[]", "\"manifests\":null");
            }
        },
    ),
    response(
        "index-platform-version-lost",
        &["manifest-get-content"],
        "GET on an index removes os.version and os.features from a platform.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"os.version\":\"10.0.1\"", "");
                replace(response, ", \"os.features\":[\"win32k\"]", "");
            }
        },
    ),
    response(
        "index-platform-variant-lost",
        &["manifest-get-content"],
        "GET on an index removes variant from a platform.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"variant\":\"v7\"", "");
            }
        },
    ),
    response(
        "manifest-get-without-artifact-type",
        &["manifest-get-content"],
        "GET on a manifest removes its artifactType.",
        |request, response| {
            if got_manifest(request, response) {
                replace(
                    response,
                    "\"artifactType\":\"application/vnd.example.assay.v1\",",
                    "",
                );
            }
        },
    ),
    response(
        "manifest-get-compressed-layers",
        &["manifest-get-content"],
        "GET on a manifest changes the media type of uncompressed layers to gzip.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, "layer.v1.tar\"", "layer.v1.tar+gzip\"");
            }
        },
    ),
    response(
        "index-written-anew",
        &["manifest-get-content"],
        "GET on an index returns the JSON in another serialization.",
        |request, response| {
            if got_manifest(request, response) && is_index(response) {
                edit_json(response, |_| {});
            }
        },
    ),
    response(
        "tag-gives-child",
        &["manifest-get-digest-matches"],
        "GET on an index by tag returns the digest of its first image in Docker-Content-Digest.",
        |request, response| {
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
        },
    ),
    response(
        "index-type-parameters",
        &["manifest-get-content-type-bare"],
        "GET on an index adds a parameter to the Content-Type.",
        |request, response| {
            if got_manifest(request, response) && is_index(response) {
                let kind = kind_of(response) + ";charset=utf-8";
                response.set("Content-Type", kind);
            }
        },
    ),
    response(
        "first-accept-alone",
        &["manifest-get-accept"],
        "The registry reads only the first type of an Accept header.",
        |request, response| {
            let first = request
                .header("accept")
                .and_then(|accept| accept.split(',').next());
            let other =
                first.is_some_and(|first| first != "*/*" && first.trim() != kind_of(response));
            if got_manifest(request, response) && other {
                *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "not of this type");
            }
        },
    ),
];
