//! Faults of chunked uploads.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::raise_range_end;
use crate::registry::faults::predicates::{
    MISSING_BLOB, after_first_chunk, closes_upload, closing_digest, content_range, in_chunks,
    on_upload, reports_no_bytes,
};
use crate::registry::faults::rows::{
    after, before, error, header, response, status, switch, without,
};
use crate::registry::faults::store_edits::{close_unverified, session, store_blob};
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{GET_UPLOAD, OPEN_UPLOAD, PATCH_UPLOAD, PUT_UPLOAD};
use crate::registry::store::{Store, Upload};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("stream-201", &["chunk-status"],
        "PATCH without a Content-Range returns 201 instead of 202.",
        PATCH_UPLOAD.if_request(|request| request.header("content-range").is_none()), 201),
    header("stream-range-bytes", &["chunk-range", "chunk-range-end"],
        "The Range after a PATCH without a Content-Range starts with a unit.",
        PATCH_UPLOAD.if_request(|request| request.header("content-range").is_none()), "Range", "bytes=0-5"),
    status("chunk-201", &["chunk-status"],
        "PATCH returns 201 instead of 202.", PATCH_UPLOAD, 201),
    without("chunk-no-location", &["chunk-location"],
        "PATCH returns no Location.", PATCH_UPLOAD, "location"),
    without("chunk-no-range", &["chunk-range"],
        "PATCH returns no Range.", PATCH_UPLOAD, "range"),
    error("chunk-small-refused", &["chunk-minimum-header"],
        "The registry refuses small chunks without sending OCI-Chunk-Min-Length.",
        PATCH_UPLOAD.if_request(|request| request.body.len() < 100), 416, "BLOB_UPLOAD_INVALID", "too small"),
    header("chunk-minimum-words", &["chunk-minimum-form"],
        "The OCI-Chunk-Min-Length is text instead of a number.", OPEN_UPLOAD, "OCI-Chunk-Min-Length", "a few bytes"),
    error("chunk-final-short-refused", &["chunked-put-final-chunk"],
        "The registry refuses a short last chunk.",
        PUT_UPLOAD.if_request(|request| in_chunks(request) && !request.body.is_empty()),
        400, "SIZE_INVALID", "too small"),
    switch("chunk-final-dropped", &["chunked-put-final-chunk"],
        "The registry drops the last chunk of a closing PUT.", |switches| switches.drop_final_chunk = true),
    status("chunked-put-200", &["chunked-put-status"],
        "The closing PUT of a chunked upload returns 200 instead of 201.", PUT_UPLOAD.if_request(in_chunks), 200),
    without("chunked-put-no-location", &["chunked-put-location"],
        "The closing PUT of a chunked upload returns no Location.", PUT_UPLOAD.if_request(in_chunks), "location"),
    header("chunked-put-dead-location", &["chunked-put-location-pullable"],
        "The Location after a chunked upload returns 404.",
        PUT_UPLOAD.if_request(in_chunks), "Location", MISSING_BLOB),
    status("upload-status-200", &["upload-status-code"],
        "GET on an upload session returns 200 instead of 204.", GET_UPLOAD, 200),
    without("upload-status-no-location", &["upload-status-location"],
        "GET on an upload session returns no Location.", GET_UPLOAD, "location"),
    without("upload-status-no-range", &["upload-status-range"],
        "GET on an upload session returns no Range.", GET_UPLOAD, "range"),
    without("chunk-location-once", &["chunk-location"],
        "Only the first chunk returns a Location.", PATCH_UPLOAD.if_request(after_first_chunk), "location"),
    without("chunk-range-once", &["chunk-range"],
        "Only the first chunk returns a Range.", PATCH_UPLOAD.if_request(after_first_chunk), "range"),
    error("upload-status-new-404", &["upload-status-code"],
        "GET on an upload session without bytes returns 404.",
        GET_UPLOAD.if_response(reports_no_bytes), 404, "BLOB_UPLOAD_UNKNOWN", "nothing is there"),
    without("upload-status-new-nowhere", &["upload-status-location"],
        "GET on an upload session without bytes returns no Location.",
        GET_UPLOAD.if_response(reports_no_bytes), "location"),
    header("upload-status-zero", &["upload-status-range-end"],
        "GET on an upload session always returns the Range 0-0.", GET_UPLOAD, "Range", "0-0"),
    error("chunk-final-byte-refused", &["chunk-final-short"],
        "The registry refuses a last chunk of one byte.",
        PUT_UPLOAD.if_request(|request| in_chunks(request) && request.body.len() == 1),
        400, "SIZE_INVALID", "too small"),
];

