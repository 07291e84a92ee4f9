//! Faults of uploads by POST and PUT, and of unknown upload sessions.

use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    MIB, MISSING_BLOB, WRONG_DIGEST, closing_digest, in_one_piece, on_upload,
};
use crate::registry::faults::rows::{
    after, before, error, header, response, status, switch, without,
};
use crate::registry::faults::store_edits::{
    delete_pushed_blob, pushed_blob, repository_of, store_blob,
};
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{ANY, At, OPEN_UPLOAD, PUT_UPLOAD, on};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    header("upload-open-ftp", &["upload-open-location"],
        "The Location of a new upload session is an FTP URL.",
        OPEN_UPLOAD, "Location", "ftp://registry.example/uploads/1"),
    header("blob-put-wrong-digest-header", &["blob-put-digest-matches"],
        "PUT of a blob returns a wrong Docker-Content-Digest.", PUT_UPLOAD, "Docker-Content-Digest", WRONG_DIGEST),
    error("blob-large-refused", &["blob-put-status"],
        "The registry refuses a blob of more than 1 MiB.",
        PUT_UPLOAD.if_request(|request| request.body.len() > MIB), 413, "SIZE_INVALID", "too large"),
    switch("upload-never-ends", &["blob-put-session-unknown"],
        "A closed upload session stays usable.", |switches| switches.keep_closed_sessions = true),
    status("upload-open-201", &["upload-open-status"],
        "POST that opens an upload session returns 201 instead of 202.", OPEN_UPLOAD, 201),
    without("upload-open-no-location", &["upload-open-location"],
        "POST that opens an upload session returns no Location.", OPEN_UPLOAD, "location"),
    switch("upload-one-session", &["upload-open-unique"],
        "All uploads share one upload session.", |switches| switches.share_one_upload_session = true),
    error("upload-url-refused", &["blob-put-status"],
        "Every request to an upload URL returns 400, as a TLS server answers plain HTTP.",
        ANY.at(At::Upload).success(), 400, "UNSUPPORTED", "Client sent an HTTP request to an HTTPS server"),
    status("blob-put-200", &["blob-put-status"],
        "PUT of a blob returns 200 instead of 201.", PUT_UPLOAD.if_request(in_one_piece), 200),
    without("blob-put-no-location", &["blob-put-location"],
        "PUT of a blob returns no Location.", PUT_UPLOAD.if_request(in_one_piece), "location"),
    header("blob-put-dead-location", &["blob-put-location-pullable"],
        "The Location of a pushed blob returns 404.", PUT_UPLOAD.if_request(in_one_piece), "Location", MISSING_BLOB),
    header("stored-locations-elsewhere", &["blob-put-location-pullable", "manifest-put-location-pullable"],
        "The Location of stored content names a port where nothing answers.",
        ANY.status(201), "Location", "http://127.0.0.1:1/v2/elsewhere"),
    status("blob-no-digest-accepted", &["blob-put-digest-missing"],
        "PUT without a digest returns 201 instead of 400.",
        on("PUT", At::Upload, 400).if_request(|request| request.query("digest").is_none()), 201),
    status("upload-gone-put-201", &["blob-put-session-unknown"],
        "PUT to an unknown upload session returns 201 instead of 404.", on("PUT", At::Upload, 404), 201),
    status("upload-gone-put-410", &["blob-put-session-unknown-status"],
        "PUT to an unknown upload session returns 410 instead of 404.", on("PUT", At::Upload, 404), 410),
    status("upload-gone-patch-202", &["chunk-session-unknown"],
        "PATCH to an unknown upload session returns 202 instead of 404.", on("PATCH", At::Upload, 404), 202),
    status("upload-gone-patch-410", &["chunk-session-unknown-status"],
        "PATCH to an unknown upload session returns 410 instead of 404.", on("PATCH", At::Upload, 404), 410),
    status("upload-gone-get-204", &["upload-status-session-unknown"],
        "GET on an unknown upload session returns 204 instead of 404.", on("GET", At::Upload, 404), 204),
    status("upload-gone-get-410", &["upload-status-session-unknown-status"],
        "GET on an unknown upload session returns 410 instead of 404.", on("GET", At::Upload, 404), 410),
];

pub const FAULTS: &[Fault] = &[
    response(
        "blob-put-location-digest",
        &["blob-put-location"],
        "The Location of a pushed blob is the digest alone.",
        |request, response| {
            if on_upload(request, response, "PUT", 201)
                && in_one_piece(request)
                && let Some(digest) = request.query("digest")
            {
                response.set("Location", digest);
            }
        },
    ),
    before(
        "blob-again-409",
        &["blob-put-again"],
        "PUT of a blob that exists returns 409.",
        |store, request| {
            let there = store
                .blob(request.endpoint.repository()?, closing_digest(request)?)
                .is_some();
            there.then(|| ApiResponse::error(409, "BLOB_UPLOAD_INVALID", "it is there already"))
        },
    ),
    response(
        "blob-empty-refused",
        &["blob-put-status"],
        "PUT of the empty blob returns 500.",
        |request, response| {
            let empty = digest_like("sha256:", b"");
            if on_upload(request, response, "PUT", 201)
                && request.query("digest") == empty.as_deref()
            {
                *response = ApiResponse::error(500, "UNKNOWN", "no body");
            }
        },
    ),
    after(
        "blob-truncated",
        &["blob-get-content"],
        "The registry stores at most 1 MiB of a blob.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 201)
                && let Some(bytes) = pushed_blob(store, request)
            {
                bytes.truncate(MIB);
            }
        },
    ),
    after(
        "blob-put-in-words",
        &["blob-get-status"],
        "PUT of a blob of one byte returns 201 and the blob is lost.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 201) && request.body.len() == 1 {
                delete_pushed_blob(store, request);
            }
        },
    ),
    after(
        "upload-gone-put-stored",
        &["blob-put-session-unknown"],
        "PUT to an unknown session returns 404 and the registry stores the blob.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 404)
                && let (Some(name), Some(digest)) =
                    (request.endpoint.repository(), request.query("digest"))
            {
                store.put_blob(name, digest, request.body.clone());
            }
        },
    ),
    after(
        "chunk-after-close-appended",
        &["blob-get-content"],
        "PATCH to a closed session returns 404 and appends the chunk to the blob.",
        |store, request, response| {
            let mark = ("closed".to_owned(), request.path.clone());
            if on_upload(request, response, "PUT", 201)
                && let Some(digest) = request.query("digest")
            {
                store.tombstones.insert(mark, digest.to_owned().into());
            } else if on_upload(request, response, "PATCH", 404)
                && let Some(digest) = store.tombstones.get(&mark).cloned()
                && let Some(repository) = repository_of(store, request)
                && let Some(blob) = repository.blobs.get_mut(&*String::from_utf8_lossy(&digest))
            {
                *blob = [&blob[..], &request.body[..]].concat().into();
            }
        },
    ),
    after(
        "blob-no-digest-stored",
        &["blob-put-digest-missing"],
        "PUT without a digest returns 400 and the registry stores the blob.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 400) && request.query("digest").is_none() {
                store_blob(store, request, request.body.clone());
            }
        },
    ),
];
