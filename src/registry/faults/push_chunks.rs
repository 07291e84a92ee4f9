//! Faults of pushing blobs in chunks that need what the registry holds.

use super::push_blobs::{close_unseen, session, store_as_is};
use super::*;
use crate::registry::grammar::digest_like;

pub const FAULTS: &[Fault] = &[
    response(
        "chunk-location-once",
        &["chunk-location"],
        "Only the first chunk is answered with a Location.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) && range(c).is_some_and(|(first, _)| first > 0) {
                a.remove("location");
            }
        },
    ),
    response(
        "chunk-range-once",
        &["chunk-range", "chunk-range-end"],
        "Only the first chunk is answered with a Range.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) && range(c).is_some_and(|(first, _)| first > 0) {
                a.remove("range");
            }
        },
    ),
    response(
        "chunk-range-of-chunk",
        &["chunk-range", "chunk-range-end"],
        "The Range after a chunk is that of the chunk.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202)
                && let Some((first, last)) = range(c)
            {
                a.set("Range", format!("{first}-{last}"));
            }
        },
    ),
    response(
        "chunk-range-length",
        &["chunk-range-end"],
        "The Range after a chunk ends with the length of the chunk.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                a.set("Range", format!("0-{}", c.body.len().saturating_sub(1)));
            }
        },
    ),
    response(
        "chunk-range-bytes",
        &["chunk-range", "chunk-range-end"],
        "The Range after a chunk has a unit.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202)
                && let Some(range) = a.header("range").map(|range| format!("bytes={range}"))
            {
                a.set("Range", range);
            }
        },
    ),
    response(
        "upload-status-new-404",
        &["upload-status-code"],
        "The state of an upload without bytes is answered with 404.",
        |c, a| {
            if on_upload(c, a, "GET", 204) && a.header("range") == Some("0-0") {
                *a = ApiResponse::error(404, "BLOB_UPLOAD_UNKNOWN", "nothing is there");
            }
        },
    ),
    response(
        "upload-status-new-nowhere",
        &["upload-status-location"],
        "The state of an upload without bytes has no Location.",
        |c, a| {
            if on_upload(c, a, "GET", 204) && a.header("range") == Some("0-0") {
                a.remove("location");
            }
        },
    ),
    response(
        "upload-status-zero",
        &["upload-status-range-end"],
        "The state of an upload is always that nothing is there.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                a.set("Range", "0-0");
            }
        },
    ),
    after(
        "upload-status-resets",
        &["upload-status-range-end"],
        "To ask for the state of an upload makes it start anew.",
        |s, c, a| {
            if on_upload(c, a, "GET", 204)
                && let Some(upload) = session(s, c)
            {
                upload.bytes.clear();
            }
        },
    ),
    before(
        "chunk-nearly",
        &["chunk-order", "chunk-overlap"],
        "A chunk may start a byte too early or too late.",
        |s, c| {
            let there = session(s, c)?.bytes.len();
            if range(c)?.0.abs_diff(there) <= 1 {
                start_at(c, there);
            }
            None
        },
    ),
    before(
        "chunk-first-anywhere",
        &["chunk-order"],
        "A first chunk may start anywhere.",
        |s, c| {
            if session(s, c)?.bytes.is_empty() && c.is("PATCH") {
                start_at(c, 0);
            }
            None
        },
    ),
    before(
        "chunk-overlap-ignored",
        &["chunk-overlap"],
        "A chunk that is there already is answered as taken.",
        |s, c| {
            let there = session(s, c)?.bytes.len();
            let known = c.is("PATCH") && range(c)?.0 < there;
            known.then(|| {
                ApiResponse::new(202)
                    .with("Location", c.path.clone())
                    .with("Range", format!("0-{}", there.saturating_sub(1)))
            })
        },
    ),
    before(
        "chunk-longer-than-range",
        &["chunk-length-disagrees"],
        "A chunk may have more bytes than its range.",
        |_, c| {
            let (first, last) = range(c)?;
            if c.is("PATCH") && c.body.len() > last.saturating_add(1).saturating_sub(first) {
                start_at(c, first);
            }
            None
        },
    ),
    before(
        "chunk-shorter-than-range",
        &["chunk-length-disagrees"],
        "A chunk may have fewer bytes than its range.",
        |_, c| {
            let (first, last) = range(c)?;
            if c.is("PATCH") && c.body.len() < last.saturating_add(1).saturating_sub(first) {
                start_at(c, first);
            }
            None
        },
    ),
    response(
        "chunk-length-code",
        &["error-code-size-invalid"],
        "A chunk of a wrong length is refused with a code for something else.",
        |c, a| {
            if on_upload(c, a, "PATCH", 400) {
                *a = ApiResponse::error(400, "MANIFEST_INVALID", "no");
            }
        },
    ),
    after(
        "chunk-length-refused-and-stored",
        &["chunk-order-not-stored"],
        "A chunk of a wrong length is refused, and its bytes are kept.",
        |s, c, a| {
            if on_upload(c, a, "PATCH", 400)
                && let Some(upload) = session(s, c)
            {
                upload.bytes.extend_from_slice(&c.body);
            }
        },
    ),
    after(
        "chunked-put-refused-ends",
        &["chunked-put-session-kept"],
        "A last chunk out of order ends its upload.",
        |s, c, a| {
            if on_upload(c, a, "PUT", 416)
                && let Endpoint::Upload(name, id) = &c.endpoint
            {
                s.uploads.remove(&(name.clone(), id.clone()));
            }
        },
    ),
    response(
        "chunk-final-byte-refused",
        &["chunk-final-short", "chunked-put-final-chunk"],
        "A last chunk of one byte is refused.",
        |c, a| {
            if closed(c, a, true) && c.body.len() == 1 {
                *a = ApiResponse::error(400, "SIZE_INVALID", "too small");
            }
        },
    ),
    before(
        "chunk-final-twice",
        &["chunked-put-final-chunk"],
        "A last chunk in the closing PUT is stored twice.",
        |s, c| {
            let body = c.body.clone();
            if c.is("PUT") && !body.is_empty() && range(c).is_some() {
                session(s, c)?.bytes.extend_from_slice(&body);
                c.headers.retain(|(name, _)| name != "content-range");
            }
            None
        },
    ),
    before(
        "chunked-digest-trusted",
        &["blob-verify"],
        "Chunks are stored under whatever digest is named.",
        |s, c| {
            let chunked = c.is("PUT") && !session(s, c)?.bytes.is_empty();
            chunked.then(|| close_unseen(s, c))?
        },
    ),
    before(
        "chunked-digest-of-part",
        &["blob-verify"],
        "Only the last chunk is held against the digest.",
        |s, c| {
            let digest = c.query("digest")?.to_owned();
            let matches = digest_like(&digest, &c.body)? == digest;
            let chunked = c.is("PUT") && !session(s, c)?.bytes.is_empty();
            (chunked && matches).then(|| close_unseen(s, c))?
        },
    ),
    after(
        "blob-before-closed",
        &["blob-not-before-closed"],
        "What is uploaded is served before the upload is closed.",
        |s, c, a| {
            if on_upload(c, a, "PATCH", 202)
                && let Some(bytes) = session(s, c).map(|upload| upload.bytes.clone())
            {
                store_as_is(s, c, bytes.freeze());
            }
        },
    ),
    before(
        "upload-cancel-stores",
        &["upload-cancel-ends"],
        "What was uploaded before the upload was cancelled is stored.",
        |s, c| {
            if c.is("DELETE")
                && let Some(bytes) = session(s, c).map(|upload| upload.bytes.clone())
            {
                store_as_is(s, c, bytes.freeze());
            }
            None
        },
    ),
    after(
        "upload-chunks-everywhere",
        &["upload-apart"],
        "A chunk is added to every upload of its repository that has bytes.",
        |s, c, a| {
            if on_upload(c, a, "PATCH", 202)
                && let Endpoint::Upload(name, id) = &c.endpoint
            {
                let others = s.uploads.iter_mut();
                for ((of, other), upload) in others {
                    if of == name && other != id && !upload.bytes.is_empty() {
                        upload.bytes.extend_from_slice(&c.body);
                    }
                }
            }
        },
    ),
];

/// The Content-Range of a call.
fn range(request: &ApiRequest) -> Option<(usize, usize)> {
    let (first, last) = request.header("content-range")?.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// Makes the Content-Range of a call start there, and end as its body does.
fn start_at(request: &mut ApiRequest, first: usize) {
    let last = first.saturating_add(request.body.len()).saturating_sub(1);
    for (name, value) in &mut request.headers {
        if name == "content-range" {
            *value = format!("{first}-{last}");
        }
    }
}