pub const FAULTS: &[Fault] = &[
    before(
        "chunk-fifth-refused",
        &["chunk-status"],
        "The registry refuses the fifth chunk of an upload.",
        |store, request| {
            let many = count_chunk(store, request)? > 4;
            many.then(|| ApiResponse::error(413, "SIZE_INVALID", "there are too many chunks"))
        },
    ),
    response(
        "stream-range-one-off",
        &["chunk-range-end"],
        "The Range after a PATCH without a Content-Range ends one byte too high.",
        |request, response| {
            if on_upload(request, response, "PATCH", 202)
                && request.header("content-range").is_none()
            {
                response.set("Range", format!("0-{}", request.body.len()));
            }
        },
    ),
    after(
        "upload-ends-others",
        &["upload-apart"],
        "A closing PUT ends all other upload sessions of the repository.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 201) {
                let name = request.endpoint.repository().unwrap_or_default();
                store.uploads.retain(|(of, _), _| of != name);
            }
        },
    ),
    response(
        "chunk-range-one-off",
        &["chunk-range-end"],
        "A chunk's Range ends one byte too high.",
        |request, response| {
            if on_upload(request, response, "PATCH", 202) {
                raise_range_end(response);
            }
        },
    ),
    response(
        "upload-status-one-off",
        &["upload-status-range-end"],
        "The Range of an upload session ends one byte too high.",
        |request, response| {
            if on_upload(request, response, "GET", 204) {
                raise_range_end(response);
            }
        },
    ),
    response(
        "chunk-range-of-chunk",
        &["chunk-range", "chunk-range-end"],
        "A chunk's Range covers only the chunk itself.",
        |request, response| {
            if on_upload(request, response, "PATCH", 202)
                && let Some((first, last)) = content_range(request)
            {
                response.set("Range", format!("{first}-{last}"));
            }
        },
    ),
    response(
        "chunk-range-length",
        &["chunk-range-end"],
        "A chunk's Range ends at the length of the chunk instead of the length of the upload.",
        |request, response| {
            if on_upload(request, response, "PATCH", 202) {
                response.set(
                    "Range",
                    format!("0-{}", request.body.len().saturating_sub(1)),
                );
            }
        },
    ),
    response(
        "chunk-range-bytes",
        &["chunk-range", "chunk-range-end"],
        "A chunk's Range has the prefix bytes=.",
        |request, response| {
            if on_upload(request, response, "PATCH", 202)
                && let Some(range) = response
                    .header("range")
                    .map(|range| format!("bytes={range}"))
            {
                response.set("Range", range);
            }
        },
    ),
    after(
        "upload-status-resets",
        &["upload-status-range-end"],
        "GET on an upload session deletes its bytes.",
        |store, request, response| {
            if on_upload(request, response, "GET", 204)
                && let Some(upload) = session(store, request)
            {
                upload.bytes.clear();
            }
        },
    ),
    before(
        "chunk-final-twice",
        &["chunked-put-final-chunk"],
        "The registry stores the last chunk of a closing PUT twice.",
        |store, request| {
            let body = request.body.clone();
            if request.is("PUT") && !body.is_empty() && content_range(request).is_some() {
                session(store, request)?.bytes.extend_from_slice(&body);
                request.headers.retain(|(name, _)| name != "content-range");
            }
            None
        },
    ),
    after(
        "blob-before-closed",
        &["blob-not-before-closed"],
        "The registry serves uploaded bytes before the upload is closed.",
        |store, request, response| {
            if on_upload(request, response, "PATCH", 202)
                && let Some(bytes) = session(store, request).map(|upload| upload.bytes.clone())
            {
                store_blob(store, request, bytes.freeze());
            }
        },
    ),
    after(
        "upload-chunks-everywhere",
        &["upload-apart"],
        "A chunk is appended to every upload of the repository that has bytes.",
        |store, request, response| {
            if on_upload(request, response, "PATCH", 202)
                && let Endpoint::Upload(name, id) = &request.endpoint
            {
                let others = store.uploads.iter_mut();
                for ((of, other), upload) in others {
                    if of == name && other != id && !upload.bytes.is_empty() {
                        upload.bytes.extend_from_slice(&request.body);
                    }
                }
            }
        },
    ),
    after(
        "uploads-of-one-blob-end-together",
        &["upload-apart"],
        "The upload that is closed first ends the other uploads of the same bytes.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 201)
                && let Endpoint::Upload(name, _) = &request.endpoint
                && let Some(digest) = closing_digest(request)
            {
                let same =
                    |upload: &Upload| digest_like(digest, &upload.bytes).as_deref() == Some(digest);
                store
                    .uploads
                    .retain(|(of, _), upload| of != name || !same(upload));
            }
        },
    ),
    before(
        "chunk-seventeenth-dropped",
        &["chunked-put-status"],
        "The registry accepts the seventeenth chunk and every later one, and drops the bytes.",
        |store, request| drop_chunks_after(store, request, 16),
    ),
    before(
        "chunk-thirty-third-dropped",
        &["chunked-put-status"],
        "The registry accepts the thirty-third chunk and every later one, and drops the bytes.",
        |store, request| drop_chunks_after(store, request, 32),
    ),
    before(
        "chunk-final-after-many-dropped",
        &["chunked-put-final-chunk"],
        "After more than sixteen chunks, the registry stores the blob without the chunk of the closing PUT.",
        |store, request| {
            let chunks = count_chunk(store, request);
            let id = session_id(request)?;
            let seen = store.tombstones.get(&(id, "chunks".to_owned()))?.len();
            if chunks.is_none() && seen > 16 && closes_upload(request) {
                request.body = bytes::Bytes::new();
                return close_unverified(store, request);
            }
            None
        },
    ),
];

/// Accepts the chunks of a session after so many, and drops their bytes.
fn drop_chunks_after(
    store: &mut Store,
    request: &ApiRequest,
    stored: usize,
) -> Option<ApiResponse> {
    let chunks = count_chunk(store, request)?;
    let (_, last) = content_range(request).filter(|_| chunks > stored)?;
    let accepted = ApiResponse::new(202).with("Location", request.path.clone());
    Some(accepted.with("Range", format!("0-{last}")))
}

fn session_id(request: &ApiRequest) -> Option<String> {
    match &request.endpoint {
        Endpoint::Upload(_, id) => Some(id.clone()),
        _ => None,
    }
}

/// Counts the chunks of an upload session, this one included; `None` if the request is not a PATCH.
fn count_chunk(store: &mut Store, request: &ApiRequest) -> Option<usize> {
    let id = session_id(request).filter(|_| request.is("PATCH"))?;
    let seen = store
        .tombstones
        .entry((id, "chunks".to_owned()))
        .or_default();
    *seen = [&seen[..], b"."].concat().into();
    Some(seen.len())
}
