//! Faults of chunked uploads.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::raise_range_end;
use crate::registry::faults::predicates::{
    MISSING_BLOB, after_first_chunk, closes_upload, closing_digest, content_range, in_chunks,
    on_upload, reports_no_bytes,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{close_unverified, session, store_blob};
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{GET_UPLOAD, OPEN_UPLOAD, PATCH_UPLOAD, PUT_UPLOAD};
use crate::registry::store::{Store, Upload};

pub const FAULTS: &[Fault] = &[
    fault("stream-201")
        .violates(&["chunk-status"])
        .title("PATCH without a Content-Range returns 201 instead of 202.")
        .status(
            PATCH_UPLOAD.if_request(|request| request.header("content-range").is_none()),
            201,
        ),
    fault("stream-range-bytes")
        .violates(&["chunk-range", "chunk-range-end"])
        .title("The Range after a PATCH without a Content-Range starts with a unit.")
        .header(
            PATCH_UPLOAD.if_request(|request| request.header("content-range").is_none()),
            "Range",
            "bytes=0-5",
        ),
    fault("chunk-201")
        .violates(&["chunk-status"])
        .title("PATCH returns 201 instead of 202.")
        .status(PATCH_UPLOAD, 201),
    fault("chunk-no-location")
        .violates(&["chunk-location"])
        .title("PATCH returns no Location.")
        .without(PATCH_UPLOAD, "location"),
    fault("chunk-no-range")
        .violates(&["chunk-range"])
        .title("PATCH returns no Range.")
        .without(PATCH_UPLOAD, "range"),
    fault("chunk-small-refused")
        .violates(&["chunk-minimum-header"])
        .title("The registry refuses small chunks without sending OCI-Chunk-Min-Length.")
        .error(
            PATCH_UPLOAD.if_request(|request| request.body.len() < 100),
            416,
            "BLOB_UPLOAD_INVALID",
            "too small",
        ),
    fault("chunk-minimum-words")
        .violates(&["chunk-minimum-form"])
        .title("The OCI-Chunk-Min-Length is text instead of a number.")
        .header(OPEN_UPLOAD, "OCI-Chunk-Min-Length", "a few bytes"),
    fault("chunk-final-short-refused")
        .violates(&["chunked-put-final-chunk"])
        .title("The registry refuses a short last chunk.")
        .error(
            PUT_UPLOAD.if_request(|request| in_chunks(request) && !request.body.is_empty()),
            400,
            "SIZE_INVALID",
            "too small",
        ),
    fault("chunk-final-dropped")
        .violates(&["chunked-put-final-chunk"])
        .title("The registry drops the last chunk of a closing PUT.")
        .switch(|switches| switches.drop_final_chunk = true),
    fault("chunked-put-200")
        .violates(&["chunked-put-status"])
        .title("The closing PUT of a chunked upload returns 200 instead of 201.")
        .status(PUT_UPLOAD.if_request(in_chunks), 200),
    fault("chunked-put-no-location")
        .violates(&["chunked-put-location"])
        .title("The closing PUT of a chunked upload returns no Location.")
        .without(PUT_UPLOAD.if_request(in_chunks), "location"),
    fault("chunked-put-dead-location")
        .violates(&["chunked-put-location-pullable"])
        .title("The Location after a chunked upload returns 404.")
        .header(PUT_UPLOAD.if_request(in_chunks), "Location", MISSING_BLOB),
    fault("upload-status-200")
        .violates(&["upload-status-code"])
        .title("GET on an upload session returns 200 instead of 204.")
        .status(GET_UPLOAD, 200),
    fault("upload-status-no-location")
        .violates(&["upload-status-location"])
        .title("GET on an upload session returns no Location.")
        .without(GET_UPLOAD, "location"),
    fault("upload-status-no-range")
        .violates(&["upload-status-range"])
        .title("GET on an upload session returns no Range.")
        .without(GET_UPLOAD, "range"),
    fault("chunk-location-once")
        .violates(&["chunk-location"])
        .title("Only the first chunk returns a Location.")
        .without(PATCH_UPLOAD.if_request(after_first_chunk), "location"),
    fault("chunk-range-once")
        .violates(&["chunk-range"])
        .title("Only the first chunk returns a Range.")
        .without(PATCH_UPLOAD.if_request(after_first_chunk), "range"),
    fault("upload-status-new-404")
        .violates(&["upload-status-code"])
        .title("GET on an upload session without bytes returns 404.")
        .error(
            GET_UPLOAD.if_response(reports_no_bytes),
            404,
            "BLOB_UPLOAD_UNKNOWN",
            "nothing is there",
        ),
    fault("upload-status-new-nowhere")
        .violates(&["upload-status-location"])
        .title("GET on an upload session without bytes returns no Location.")
        .without(GET_UPLOAD.if_response(reports_no_bytes), "location"),
    fault("upload-status-zero")
        .violates(&["upload-status-range-end"])
        .title("GET on an upload session always returns the Range 0-0.")
        .header(GET_UPLOAD, "Range", "0-0"),
    fault("chunk-final-byte-refused")
        .violates(&["chunk-final-short"])
        .title("The registry refuses a last chunk of one byte.")
        .error(
            PUT_UPLOAD.if_request(|request| in_chunks(request) && request.body.len() == 1),
            400,
            "SIZE_INVALID",
            "too small",
        ),
    fault("chunk-fifth-refused")
        .violates(&["chunk-status"])
        .title("The registry refuses the fifth chunk of an upload.")
        .before(|store, request| {
            let many = count_chunk(store, request)? > 4;
            many.then(|| ApiResponse::error(413, "SIZE_INVALID", "there are too many chunks"))
        }),
    fault("stream-range-one-off")
        .violates(&["chunk-range-end"])
        .title("The Range after a PATCH without a Content-Range ends one byte too high.")
        .response(|request, response| {
            if on_upload(request, response, "PATCH", 202)
                && request.header("content-range").is_none()
            {
                response.set("Range", format!("0-{}", request.body.len()));
            }
        }),
    fault("upload-ends-others")
        .violates(&["upload-apart"])
        .title("A closing PUT ends all other upload sessions of the repository.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 201) {
                let name = request.endpoint.repository().unwrap_or_default();
                store.uploads.retain(|(of, _), _| of != name);
            }
        }),
    fault("chunk-range-one-off")
        .violates(&["chunk-range-end"])
        .title("A chunk's Range ends one byte too high.")
        .response(|request, response| {
            if on_upload(request, response, "PATCH", 202) {
                raise_range_end(response);
            }
        }),
    fault("upload-status-one-off")
        .violates(&["upload-status-range-end"])
        .title("The Range of an upload session ends one byte too high.")
        .response(|request, response| {
            if on_upload(request, response, "GET", 204) {
                raise_range_end(response);
            }
        }),
    fault("chunk-range-of-chunk")
        .violates(&["chunk-range", "chunk-range-end"])
        .title("A chunk's Range covers only the chunk itself.")
        .response(|request, response| {
            if on_upload(request, response, "PATCH", 202)
                && let Some((first, last)) = content_range(request)
            {
                response.set("Range", format!("{first}-{last}"));
            }
        }),
    fault("chunk-range-length")
        .violates(&["chunk-range-end"])
        .title(
            "A chunk's Range ends at the length of the chunk instead of the length of the upload.",
        )
        .response(|request, response| {
            if on_upload(request, response, "PATCH", 202) {
                response.set(
                    "Range",
                    format!("0-{}", request.body.len().saturating_sub(1)),
                );
            }
        }),
    fault("chunk-range-bytes")
        .violates(&["chunk-range", "chunk-range-end"])
        .title("A chunk's Range has the prefix bytes=.")
        .response(|request, response| {
            if on_upload(request, response, "PATCH", 202)
                && let Some(range) = response
                    .header("range")
                    .map(|range| format!("bytes={range}"))
            {
                response.set("Range", range);
            }
        }),
    fault("upload-status-resets")
        .violates(&["upload-status-range-end"])
        .title("GET on an upload session deletes its bytes.")
        .after(|store, request, response| {
            if on_upload(request, response, "GET", 204)
                && let Some(upload) = session(store, request)
            {
                upload.bytes.clear();
            }
        }),
    fault("chunk-final-twice")
        .violates(&["chunked-put-final-chunk"])
        .title("The registry stores the last chunk of a closing PUT twice.")
        .before(|store, request| {
            let body = request.body.clone();
            if request.is("PUT") && !body.is_empty() && content_range(request).is_some() {
                session(store, request)?.bytes.extend_from_slice(&body);
                request.headers.retain(|(name, _)| name != "content-range");
            }
            None
        }),
    fault("blob-before-closed")
        .violates(&["blob-not-before-closed"])
        .title("The registry serves uploaded bytes before the upload is closed.")
        .after(|store, request, response| {
            if on_upload(request, response, "PATCH", 202)
                && let Some(bytes) = session(store, request).map(|upload| upload.bytes.clone())
            {
                store_blob(store, request, bytes.freeze());
            }
        }),
    fault("upload-chunks-everywhere")
        .violates(&["upload-apart"])
        .title("A chunk is appended to every upload of the repository that has bytes.")
        .after(|store, request, response| {
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
        }),
    fault("uploads-of-one-blob-end-together")
        .violates(&["upload-apart"])
        .title("The upload that is closed first ends the other uploads of the same bytes.")
        .after(|store, request, response| {
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
        }),
    fault("chunk-seventeenth-dropped")
        .violates(&["chunked-put-status"])
        .title(
            "The registry accepts the seventeenth chunk and every later one, and drops the bytes.",
        )
        .before(|store, request| drop_chunks_after(store, request, 16)),
    fault("chunk-thirty-third-dropped")
        .violates(&["chunked-put-status"])
        .title(
            "The registry accepts the thirty-third chunk and every later one, and drops the bytes.",
        )
        .before(|store, request| drop_chunks_after(store, request, 32)),
    fault("chunk-final-after-many-dropped")
        .violates(&["chunked-put-final-chunk"])
        .title(
            "After more than sixteen chunks, the registry stores the blob without the chunk \
             of the closing PUT.",
        )
        .before(|store, request| {
            let chunks = count_chunk(store, request);
            let id = session_id(request)?;
            let seen = store.tombstones.get(&(id, "chunks".to_owned()))?.len();
            if chunks.is_none() && seen > 16 && closes_upload(request) {
                request.body = bytes::Bytes::new();
                return close_unverified(store, request);
            }
            None
        }),
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
