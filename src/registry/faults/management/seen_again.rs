//! Faults of content that was requested before its deletion, or that is pushed again after it.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{by_digest, by_tag, mounted_digest, of_sha512};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{record_tombstones, tombstone};
use crate::registry::response_edit::{At, on};
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("blob-delete-missing-sha512-202")
        .violates(&["blob-delete-missing"])
        .title("DELETE on a missing blob by sha512 digest returns 202 instead of 404.")
        .empty(on("DELETE", At::Blob, 404).if_request(of_sha512), 202),
    fault("deleted-blob-missing-by-head")
        .violates(&["blob-head-status"])
        .title("HEAD on a deleted blob returns 404 after the blob is pushed again.")
        .before(|store, request| {
            let of_blob = matches!(request.endpoint, Endpoint::Blob(..));
            missing_by_head(store, request, of_blob)
        }),
    fault("deleted-manifest-missing-by-head")
        .violates(&["manifest-head-status"])
        .title(
            "HEAD on the digest of a deleted manifest returns 404 after the manifest is \
             pushed again.",
        )
        .before(|store, request| {
            let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            missing_by_head(store, request, of_manifest && by_digest(request))
        }),
    fault("deleted-tag-missing-by-head")
        .violates(&["manifest-head-status"])
        .title("HEAD on a deleted tag returns 404 after the tag is pushed again.")
        .before(|store, request| missing_by_head(store, request, by_tag(request))),
    fault("deleted-tag-remembered")
        .violates(&["tag-delete-gone"])
        .title("GET on a deleted tag returns the manifest if GET has returned it before.")
        .after(|store, request, response| {
            let mark = ("tags".to_owned(), request.path.clone());
            if !request.is("GET") || !by_tag(request) {
                return;
            }
            if response.status == 200 {
                store.tombstones.insert(mark, response.body.clone());
            } else if let Some(bytes) = store.tombstones.get(&mark) {
                *response = found_again(bytes.clone());
            }
        }),
    fault("blob-delete-takes-source")
        .violates(&["blob-delete-only"])
        .title(
            "DELETE on a mounted blob also deletes the blob in the repository that it was \
             mounted from.",
        )
        .after(|store, request, response| {
            if let Some(digest) = mounted_digest(request, response) {
                let mark = (
                    request.endpoint.repository().unwrap_or_default().to_owned(),
                    format!("mounted {digest}"),
                );
                let source = request.query("from").unwrap_or_default().to_owned();
                store.tombstones.insert(mark, source.into());
            }
            let Endpoint::Blob(name, digest) = &request.endpoint else {
                return;
            };
            let mark = (name.clone(), format!("mounted {digest}"));
            if request.is("DELETE")
                && let Some(source) = store.tombstones.get(&mark)
                && let Ok(source) = std::str::from_utf8(source)
                && let Some(repository) = store.repositories.get_mut(source)
            {
                repository.blobs.remove(digest);
            }
        }),
];

/// Answers HEAD on content that was deleted once with 404.
fn missing_by_head(store: &mut Store, request: &ApiRequest, such: bool) -> Option<ApiResponse> {
    record_tombstones(store, request);
    let missing = such && request.is("HEAD") && tombstone(store, request).is_some();
    missing.then(|| ApiResponse::new(404))
}

/// A manifest that is gone, as it was returned before.
fn found_again(bytes: Bytes) -> ApiResponse {
    ApiResponse::new(200)
        .with("Content-Type", "application/vnd.oci.image.manifest.v1+json")
        .body(bytes)
}
