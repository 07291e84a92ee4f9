//! Faults of uploads by POST and PUT, and of unknown upload sessions.

use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    MIB, MISSING_BLOB, WRONG_DIGEST, closing_digest, in_one_piece, on_upload,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{
    delete_pushed_blob, pushed_blob, repository_of, store_blob,
};
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{ANY, At, OPEN_UPLOAD, PUT_UPLOAD, on};

pub const FAULTS: &[Fault] = &[
    fault("upload-open-ftp")
        .violates(&["upload-open-location"])
        .title("The Location of a new upload session is an FTP URL.")
        .header(OPEN_UPLOAD, "Location", "ftp://registry.example/uploads/1"),
    fault("blob-put-wrong-digest-header")
        .violates(&["blob-put-digest-matches"])
        .title("PUT of a blob returns a wrong Docker-Content-Digest.")
        .header(PUT_UPLOAD, "Docker-Content-Digest", WRONG_DIGEST),
    fault("blob-large-refused")
        .violates(&["blob-put-status"])
        .title("The registry refuses a blob of more than 1 MiB.")
        .error(
            PUT_UPLOAD.if_request(|request| request.body.len() > MIB),
            413,
            "SIZE_INVALID",
            "too large",
        ),
    fault("upload-never-ends")
        .violates(&["blob-put-session-unknown"])
        .title("A closed upload session stays usable.")
        .switch(|switches| switches.keep_closed_sessions = true),
    fault("upload-open-201")
        .violates(&["upload-open-status"])
        .title("POST that opens an upload session returns 201 instead of 202.")
        .status(OPEN_UPLOAD, 201),
    fault("upload-open-no-location")
        .violates(&["upload-open-location"])
        .title("POST that opens an upload session returns no Location.")
        .without(OPEN_UPLOAD, "location"),
    fault("upload-one-session")
        .violates(&["upload-open-unique"])
        .title("All uploads share one upload session.")
        .switch(|switches| switches.share_one_upload_session = true),
    fault("upload-url-refused")
        .violates(&["blob-put-status"])
        .title("Every request to an upload URL returns 400, as a TLS server answers plain HTTP.")
        .error(
            ANY.at(At::Upload).success(),
            400,
            "UNSUPPORTED",
            "Client sent an HTTP request to an HTTPS server",
        ),
    fault("blob-put-200")
        .violates(&["blob-put-status"])
        .title("PUT of a blob returns 200 instead of 201.")
        .status(PUT_UPLOAD.if_request(in_one_piece), 200),
    fault("blob-put-no-location")
        .violates(&["blob-put-location"])
        .title("PUT of a blob returns no Location.")
        .without(PUT_UPLOAD.if_request(in_one_piece), "location"),
    fault("blob-put-dead-location")
        .violates(&["blob-put-location-pullable"])
        .title("The Location of a pushed blob returns 404.")
        .header(
            PUT_UPLOAD.if_request(in_one_piece),
            "Location",
            MISSING_BLOB,
        ),
    fault("stored-locations-elsewhere")
        .violates(&[
            "blob-put-location-pullable",
            "manifest-put-location-pullable",
        ])
        .title("The Location of stored content names a port where nothing answers.")
        .header(
            ANY.status(201),
            "Location",
            "http://127.0.0.1:1/v2/elsewhere",
        ),
    fault("blob-no-digest-accepted")
        .violates(&["blob-put-digest-missing"])
        .title("PUT without a digest returns 201 instead of 400.")
        .status(
            on("PUT", At::Upload, 400).if_request(|request| request.query("digest").is_none()),
            201,
        ),
    fault("upload-gone-put-201")
        .violates(&["blob-put-session-unknown"])
        .title("PUT to an unknown upload session returns 201 instead of 404.")
        .status(on("PUT", At::Upload, 404), 201),
    fault("upload-gone-put-410")
        .violates(&["blob-put-session-unknown-status"])
        .title("PUT to an unknown upload session returns 410 instead of 404.")
        .status(on("PUT", At::Upload, 404), 410),
    fault("upload-gone-patch-202")
        .violates(&["chunk-session-unknown"])
        .title("PATCH to an unknown upload session returns 202 instead of 404.")
        .status(on("PATCH", At::Upload, 404), 202),
    fault("upload-gone-patch-410")
        .violates(&["chunk-session-unknown-status"])
        .title("PATCH to an unknown upload session returns 410 instead of 404.")
        .status(on("PATCH", At::Upload, 404), 410),
    fault("upload-gone-get-204")
        .violates(&["upload-status-session-unknown"])
        .title("GET on an unknown upload session returns 204 instead of 404.")
        .status(on("GET", At::Upload, 404), 204),
    fault("upload-gone-get-410")
        .violates(&["upload-status-session-unknown-status"])
        .title("GET on an unknown upload session returns 410 instead of 404.")
        .status(on("GET", At::Upload, 404), 410),
    fault("blob-put-location-digest")
        .violates(&["blob-put-location"])
        .title("The Location of a pushed blob is the digest alone.")
        .response(|request, response| {
            if on_upload(request, response, "PUT", 201)
                && in_one_piece(request)
                && let Some(digest) = request.query("digest")
            {
                response.set("Location", digest);
            }
        }),
    fault("blob-again-409")
        .violates(&["blob-put-again"])
        .title("PUT of a blob that exists returns 409.")
        .before(|store, request| {
            let there = store
                .blob(request.endpoint.repository()?, closing_digest(request)?)
                .is_some();
            there.then(|| ApiResponse::error(409, "BLOB_UPLOAD_INVALID", "it is there already"))
        }),
    fault("blob-empty-refused")
        .violates(&["blob-put-status"])
        .title("PUT of the empty blob returns 500.")
        .response(|request, response| {
            let empty = digest_like("sha256:", b"");
            if on_upload(request, response, "PUT", 201)
                && request.query("digest") == empty.as_deref()
            {
                *response = ApiResponse::error(500, "UNKNOWN", "no body");
            }
        }),
    fault("blob-truncated")
        .violates(&["blob-get-content"])
        .title("The registry stores at most 1 MiB of a blob.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 201)
                && let Some(bytes) = pushed_blob(store, request)
            {
                bytes.truncate(MIB);
            }
        }),
    fault("blob-put-in-words")
        .violates(&["blob-get-status"])
        .title("PUT of a blob of one byte returns 201 and the blob is lost.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 201) && request.body.len() == 1 {
                delete_pushed_blob(store, request);
            }
        }),
    fault("upload-gone-put-stored")
        .violates(&["blob-put-session-unknown"])
        .title("PUT to an unknown session returns 404 and the registry stores the blob.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 404)
                && let (Some(name), Some(digest)) =
                    (request.endpoint.repository(), request.query("digest"))
            {
                store.put_blob(name, digest, request.body.clone());
            }
        }),
    fault("chunk-after-close-appended")
        .violates(&["blob-get-content"])
        .title("PATCH to a closed session returns 404 and appends the chunk to the blob.")
        .after(|store, request, response| {
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
        }),
    fault("blob-no-digest-stored")
        .violates(&["blob-put-digest-missing"])
        .title("PUT without a digest returns 400 and the registry stores the blob.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 400) && request.query("digest").is_none() {
                store_blob(store, request, request.body.clone());
            }
        }),
];
