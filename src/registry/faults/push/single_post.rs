//! Faults of blobs that a single POST pushes.

use std::time::Instant;

use bytes::BytesMut;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{MIB, MISSING_BLOB, second, single_post};
use crate::registry::faults::rows::{
    after, empty, error, header, request, status, switch, without,
};
use crate::registry::faults::store_edits::{delete_pushed_blob, pushed_blob};
use crate::registry::response_edit::{ANY, SINGLE_POST};
use crate::registry::store::Upload;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("single-post-200", &["single-post-status"],
        "A single POST returns 200 instead of 201.", SINGLE_POST, 200),
    without("single-post-no-location", &["single-post-location"],
        "A single POST returns no Location.", SINGLE_POST, "location"),
    header("single-post-dead-location", &["single-post-location-pullable"],
        "The Location after a single POST returns 404.", SINGLE_POST, "Location", MISSING_BLOB),
    switch("single-post-trusted", &["single-post-verify"],
        "The registry does not verify the digest of a single POST.", |switches| switches.skip_single_post_digest_check = true),
    error("single-post-400", &["single-post-declined-status"],
        "A single POST returns 400 instead of 201 or 202.",
        ANY.method("POST").query("digest"), 400, "UNSUPPORTED", "no"),
    empty("single-post-202-nowhere", &["single-post-declined-location"],
        "A single POST returns 202 without a Location.", SINGLE_POST, 202),
];

pub const FAULTS: &[Fault] = &[
    after(
        "single-post-second-repository-lost",
        &["single-post-location-pullable"],
        "A single POST to the second repository returns 201 and the blob is lost.",
        |store, request, response| {
            let posted = matches!(request.endpoint, Endpoint::Uploads(_)) && response.status == 201;
            if let (true, Some(digest)) = (posted && second(request), request.query("digest")) {
                let repository = request
                    .endpoint
                    .repository()
                    .and_then(|name| store.repositories.get_mut(name));
                repository.map(|repository| repository.blobs.remove(digest));
            }
        },
    ),
    after(
        "single-post-in-words",
        &["blob-get-status", "single-post-location-pullable"],
        "A single POST returns 201 and the blob is lost.",
        |store, request, response| {
            if single_post(request, response) {
                delete_pushed_blob(store, request);
            }
        },
    ),
    after(
        "single-post-truncated",
        &["blob-get-content"],
        "A single POST stores at most 1 MiB of the blob.",
        |store, request, response| {
            if single_post(request, response)
                && let Some(bytes) = pushed_blob(store, request)
            {
                bytes.truncate(MIB);
            }
        },
    ),
    after(
        "single-post-half",
        &["blob-put-status"],
        "A single POST returns 202 and the new session already has the bytes.",
        |store, request, response| {
            if single_post(request, response)
                && let Some(name) = request.endpoint.repository()
            {
                delete_pushed_blob(store, request);
                let id = format!("half-{}", store.next());
                *response = ApiResponse::new(202)
                    .with("Location", format!("/v2/{name}/blobs/uploads/{id}"));
                let upload = Upload {
                    bytes: BytesMut::from(request.body.as_ref()),
                    state: String::new(),
                    used: Instant::now(),
                };
                store.uploads.insert((name.to_owned(), id), upload);
            }
        },
    ),
    request(
        "single-post-nothing-done",
        &["single-post-declined-status"],
        "A single POST returns 200 and stores nothing.",
        |request| {
            if request.query("digest").is_some() && request.is("POST") {
                request.endpoint = Endpoint::Base;
                request.method = "GET".into();
            }
        },
    ),
];
