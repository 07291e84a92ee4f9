//! Faults of requests whose body has chunked transfer coding, as docker and podman stream a blob.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::closes_upload;
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::close_unverified;
use crate::registry::response_edit::PATCH_UPLOAD;

pub const FAULTS: &[Fault] = &[
    fault("stream-500")
        .violates(&["chunk-status"])
        .title("PATCH with chunked transfer coding returns 500.")
        .error(
            PATCH_UPLOAD.if_request(is_streamed),
            500,
            "UNKNOWN",
            "no Content-Length",
        ),
    fault("stream-empty")
        .violates(&["chunk-range-end"])
        .title("PATCH takes a body in chunked transfer coding as empty.")
        .request(|request| {
            if request.is("PATCH") && is_streamed(request) {
                request.body = Bytes::new();
            }
        }),
    fault("stream-cut")
        .violates(&["chunk-range-end"])
        .title("PATCH reads at most one KiB of a body in chunked transfer coding.")
        .request(|request| {
            if request.is("PATCH") && is_streamed(request) {
                request.body.truncate(1024);
            }
        }),
    fault("blob-put-stream-empty")
        .violates(&["blob-get-content"])
        .title("PUT of a blob in chunked transfer coding stores an empty blob.")
        .before(|store, request| {
            if !closes_upload(request) || !is_streamed(request) || request.body.is_empty() {
                return None;
            }
            request.body = Bytes::new();
            close_unverified(store, request)
        }),
    fault("manifest-put-stream-lost")
        .violates(&["manifest-get-status"])
        .title("PUT of a manifest in chunked transfer coding returns 201 and stores nothing.")
        .before(|_, request| {
            let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            let lost = request.is("PUT") && of_manifest && is_streamed(request);
            lost.then(|| ApiResponse::new(201).with("Location", request.path.clone()))
        }),
];

fn is_streamed(request: &ApiRequest) -> bool {
    request.header("transfer-encoding").is_some()
}
