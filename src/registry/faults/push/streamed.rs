//! Faults of uploads with several PATCH requests without Content-Range, and of the digest that a closing PUT returns.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{content_range, on_upload};
use crate::registry::faults::rows::{after, before, response};
use crate::registry::faults::store_edits::session;
use crate::registry::grammar::digest_like;

pub const FAULTS: &[Fault] = &[
    before(
        "second-stream-replaces",
        &["chunk-range-end", "chunked-put-final-chunk"],
        "A second PATCH without Content-Range replaces the bytes of the first one.",
        |store, request| {
            if streams(request) {
                session(store, request)?.bytes.clear();
            }
            None
        },
    ),
    response(
        "second-stream-range-of-part",
        &["chunk-range-end"],
        "The Range after a second PATCH without Content-Range has the length of this part.",
        |request, response| {
            if streams(request) && on_upload(request, response, "PATCH", 202) {
                let end = request.body.len().saturating_sub(1);
                response.set("Range", format!("0-{end}"));
            }
        },
    ),
    after(
        "last-chunk-digest-returned",
        &["blob-put-digest-matches"],
        "A closing PUT with the last chunk returns the digest of this chunk in Docker-Content-Digest.",
        |_, request, response| {
            let of_chunk = digest_like("sha256:", &request.body);
            if content_range(request).is_some_and(|(first, _)| first > 0)
                && on_upload(request, response, "PUT", 201)
                && let Some(digest) = of_chunk
            {
                response.set("Docker-Content-Digest", digest);
            }
        },
    ),
];

/// Whether a request is a PATCH without Content-Range.
fn streams(request: &ApiRequest) -> bool {
    request.is("PATCH")
        && matches!(request.endpoint, Endpoint::Upload(..))
        && request.header("content-range").is_none()
}
