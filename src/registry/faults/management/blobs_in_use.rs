//! Faults of DELETE on blobs that a manifest names.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::repository_of;

pub const FAULTS: &[Fault] = &[
    fault("blob-delete-of-image-manifest-lost")
        .violates(&["blob-delete-only"])
        .title("DELETE on a blob also deletes the manifests that name it.")
        .after(|store, request, response| {
            if let Endpoint::Blob(_, digest) = &request.endpoint
                && request.is("DELETE")
                && response.status == 202
                && let Some(repository) = repository_of(store, request)
            {
                repository.manifests.retain(|_, one| !one.names(digest));
            }
        }),
    fault("blob-delete-of-image-manifest-500")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest that names a deleted blob returns 500.")
        .after(|store, request, response| {
            let mark = |digest: &str| ("deleted".to_owned(), digest.to_owned());
            match &request.endpoint {
                Endpoint::Blob(_, digest) if request.is("DELETE") && response.status == 202 => {
                    store.tombstones.insert(mark(digest), digest.clone().into());
                }
                Endpoint::Manifest(..) if request.is("GET") && response.status == 200 => {
                    let body = String::from_utf8_lossy(&response.body);
                    let mut deleted = store.tombstones.keys();
                    if deleted.any(|(kind, digest)| kind == "deleted" && body.contains(&**digest)) {
                        *response = ApiResponse::error(500, "UNSUPPORTED", "a blob is missing");
                    }
                }
                _ => {}
            }
        }),
    fault("blob-delete-refused-for-image")
        .violates(&["delete-refused-kept"])
        .title("DELETE on a blob that a manifest names returns 409 and deletes the blob.")
        .after(|store, request, response| {
            if let Endpoint::Blob(_, digest) = &request.endpoint
                && request.is("DELETE")
                && response.status == 202
                && let Some(repository) = repository_of(store, request)
                && repository.names(digest)
            {
                *response = ApiResponse::error(409, "DENIED", "a manifest names the blob");
            }
        }),
];
