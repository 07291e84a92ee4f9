//! Variants of refused chunks and refused pushes.

use super::uploads::session;
use super::variant::{Variant, permitted};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::grammar::digest_like;
use crate::registry::quirks::{after, before};

/// The smallest chunk of a registry that does not name its minimum, in bytes.
const UNNAMED_MINIMUM: usize = 64 * 1024;

pub const VARIANTS: &[Variant] = &[
    permitted(
        "small-chunks-400",
        "A PATCH with less than 64 KiB is refused with 400, and no header names this minimum.",
        |options| before(options, |_, request| refuse_small_chunk(request, 400)),
    ),
    permitted(
        "small-chunks-416",
        "A PATCH with less than 64 KiB is refused with 416, and no header names this minimum.",
        |options| before(options, |_, request| refuse_small_chunk(request, 416)),
    ),
    permitted(
        "refused-chunk-resets",
        "A refused chunk empties its upload session.",
        |options| {
            after(options, |store, request, response| {
                let refused = matches!(response.status, 400 | 416);
                if refused && request.header("content-range").is_some() {
                    if let Some(upload) = session(store, request) {
                        upload.bytes.clear();
                    }
                    response.remove("range");
                }
            });
        },
    ),
    permitted(
        "pushes-at-once-409",
        "A manifest that another client pushed within the last two seconds is refused under a new tag: 409.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Manifest(name, tag) = &request.endpoint else {
                    return None;
                };
                let digest = digest_like("sha256:", &request.body)?;
                let repository = store.repositories.get(name)?;
                let young = repository.manifests.get(&digest)?.since.elapsed().as_secs() < 2;
                // The client of every other request is the same one.
                let others = String::from_utf8_lossy(&request.body).contains("pushed at once");
                let new = request.is("PUT") && !repository.tags.contains_key(tag);
                (others && young && new)
                    .then(|| ApiResponse::error(409, "DENIED", "another client pushes it"))
            });
        },
    ),
    permitted(
        "single-post-of-content",
        "A single POST without a body opens an upload session, and one with more than 4 KiB is refused with 413; an empty blob is refused with 400.",
        |options| {
            before(options, |_, request| {
                let posts = request.is("POST") && request.query("digest").is_some();
                let empty = request.body.is_empty();
                if posts && empty {
                    request.query.retain(|(name, _)| name != "digest");
                }
                let large = posts && request.body.len() > 4096;
                if large {
                    return Some(ApiResponse::error(
                        413,
                        "SIZE_INVALID",
                        "too large for POST",
                    ));
                }
                let closes = request.is("PUT") && is_empty_blob(request);
                closes.then(|| ApiResponse::error(400, "SIZE_INVALID", "an empty blob is refused"))
            });
        },
    ),
];

/// Refuses a small chunk with this status.
fn refuse_small_chunk(request: &ApiRequest, status: u16) -> Option<ApiResponse> {
    let small = request.is("PATCH") && request.body.len() < UNNAMED_MINIMUM;
    small.then(|| ApiResponse::error(status, "SIZE_INVALID", "the chunk is too small"))
}

/// Whether a request closes an upload session with the digest of an empty blob.
fn is_empty_blob(request: &ApiRequest) -> bool {
    let closes = matches!(request.endpoint, Endpoint::Upload(..));
    closes && request.query("digest") == digest_like("sha256:", b"").as_deref()
}
