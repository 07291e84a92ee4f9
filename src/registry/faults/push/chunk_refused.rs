//! Faults of chunks that the registry must refuse.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::edits::move_content_range;
use crate::registry::faults::matching::{At, on};
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{content_range, on_upload, second};
use crate::registry::faults::rows::{after, before, error, request, status, switch};
use crate::registry::faults::store_edits::{close_unverified, session};
use crate::registry::grammar::digest_like;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("chunk-any-order", &["chunk-order"],
        "Chunks are taken in any order.", |switches| switches.any_order = true),
    status("chunk-order-400", &["chunk-order"],
        "A chunk out of order is refused with 400.", on("PATCH", At::Upload, 416), 400),
    switch("chunk-refused-and-stored", &["chunk-order-not-stored"],
        "The bytes of a refused chunk are kept.", |switches| switches.keep_refused_chunks = true),
    switch("chunk-refused-ends", &["chunk-order-session-kept"],
        "A refused chunk ends its upload.", |switches| switches.refused_chunk_ends = true),
    switch("chunk-overlap", &["chunk-overlap"],
        "A chunk is taken that is there already.", |switches| switches.overlap = true),
    switch("chunk-twice-stored", &["chunk-overlap-not-stored"],
        "A chunk that is refused as there already is stored again.", |switches| switches.keep_refused_chunks = true),
    switch("chunk-length-unchecked", &["chunk-length-disagrees"],
        "A chunk may have another length than its range.", |switches| switches.length_unchecked = true),
    status("chunked-put-order-400", &["chunked-put-order"],
        "A last chunk out of order is refused with 400.", on("PUT", At::Upload, 416), 400),
    switch("chunked-put-any-order", &["chunked-put-order"],
        "A last chunk is taken in any order.", |switches| switches.close_any_order = true),
    error("chunk-length-code", &["error-code-size-invalid"],
        "A chunk of a wrong length is refused with a code for something else.",
        on("PATCH", At::Upload, 400), 400, "MANIFEST_INVALID", "no"),
];

pub const FAULTS: &[Fault] = &[
    request(
        "last-chunk-first-taken",
        &["chunked-put-order"],
        "In a closing PUT, the first chunk of an upload may start anywhere.",
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
        "A chunk may start a byte too early or too late.",
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
        "A first chunk may start anywhere.",
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
        "A chunk that is there already is answered as taken.",
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
        "A chunk may have more bytes than its range.",
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
        "A chunk may have fewer bytes than its range.",
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
        "A chunk of a wrong length is refused, and its bytes are kept.",
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
        "A last chunk out of order ends its upload.",
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
        "Chunks are stored under whatever digest is named.",
        |store, request| {
            let chunked = request.is("PUT") && !session(store, request)?.bytes.is_empty();
            chunked.then(|| close_unverified(store, request))?
        },
    ),
    before(
        "chunked-digest-of-part",
        &["blob-verify"],
        "Only the last chunk is held against the digest.",
        |store, request| {
            let digest = request.query("digest")?.to_owned();
            let matches = digest_like(&digest, &request.body)? == digest;
            let chunked = request.is("PUT") && !session(store, request)?.bytes.is_empty();
            (chunked && matches).then(|| close_unverified(store, request))?
        },
    ),
];
