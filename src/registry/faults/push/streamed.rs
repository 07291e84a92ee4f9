//! Faults of uploads with several PATCH requests without Content-Range, and of the digest that a closing PUT returns.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{content_range, on_upload};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::session;
use crate::registry::grammar::digest_like;

pub const FAULTS: &[Fault] = &[
    fault("second-stream-lost")
        .violates(&["chunked-put-final-chunk"])
        .title(
            "The bytes of a second PATCH without Content-Range are lost, although Range \
             counts them.",
        )
        .after(|store, request, response| {
            if !streams(request) || response.status != 202 {
                return;
            }
            if let Some(upload) = session(store, request) {
                let before = upload.bytes.len().saturating_sub(request.body.len());
                if before > 0 {
                    upload.bytes.truncate(before);
                }
            }
        }),
    fault("last-chunk-digest-returned")
        .violates(&["blob-put-digest-matches"])
        .title(
            "A closing PUT with the last chunk returns the digest of this chunk in \
             Docker-Content-Digest.",
        )
        .after(|_, request, response| {
            let of_chunk = digest_like("sha256:", &request.body);
            if content_range(request).is_some_and(|(first, _)| first > 0)
                && on_upload(request, response, "PUT", 201)
                && let Some(digest) = of_chunk
            {
                response.set("Docker-Content-Digest", digest);
            }
        }),
];

/// Whether a request is a PATCH without Content-Range.
fn streams(request: &ApiRequest) -> bool {
    request.is("PATCH")
        && matches!(request.endpoint, Endpoint::Upload(..))
        && request.header("content-range").is_none()
}
