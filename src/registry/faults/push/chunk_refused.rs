//! Faults of chunks that the registry must refuse.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::move_content_range;
use crate::registry::faults::predicates::{content_range, on_upload, second};
use crate::registry::faults::rows::{after, before, error, request, status, switch};
use crate::registry::faults::store_edits::{close_unverified, session};
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{At, on};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("chunk-any-order", &["chunk-order"],
        "The registry accepts chunks in any order.", |switches| switches.accept_chunks_in_any_order = true),
    status("chunk-order-400", &["chunk-order"],
        "A chunk out of order returns 400 instead of 416.", on("PATCH", At::Upload, 416), 400),
    switch("chunk-refused-and-stored", &["chunk-order-not-stored"],
        "The registry stores the bytes of a refused chunk.", |switches| switches.append_refused_chunks = true),
    switch("chunk-refused-ends", &["chunk-order-session-kept"],
        "A refused chunk ends the upload session.", |switches| switches.end_session_on_refused_chunk = true),
    switch("chunk-overlap", &["chunk-overlap"],
        "The registry accepts a chunk that was already uploaded.", |switches| switches.accept_overlapping_chunks = true),
    switch("chunk-twice-stored", &["chunk-overlap-not-stored"],
        "The registry refuses a chunk that was already uploaded and stores its bytes again.",
        |switches| switches.append_refused_chunks = true),
    switch("chunk-length-unchecked", &["chunk-length-disagrees"],
        "The registry accepts a chunk whose length differs from its Content-Range.",
        |switches| switches.skip_chunk_length_check = true),
    status("chunked-put-order-400", &["chunked-put-order"],
        "A closing PUT with a last chunk out of order returns 400 instead of 416.", on("PUT", At::Upload, 416), 400),
    switch("chunked-put-any-order", &["chunked-put-order"],
        "A closing PUT accepts a last chunk out of order.", |switches| switches.accept_final_chunk_in_any_order = true),
    error("chunk-length-code", &["error-code-size-invalid"],
        "A chunk of a wrong length is refused with the code MANIFEST_INVALID.",
        on("PATCH", At::Upload, 400), 400, "MANIFEST_INVALID", "no"),
];

pub const FAULTS: &[Fault] = &[
    request(
        "last-chunk-first-taken",
        &["chunked-put-order"],
        "The registry ignores the Content-Range of a closing PUT in the second repository.",
        |request| {
            let upload = matches!(request.endpoint, Endpoint::Upload(..));
            if upload && request.is("PUT") && second(request) {
                request.headers.retain(|(name, _)| name != "content-range");
            }
        },
    ),
    before(
        "chunk-nearly",
        &["chunk-order", "chunk-overlap"],
        "The registry accepts a chunk that starts one byte too early or too late.",
        |store, request| {
            let there = session(store, request)?.bytes.len();
            if content_range(request)?.0.abs_diff(there) <= 1 {
                move_content_range(request, there);
            }
            None
        },
    ),
    before(
        "chunk-first-anywhere",
        &["chunk-order"],
        "The registry accepts a first chunk that starts at any offset.",
        |store, request| {
            if session(store, request)?.bytes.is_empty() && request.is("PATCH") {
                move_content_range(request, 0);
            }
            None
        },
    ),
    before(
        "chunk-overlap-ignored",
        &["chunk-overlap"],
        "A chunk that was already uploaded returns 202 instead of 416.",
        |store, request| {
            let there = session(store, request)?.bytes.len();
            let known = request.is("PATCH") && content_range(request)?.0 < there;
            known.then(|| {
                ApiResponse::new(202)
                    .with("Location", request.path.clone())
                    .with("Range", format!("0-{}", there.saturating_sub(1)))
            })
        },
    ),
    before(
        "chunk-longer-than-range",
        &["chunk-length-disagrees"],
        "The registry accepts a chunk that is longer than its Content-Range.",
        |_, request| {
            let (first, last) = content_range(request)?;
            if request.is("PATCH")
                && request.body.len() > last.saturating_add(1).saturating_sub(first)
            {
                move_content_range(request, first);
            }
            None
        },
    ),
    before(
        "chunk-shorter-than-range",
        &["chunk-length-disagrees"],
        "The registry accepts a chunk that is shorter than its Content-Range.",
        |_, request| {
            let (first, last) = content_range(request)?;
            if request.is("PATCH")
                && request.body.len() < last.saturating_add(1).saturating_sub(first)
            {
                move_content_range(request, first);
            }
            None
        },
    ),
    after(
        "chunk-length-refused-and-stored",
        &["chunk-order-not-stored"],
        "The registry refuses a chunk of a wrong length and stores its bytes.",
        |store, request, response| {
            if on_upload(request, response, "PATCH", 400)
                && let Some(upload) = session(store, request)
            {
                upload.bytes.extend_from_slice(&request.body);
            }
        },
    ),
    after(
        "chunked-put-refused-ends",
        &["chunked-put-session-kept"],
        "A closing PUT that returns 416 ends the upload session.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 416)
                && let Endpoint::Upload(name, id) = &request.endpoint
            {
                store.uploads.remove(&(name.clone(), id.clone()));
            }
        },
    ),
    before(
        "chunked-digest-trusted",
        &["blob-verify"],
        "The registry does not verify the digest of a chunked upload.",
        |store, request| {
            let chunked = request.is("PUT") && !session(store, request)?.bytes.is_empty();
            chunked.then(|| close_unverified(store, request))?
        },
    ),
    before(
        "chunked-digest-of-part",
        &["blob-verify"],
        "The registry compares the digest with the last chunk instead of the whole blob.",
        |store, request| {
            let digest = request.query("digest")?.to_owned();
            let matches = digest_like(&digest, &request.body)? == digest;
            let chunked = request.is("PUT") && !session(store, request)?.bytes.is_empty();
            (chunked && matches).then(|| close_unverified(store, request))?
        },
    ),
];
