//! Faults of the upload sessions of declined mounts and single POSTs.

use bytes::BytesMut;
use std::time::Instant;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::store::{Store, Upload};

pub const FAULTS: &[Fault] = &[
    fault("mount-declined-no-chunks")
        .violates(&["mount-declined-upload"])
        .title("A mount is declined, and PATCH to its upload session returns 404.")
        .before(|store, request| declined_without_chunks(store, request, "mount")),
    fault("single-post-declined-no-chunks")
        .violates(&["single-post-declined-location"])
        .title("A single POST is declined, and PATCH to its upload session returns 404.")
        .before(|store, request| declined_without_chunks(store, request, "digest")),
];

/// Declines a POST with this parameter, and PATCH to the upload session that it opens.
fn declined_without_chunks(
    store: &mut Store,
    request: &ApiRequest,
    parameter: &str,
) -> Option<ApiResponse> {
    match &request.endpoint {
        Endpoint::Uploads(name) if request.is("POST") => {
            request.query(parameter)?;
            let id = format!("declined-{}", store.next());
            let location = format!("/v2/{name}/blobs/uploads/{id}");
            let upload = Upload {
                bytes: BytesMut::new(),
                state: String::new(),
                used: Instant::now(),
            };
            store.uploads.insert((name.clone(), id), upload);
            Some(ApiResponse::new(202).with("Location", location))
        }
        Endpoint::Upload(_, id) if request.is("PATCH") => id
            .starts_with("declined-")
            .then(|| ApiResponse::error(404, "BLOB_UPLOAD_UNKNOWN", "the upload does not exist")),
        _ => None,
    }
}
