//! Faults of GET on a blob.

use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{drop_last_byte, edit_json};
use crate::registry::faults::predicates::{
    MIB, WRONG_DIGEST, got_blob, is_empty, is_large, of_sha512, second,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::delete_pushed_blob;
use crate::registry::response_edit::{At, GET_BLOB, on};

pub const FAULTS: &[Fault] = &[
    fault("blob-get-203")
        .violates(&["blob-get-status"])
        .title("GET on a blob returns 203 instead of 200.")
        .status(on("GET", At::Blob, 200), 203),
    fault("blob-get-no-digest")
        .violates(&["blob-get-digest"])
        .title("GET on a blob returns no Docker-Content-Digest.")
        .without(GET_BLOB, "docker-content-digest"),
    fault("blob-get-wrong-digest")
        .violates(&["blob-get-digest-matches"])
        .title("GET on a blob returns a wrong Docker-Content-Digest.")
        .header(GET_BLOB, "Docker-Content-Digest", WRONG_DIGEST),
    fault("blob-missing-400")
        .violates(&["blob-get-missing"])
        .title("GET on a missing blob returns 400 instead of 404.")
        .status(on("GET", At::Blob, 404), 400),
    fault("blobs-in-all-repositories")
        .violates(&["blob-get-other-repository"])
        .title("Every repository serves the blobs of all repositories.")
        .switch(|switches| switches.serve_blobs_of_all_repositories = true),
    fault("blob-large-500")
        .violates(&["blob-get-status"])
        .title("GET on a blob of more than 1 MiB returns 500.")
        .empty(GET_BLOB.if_response(is_large), 500),
    fault("blob-empty-404")
        .violates(&["blob-get-status"])
        .title("GET on the empty blob returns 404 after it was pushed.")
        .error(GET_BLOB.if_response(is_empty), 404, "BLOB_UNKNOWN", "no"),
    fault("blob-empty-204")
        .violates(&["blob-get-status"])
        .title("GET on the empty blob returns 204.")
        .status(GET_BLOB.if_response(is_empty), 204),
    fault("blob-large-no-digest")
        .violates(&["blob-get-digest"])
        .title("GET on a blob of more than 1 MiB returns no Docker-Content-Digest.")
        .without(GET_BLOB.if_response(is_large), "docker-content-digest"),
    fault("blob-missing-empty")
        .violates(&["blob-get-missing"])
        .title("GET on a missing blob returns 200 with an empty body.")
        .empty(on("GET", At::Blob, 404), 200),
    fault("blob-redirect-loop")
        .violates(&["blob-get-status"])
        .title("GET on a blob is redirected to the same URL, without end.")
        .response(|request, response| {
            if got_blob(request, response) {
                *response = ApiResponse::new(307).with("Location", request.path.clone());
            }
        }),
    fault("blob-empty-object-lost")
        .violates(&["blob-get-status", "blob-head-status"])
        .title("The registry loses the empty JSON object after its push.")
        .after(|store, request, response| {
            if response.status == 201 && request.body == "{}" {
                delete_pushed_blob(store, request);
            }
        }),
    fault("blob-now-and-then-other-bytes")
        .violates(&["blob-get-content"])
        .title("Every fourth GET on a blob returns one changed byte.")
        .after(|store, request, response| {
            if got_blob(request, response) && response.status == 200 && store.next() % 4 == 0 {
                let mut bytes = response.body.to_vec();
                if let Some(first) = bytes.first_mut() {
                    *first ^= 1;
                }
                response.body = bytes.into();
            }
        }),
    fault("blob-get-cut")
        .violates(&["blob-get-content"])
        .title("GET on a blob omits the last byte.")
        .response(|request, response| {
            if got_blob(request, response) && response.status == 200 {
                drop_last_byte(response);
            }
        }),
    fault("blob-large-cut")
        .violates(&["blob-get-content"])
        .title("GET on a blob returns at most 1 MiB.")
        .response(|request, response| {
            if got_blob(request, response) {
                response.body = response.body.slice(..response.body.len().min(MIB));
            }
        }),
    fault("blob-above-4-mib-cut")
        .violates(&["blob-get-content"])
        .title("GET on a blob returns at most 4 MiB.")
        .response(|request, response| {
            if got_blob(request, response) {
                response.body = response.body.slice(..response.body.len().min(4 * MIB));
            }
        }),
    fault("blob-above-4-kib-doubled")
        .violates(&["blob-get-content"])
        .title("GET on a blob of more than 4 KiB returns the bytes twice.")
        .response(|request, response| {
            if got_blob(request, response) && response.status == 200 && response.body.len() > 4096 {
                response.body = [&response.body[..], &response.body[..]].concat().into();
            }
        }),
    fault("blob-json-anew")
        .violates(&["blob-get-content"])
        .title("GET on a blob of JSON returns the JSON in another serialization.")
        .response(|request, response| {
            if got_blob(request, response) && response.status == 200 {
                edit_json(response, |_| {});
            }
        }),
    fault("blob-line-ends")
        .violates(&["blob-get-content"])
        .title("GET on a blob of JSON replaces CRLF line ends with LF.")
        .response(|request, response| {
            if got_blob(request, response)
                && response.status == 200
                && response.body.starts_with(b"{")
            {
                response.body = String::from_utf8_lossy(&response.body)
                    .replace("\r\n", "\n")
                    .into();
            }
        }),
    fault("blob-byte-order-mark-dropped")
        .violates(&["blob-get-content"])
        .title("GET on a blob drops a byte order mark at its start.")
        .response(|request, response| {
            if got_blob(request, response)
                && let Some(rest) = response.body.strip_prefix("\u{feff}".as_bytes())
            {
                response.body = rest.to_vec().into();
            }
        }),
    fault("second-repository-blob-cut")
        .violates(&["blob-get-content"])
        .title("GET on a blob in the second repository omits the last byte.")
        .response(|request, response| {
            if got_blob(request, response) && second(request) {
                drop_last_byte(response);
            }
        }),
    fault("blob-sha512-label")
        .violates(&["blob-get-digest-matches"])
        .title("The Docker-Content-Digest of a sha512 blob has the prefix sha256.")
        .response(|request, response| {
            if got_blob(request, response) && of_sha512(request) {
                let digest = response.header("docker-content-digest").unwrap_or_default();
                let digest = digest.replace("sha512", "sha256");
                response.set("Docker-Content-Digest", digest);
            }
        }),
    fault("blob-digest-twice")
        .violates(&["blob-get-digest-matches"])
        .title("GET on a blob returns a second, wrong Docker-Content-Digest after the right one.")
        .response(|request, response| {
            if got_blob(request, response) {
                response
                    .headers
                    .push(("Docker-Content-Digest".to_owned(), WRONG_DIGEST.to_owned()));
            }
        }),
];
