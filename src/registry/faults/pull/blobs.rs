//! Faults of GET on a blob.

use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{drop_last_byte, edit_json};
use crate::registry::faults::predicates::{
    MIB, WRONG_DIGEST, got_blob, is_empty, is_large, of_sha512, second,
};
use crate::registry::faults::rows::{
    after, empty, error, header, response, status, switch, without,
};
use crate::registry::faults::store_edits::delete_pushed_blob;
use crate::registry::response_edit::{At, GET_BLOB, on};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("blob-get-203", &["blob-get-status"],
        "GET on a blob returns 203 instead of 200.", on("GET", At::Blob, 200), 203),
    without("blob-get-no-digest", &["blob-get-digest"],
        "GET on a blob returns no Docker-Content-Digest.", GET_BLOB, "docker-content-digest"),
    header("blob-get-wrong-digest", &["blob-get-digest-matches"],
        "GET on a blob returns a wrong Docker-Content-Digest.", GET_BLOB, "Docker-Content-Digest", WRONG_DIGEST),
    status("blob-missing-400", &["blob-get-missing"],
        "GET on a missing blob returns 400 instead of 404.", on("GET", At::Blob, 404), 400),
    switch("blobs-in-all-repositories", &["blob-get-other-repository"],
        "Every repository serves the blobs of all repositories.", |switches| switches.serve_blobs_of_all_repositories = true),
    empty("blob-large-500", &["blob-get-status"],
        "GET on a blob of more than 1 MiB returns 500.", GET_BLOB.if_response(is_large), 500),
    error("blob-empty-404", &["blob-get-status"],
        "GET on the empty blob returns 404 after it was pushed.",
        GET_BLOB.if_response(is_empty), 404, "BLOB_UNKNOWN", "no"),
    status("blob-empty-204", &["blob-get-status"],
        "GET on the empty blob returns 204.", GET_BLOB.if_response(is_empty), 204),
    without("blob-large-no-digest", &["blob-get-digest"],
        "GET on a blob of more than 1 MiB returns no Docker-Content-Digest.",
        GET_BLOB.if_response(is_large), "docker-content-digest"),
    empty("blob-missing-empty", &["blob-get-missing"],
        "GET on a missing blob returns 200 with an empty body.", on("GET", At::Blob, 404), 200),
];

pub const FAULTS: &[Fault] = &[
    response(
        "blob-redirect-loop",
        &["blob-get-status"],
        "GET on a blob is redirected to the same URL, without end.",
        |request, response| {
            if got_blob(request, response) {
                *response = ApiResponse::new(307).with("Location", request.path.clone());
            }
        },
    ),
    after(
        "blob-empty-object-lost",
        &["blob-get-status", "blob-head-status"],
        "The registry loses the empty JSON object after its push.",
        |store, request, response| {
            if response.status == 201 && request.body == "{}" {
                delete_pushed_blob(store, request);
            }
        },
    ),
    after(
        "blob-now-and-then-other-bytes",
        &["blob-get-content"],
        "Every fourth GET on a blob returns one changed byte.",
        |store, request, response| {
            if got_blob(request, response) && response.status == 200 && store.next() % 4 == 0 {
                let mut bytes = response.body.to_vec();
                if let Some(first) = bytes.first_mut() {
                    *first ^= 1;
                }
                response.body = bytes.into();
            }
        },
    ),
    response(
        "blob-get-cut",
        &["blob-get-content"],
        "GET on a blob omits the last byte.",
        |request, response| {
            if got_blob(request, response) && response.status == 200 {
                drop_last_byte(response);
            }
        },
    ),
    response(
        "blob-large-cut",
        &["blob-get-content"],
        "GET on a blob returns at most 1 MiB.",
        |request, response| {
            if got_blob(request, response) {
                response.body = response.body.slice(..response.body.len().min(MIB));
            }
        },
    ),
    response(
        "blob-above-4-mib-cut",
        &["blob-get-content"],
        "GET on a blob returns at most 4 MiB.",
        |request, response| {
            if got_blob(request, response) {
                response.body = response.body.slice(..response.body.len().min(4 * MIB));
            }
        },
    ),
    response(
        "blob-above-4-kib-doubled",
        &["blob-get-content"],
        "GET on a blob of more than 4 KiB returns the bytes twice.",
        |request, response| {
            if got_blob(request, response) && response.status == 200 && response.body.len() > 4096 {
                response.body = [&response.body[..], &response.body[..]].concat().into();
            }
        },
    ),
    response(
        "blob-json-anew",
        &["blob-get-content"],
        "GET on a blob of JSON returns the JSON in another serialization.",
        |request, response| {
            if got_blob(request, response) && response.status == 200 {
                edit_json(response, |_| {});
            }
        },
    ),
    response(
        "blob-line-ends",
        &["blob-get-content"],
        "GET on a blob of JSON replaces CRLF line ends with LF.",
        |request, response| {
            if got_blob(request, response)
                && response.status == 200
                && response.body.starts_with(b"{")
            {
                response.body = String::from_utf8_lossy(&response.body)
                    .replace("\r\n", "\n")
                    .into();
            }
        },
    ),
    response(
        "blob-byte-order-mark-dropped",
        &["blob-get-content"],
        "GET on a blob drops a byte order mark at its start.",
        |request, response| {
            if got_blob(request, response)
                && let Some(rest) = response.body.strip_prefix("\u{feff}".as_bytes())
            {
                response.body = rest.to_vec().into();
            }
        },
    ),
    response(
        "second-repository-blob-cut",
        &["blob-get-content"],
        "GET on a blob in the second repository omits the last byte.",
        |request, response| {
            if got_blob(request, response) && second(request) {
                drop_last_byte(response);
            }
        },
    ),
    response(
        "blob-sha512-label",
        &["blob-get-digest-matches"],
        "The Docker-Content-Digest of a sha512 blob has the prefix sha256.",
        |request, response| {
            if got_blob(request, response) && of_sha512(request) {
                let digest = response.header("docker-content-digest").unwrap_or_default();
                let digest = digest.replace("sha512", "sha256");
                response.set("Docker-Content-Digest", digest);
            }
        },
    ),
    response(
        "blob-digest-twice",
        &["blob-get-digest-matches"],
        "GET on a blob returns a second, wrong Docker-Content-Digest after the right one.",
        |request, response| {
            if got_blob(request, response) {
                response
                    .headers
                    .push(("Docker-Content-Digest".to_owned(), WRONG_DIGEST.to_owned()));
            }
        },
    ),
];
