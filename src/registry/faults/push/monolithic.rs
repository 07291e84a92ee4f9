//! Faults of uploads by POST and PUT, and of unknown upload sessions.

use crate::registry::api_response::ApiResponse;
use crate::registry::faults::matching::{At, OPEN_UPLOAD, PUT_UPLOAD, on};
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{
    MIB, MISSING_BLOB, WRONG_DIGEST, closing_digest, in_one_piece, on_upload,
};
use crate::registry::faults::rows::{
    after, before, error, header, response, status, switch, without,
};
use crate::registry::faults::store_edits::{delete_pushed_blob, pushed_blob, store_blob};
use crate::registry::grammar::digest_like;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    header("upload-open-ftp", &["upload-open-location"],
        "An upload session is to be had by FTP.", OPEN_UPLOAD, "Location", "ftp://registry.example/uploads/1"),
    header("blob-put-wrong-digest-header", &["blob-put-digest-matches"],
        "A blob that was pushed is answered with another digest.", PUT_UPLOAD, "Docker-Content-Digest", WRONG_DIGEST),
    error("blob-large-refused", &["blob-put-status"],
        "A blob of more than a MiB is refused.",
        PUT_UPLOAD.if_request(|request| request.body.len() > MIB), 413, "SIZE_INVALID", "too large"),
    switch("upload-never-ends", &["blob-put-session-unknown"],
        "An upload session that was closed can be used again.", |switches| switches.sessions_never_end = true),
    status("upload-open-201", &["upload-open-status"],
        "An upload session is opened with 201.", OPEN_UPLOAD, 201),
    without("upload-open-no-location", &["upload-open-location"],
        "An upload session is opened without a Location.", OPEN_UPLOAD, "location"),
    switch("upload-one-session", &["upload-open-unique"],
        "All upload sessions are one.", |switches| switches.one_session = true),
    status("blob-put-200", &["blob-put-status"],
        "A blob that was put is answered with 200.", PUT_UPLOAD.if_request(in_one_piece), 200),
    without("blob-put-no-location", &["blob-put-location"],
        "A blob that was put is answered without a Location.", PUT_UPLOAD.if_request(in_one_piece), "location"),
    header("blob-put-dead-location", &["blob-put-location-pullable"],
        "The Location of a blob that was put leads nowhere.",
        PUT_UPLOAD.if_request(in_one_piece), "Location", MISSING_BLOB),
    status("blob-no-digest-accepted", &["blob-put-digest-missing"],
        "A PUT without a digest is answered with 201.",
        on("PUT", At::Upload, 400).if_request(|request| request.query("digest").is_none()), 201),
    status("upload-gone-put-201", &["blob-put-session-unknown"],
        "A PUT to no session is answered with 201.", on("PUT", At::Upload, 404), 201),
    status("upload-gone-put-410", &["blob-put-session-unknown-status"],
        "A PUT to no session is answered with 410.", on("PUT", At::Upload, 404), 410),
    status("upload-gone-patch-202", &["chunk-session-unknown"],
        "A PATCH to no session is answered with 202.", on("PATCH", At::Upload, 404), 202),
    status("upload-gone-patch-410", &["chunk-session-unknown-status"],
        "A PATCH to no session is answered with 410.", on("PATCH", At::Upload, 404), 410),
    status("upload-gone-get-204", &["upload-status-session-unknown"],
        "The state of no session is answered with 204.", on("GET", At::Upload, 404), 204),
    status("upload-gone-get-410", &["upload-status-session-unknown-status"],
        "The state of no session is answered with 410.", on("GET", At::Upload, 404), 410),
];

pub const FAULTS: &[Fault] = &[
    response(
        "blob-put-location-digest",
        &["blob-put-location"],
        "The Location of a blob is its digest alone.",
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
        &["blob-put-status"],
        "A blob that is there already is refused with 409.",
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
        "An empty blob is refused.",
        |request, response| {
            let empty = digest_like("sha256:", b"");
            if on_upload(request, response, "PUT", 201)
                && request.query("digest") == empty.as_deref()
            {
                *response = ApiResponse::error(400, "SIZE_INVALID", "nothing was sent");
            }
        },
    ),
    after(
        "blob-truncated",
        &["blob-get-content"],
        "Of a blob, no more than a MiB is stored.",
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
        "A blob of one byte is answered with 201, and lost.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 201) && request.body.len() == 1 {
                delete_pushed_blob(store, request);
            }
        },
    ),
    after(
        "upload-gone-put-stored",
        &["blob-put-session-unknown"],
        "What is put into no session is refused, and stored.",
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
        "blob-no-digest-stored",
        &["blob-put-digest-missing"],
        "A PUT without a digest is refused, and its blob stored.",
        |store, request, response| {
            if on_upload(request, response, "PUT", 400) && request.query("digest").is_none() {
                store_blob(store, request, request.body.clone());
            }
        },
    ),
];
