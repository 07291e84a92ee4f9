//! Faults of chunks that the registry must refuse.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::move_content_range;
use crate::registry::faults::predicates::{content_range, on_upload, second};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{close_unverified, session};
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{At, on};

pub const FAULTS: &[Fault] = &[
    fault("chunk-any-order")
        .violates(&["chunk-order"])
        .title("The registry accepts chunks in any order.")
        .switch(|switches| switches.accept_chunks_in_any_order = true),
    fault("chunk-order-400")
        .violates(&["chunk-order"])
        .title("A chunk out of order returns 400 instead of 416.")
        .status(on("PATCH", At::Upload, 416), 400),
    fault("chunk-refused-and-stored")
        .violates(&["chunk-order-not-stored"])
        .title("The registry stores the bytes of a refused chunk.")
        .switch(|switches| switches.append_refused_chunks = true),
    fault("chunk-refused-ends")
        .violates(&["chunk-order-session-kept"])
        .title("A refused chunk ends the upload session.")
        .switch(|switches| switches.end_session_on_refused_chunk = true),
    fault("chunk-overlap")
        .violates(&["chunk-overlap"])
        .title("The registry accepts a chunk that was already uploaded.")
        .switch(|switches| switches.accept_overlapping_chunks = true),
    fault("chunk-twice-stored")
        .violates(&["chunk-overlap-not-stored"])
        .title("The registry refuses a chunk that was already uploaded and stores its bytes again.")
        .switch(|switches| switches.append_refused_chunks = true),
    fault("chunk-length-unchecked")
        .violates(&["chunk-length-disagrees"])
        .title("The registry accepts a chunk whose length differs from its Content-Range.")
        .switch(|switches| switches.skip_chunk_length_check = true),
    fault("chunked-put-order-400")
        .violates(&["chunked-put-order"])
        .title("A closing PUT with a last chunk out of order returns 400 instead of 416.")
        .status(on("PUT", At::Upload, 416), 400),
    fault("chunked-put-any-order")
        .violates(&["chunked-put-order"])
        .title("A closing PUT accepts a last chunk out of order.")
        .switch(|switches| switches.accept_final_chunk_in_any_order = true),
    fault("chunk-length-code")
        .violates(&["error-code-size-invalid"])
        .title("A chunk of a wrong length is refused with the code MANIFEST_INVALID.")
        .error(on("PATCH", At::Upload, 400), 400, "MANIFEST_INVALID", "no"),
    fault("last-chunk-first-taken")
        .violates(&["chunked-put-order"])
        .title("The registry ignores the Content-Range of a closing PUT in the second repository.")
        .request(|request| {
            let upload = matches!(request.endpoint, Endpoint::Upload(..));
            if upload && request.is("PUT") && second(request) {
                request.headers.retain(|(name, _)| name != "content-range");
            }
        }),
    fault("chunk-nearly")
        .violates(&["chunk-order", "chunk-overlap"])
        .title("The registry accepts a chunk that starts one byte too early or too late.")
        .before(|store, request| {
            let there = session(store, request)?.bytes.len();
            if content_range(request)?.0.abs_diff(there) <= 1 {
                move_content_range(request, there);
            }
            None
        }),
    fault("chunk-first-anywhere")
        .violates(&["chunk-order"])
        .title("The registry accepts a first chunk that starts at any offset.")
        .before(|store, request| {
            if session(store, request)?.bytes.is_empty() && request.is("PATCH") {
                move_content_range(request, 0);
            }
            None
        }),
    fault("chunk-overlap-ignored")
        .violates(&["chunk-overlap"])
        .title("A chunk that was already uploaded returns 202 instead of 416.")
        .before(|store, request| {
            let there = session(store, request)?.bytes.len();
            let known = request.is("PATCH") && content_range(request)?.0 < there;
            known.then(|| {
                ApiResponse::new(202)
                    .with("Location", request.path.clone())
                    .with("Range", format!("0-{}", there.saturating_sub(1)))
            })
        }),
    fault("chunk-longer-than-range")
        .violates(&["chunk-length-disagrees"])
        .title("The registry accepts a chunk that is longer than its Content-Range.")
        .before(|_, request| {
            let (first, last) = content_range(request)?;
            if request.is("PATCH")
                && request.body.len() > last.saturating_add(1).saturating_sub(first)
            {
                move_content_range(request, first);
            }
            None
        }),
    fault("chunk-shorter-than-range")
        .violates(&["chunk-length-disagrees"])
        .title("The registry accepts a chunk that is shorter than its Content-Range.")
        .before(|_, request| {
            let (first, last) = content_range(request)?;
            if request.is("PATCH")
                && request.body.len() < last.saturating_add(1).saturating_sub(first)
            {
                move_content_range(request, first);
            }
            None
        }),
    fault("chunk-length-refused-and-stored")
        .violates(&["chunk-order-not-stored"])
        .title("The registry refuses a chunk of a wrong length and stores its bytes.")
        .after(|store, request, response| {
            if on_upload(request, response, "PATCH", 400)
                && let Some(upload) = session(store, request)
            {
                upload.bytes.extend_from_slice(&request.body);
            }
        }),
    fault("chunked-put-refused-ends")
        .violates(&["chunked-put-session-kept"])
        .title("A closing PUT that returns 416 ends the upload session.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 416)
                && let Endpoint::Upload(name, id) = &request.endpoint
            {
                store.uploads.remove(&(name.clone(), id.clone()));
            }
        }),
    fault("chunked-digest-trusted")
        .violates(&["blob-verify"])
        .title("The registry does not verify the digest of a chunked upload.")
        .before(|store, request| {
            let chunked = request.is("PUT") && !session(store, request)?.bytes.is_empty();
            chunked.then(|| close_unverified(store, request))?
        }),
    fault("chunked-digest-of-part")
        .violates(&["blob-verify"])
        .title("The registry compares the digest with the last chunk instead of the whole blob.")
        .before(|store, request| {
            let digest = request.query("digest")?.to_owned();
            let matches = digest_like(&digest, &request.body)? == digest;
            let chunked = request.is("PUT") && !session(store, request)?.bytes.is_empty();
            (chunked && matches).then(|| close_unverified(store, request))?
        }),
];
