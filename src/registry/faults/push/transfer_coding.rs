//! Faults of requests whose body has chunked transfer coding, as docker and podman stream a blob.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::closes_upload;
use crate::registry::faults::rows::{before, error, request};
use crate::registry::faults::store_edits::close_unverified;
use crate::registry::response_edit::PATCH_UPLOAD;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    error("stream-500", &["chunk-status"],
        "PATCH with chunked transfer coding returns 500.",
        PATCH_UPLOAD.if_request(is_streamed), 500, "UNKNOWN", "no Content-Length"),
];

pub const FAULTS: &[Fault] = &[
    request(
        "stream-empty",
        &["chunk-range-end"],
        "PATCH takes a body in chunked transfer coding as empty.",
        |request| {
            if request.is("PATCH") && is_streamed(request) {
                request.body = Bytes::new();
            }
        },
    ),
    request(
        "stream-cut",
        &["chunk-range-end"],
        "PATCH reads at most one KiB of a body in chunked transfer coding.",
        |request| {
            if request.is("PATCH") && is_streamed(request) {
                request.body.truncate(1024);
            }
        },
    ),
    before(
        "blob-put-stream-empty",
        &["blob-get-content"],
        "PUT of a blob in chunked transfer coding stores an empty blob.",
        |store, request| {
            if !closes_upload(request) || !is_streamed(request) || request.body.is_empty() {
                return None;
            }
            request.body = Bytes::new();
            close_unverified(store, request)
        },
    ),
    before(
        "manifest-put-stream-lost",
        &["manifest-get-status"],
        "PUT of a manifest in chunked transfer coding returns 201 and stores nothing.",
        |_, request| {
            let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            let lost = request.is("PUT") && of_manifest && is_streamed(request);
            lost.then(|| ApiResponse::new(201).with("Location", request.path.clone()))
        },
    ),
];

fn is_streamed(request: &ApiRequest) -> bool {
    request.header("transfer-encoding").is_some()
}
