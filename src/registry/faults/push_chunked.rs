//! Faults of pushing blobs in chunks.

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "chunk-201",
        &["chunk-status"],
        "A chunk is answered with 201.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                a.status = 201;
            }
        },
    ),
    response(
        "chunk-no-location",
        &["chunk-location"],
        "A chunk is answered without a Location.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                a.remove("location");
            }
        },
    ),
    response(
        "chunk-no-range",
        &["chunk-range"],
        "A chunk is answered without a Range.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                a.remove("range");
            }
        },
    ),
    response(
        "chunk-range-one-off",
        &["chunk-range-end"],
        "The Range after a chunk is one too far.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                one_off(a);
            }
        },
    ),
    switch(
        "chunk-any-order",
        &["chunk-order"],
        "Chunks are taken in any order.",
        |b| b.any_order = true,
    ),
    response(
        "chunk-order-400",
        &["chunk-order"],
        "A chunk out of order is refused with 400.",
        |c, a| {
            if on_upload(c, a, "PATCH", 416) {
                a.status = 400;
            }
        },
    ),
    switch(
        "chunk-refused-and-stored",
        &["chunk-order-not-stored"],
        "The bytes of a refused chunk are kept.",
        |b| b.keep_refused_chunks = true,
    ),
    switch(
        "chunk-refused-ends",
        &["chunk-order-session-kept"],
        "A refused chunk ends its upload.",
        |b| b.refused_chunk_ends = true,
    ),
    switch(
        "chunk-overlap",
        &["chunk-overlap"],
        "A chunk is taken that is there already.",
        |b| b.overlap = true,
    ),
    switch(
        "chunk-twice-stored",
        &["chunk-overlap-not-stored"],
        "A chunk that is refused as there already is stored again.",
        |b| b.keep_refused_chunks = true,
    ),
    switch(
        "chunk-length-unchecked",
        &["chunk-length-disagrees"],
        "A chunk may have another length than its range.",
        |b| b.length_unchecked = true,
    ),
    response(
        "chunk-small-refused",
        &["chunk-minimum-header"],
        "Small chunks are refused without a warning.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) && c.body.len() < 100 {
                *a = ApiResponse::error(416, "BLOB_UPLOAD_INVALID", "too small");
            }
        },
    ),
    response(
        "chunk-minimum-words",
        &["chunk-minimum-form"],
        "The shortest chunk is said in words.",
        |c, a| {
            if opened(c, a) {
                a.set("OCI-Chunk-Min-Length", "a few bytes");
            }
        },
    ),
    response(
        "chunk-final-short-refused",
        &["chunk-final-short"],
        "A last chunk that is short is refused.",
        |c, a| {
            if closed(c, a, true) && !c.body.is_empty() {
                *a = ApiResponse::error(400, "SIZE_INVALID", "too small");
            }
        },
    ),
    switch(
        "chunk-final-dropped",
        &["chunked-put-final-chunk"],
        "A last chunk in the closing PUT is dropped.",
        |b| b.drop_final_chunk = true,
    ),
    response(
        "chunked-put-200",
        &["chunked-put-status"],
        "Closing an upload in chunks is answered with 200.",
        |c, a| {
            if closed(c, a, true) {
                a.status = 200;
            }
        },
    ),
    response(
        "chunked-put-no-location",
        &["chunked-put-location"],
        "Closing an upload in chunks is answered without a Location.",
        |c, a| {
            if closed(c, a, true) {
                a.remove("location");
            }
        },
    ),
    response(
        "chunked-put-dead-location",
        &["chunked-put-location-pullable"],
        "The Location after chunks leads nowhere.",
        |c, a| {
            if closed(c, a, true) {
                a.set("Location", "/v2/nowhere/blobs/".to_owned() + WRONG);
            }
        },
    ),
    response(
        "chunked-put-order-400",
        &["chunked-put-order"],
        "A last chunk out of order is refused with 400.",
        |c, a| {
            if on_upload(c, a, "PUT", 416) {
                a.status = 400;
            }
        },
    ),
    switch(
        "chunked-put-any-order",
        &["chunked-put-order"],
        "A last chunk is taken in any order.",
        |b| b.close_any_order = true,
    ),
    response(
        "upload-status-200",
        &["upload-status-code"],
        "The state of an upload is answered with 200.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                a.status = 200;
            }
        },
    ),
    response(
        "upload-status-no-location",
        &["upload-status-location"],
        "The state of an upload has no Location.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                a.remove("location");
            }
        },
    ),
    response(
        "upload-status-no-range",
        &["upload-status-range"],
        "The state of an upload has no Range.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                a.remove("range");
            }
        },
    ),
    response(
        "upload-status-one-off",
        &["upload-status-range-end"],
        "The Range of an upload's state is one too far.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                one_off(a);
            }
        },
    ),
    response(
        "upload-cancel-200",
        &["upload-cancel-status"],
        "Cancelling an upload is answered with 200.",
        |c, a| {
            if on_upload(c, a, "DELETE", 204) {
                a.status = 200;
            }
        },
    ),
    switch(
        "upload-cancel-in-words",
        &["upload-cancel-ends"],
        "A cancelled upload goes on.",
        |b| b.cancel_in_words = true,
    ),
    response(
        "upload-cancel-twice",
        &["upload-cancel-session-unknown"],
        "Cancelling no session is answered with 204.",
        |c, a| {
            if on_upload(c, a, "DELETE", 404) {
                a.status = 204;
            }
        },
    ),
    response(
        "upload-cancel-gone-410",
        &["upload-cancel-session-unknown-status"],
        "Cancelling no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "DELETE", 404) {
                a.status = 410;
            }
        },
    ),
];

/// Moves the end of a Range by one.
fn one_off(response: &mut ApiResponse) {
    let end = response
        .header("range")
        .and_then(|range| range.strip_prefix("0-")?.parse::<usize>().ok());
    if let Some(end) = end {
        response.set("Range", format!("0-{}", end + 1));
    }
}
