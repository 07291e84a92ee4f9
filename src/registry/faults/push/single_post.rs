//! Faults of blobs that a single POST pushes.

use std::time::Instant;

use bytes::BytesMut;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{MIB, MISSING_BLOB, second, single_post};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{delete_pushed_blob, pushed_blob};
use crate::registry::response_edit::{ANY, SINGLE_POST};
use crate::registry::store::Upload;

pub const FAULTS: &[Fault] = &[
    fault("single-post-200")
        .violates(&["single-post-status"])
        .title("A single POST returns 200 instead of 201.")
        .status(SINGLE_POST, 200),
    fault("single-post-no-location")
        .violates(&["single-post-location"])
        .title("A single POST returns no Location.")
        .without(SINGLE_POST, "location"),
    fault("single-post-dead-location")
        .violates(&["single-post-location-pullable"])
        .title("The Location after a single POST returns 404.")
        .header(SINGLE_POST, "Location", MISSING_BLOB),
    fault("single-post-trusted")
        .violates(&["single-post-verify"])
        .title("The registry does not verify the digest of a single POST.")
        .switch(|switches| switches.skip_single_post_digest_check = true),
    fault("single-post-400")
        .violates(&["single-post-declined-status"])
        .title("A single POST returns 400 instead of 201 or 202.")
        .error(ANY.method("POST").query("digest"), 400, "UNSUPPORTED", "no"),
    fault("single-post-202-nowhere")
        .violates(&["single-post-declined-location"])
        .title("A single POST returns 202 without a Location.")
        .empty(SINGLE_POST, 202),
    fault("single-post-second-repository-lost")
        .violates(&["single-post-location-pullable"])
        .title("A single POST to the second repository returns 201 and the blob is lost.")
        .after(|store, request, response| {
            let posted = matches!(request.endpoint, Endpoint::Uploads(_)) && response.status == 201;
            if let (true, Some(digest)) = (posted && second(request), request.query("digest")) {
                let repository = request
                    .endpoint
                    .repository()
                    .and_then(|name| store.repositories.get_mut(name));
                repository.map(|repository| repository.blobs.remove(digest));
            }
        }),
    fault("single-post-in-words")
        .violates(&["blob-get-status", "single-post-location-pullable"])
        .title("A single POST returns 201 and the blob is lost.")
        .after(|store, request, response| {
            if single_post(request, response) {
                delete_pushed_blob(store, request);
            }
        }),
    fault("single-post-truncated")
        .violates(&["blob-get-content"])
        .title("A single POST stores at most 1 MiB of the blob.")
        .after(|store, request, response| {
            if single_post(request, response)
                && let Some(bytes) = pushed_blob(store, request)
            {
                bytes.truncate(MIB);
            }
        }),
    fault("single-post-half")
        .violates(&["blob-put-status"])
        .title("A single POST returns 202 and the new session already has the bytes.")
        .after(|store, request, response| {
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
        }),
    fault("single-post-nothing-done")
        .violates(&["single-post-declined-status"])
        .title("A single POST returns 200 and stores nothing.")
        .request(|request| {
            if request.query("digest").is_some() && request.is("POST") {
                request.endpoint = Endpoint::Base;
                request.method = "GET".into();
            }
        }),
];
