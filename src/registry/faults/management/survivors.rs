//! Faults of content that has to survive the deletion of other content, and of deletions that do not find their content.

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{by_tag, of_sha512, reference};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::record_tombstones;
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("index-of-deleted-image-500")
        .violates(&["manifest-get-status"])
        .title("GET on an index whose image was deleted returns 500.")
        .before(|store, request| {
            record_tombstones(store, request);
            let broken = request.is("GET") && lists_deleted(store, request)?;
            broken.then(|| ApiResponse::error(500, "UNKNOWN", "an image of the index is missing"))
        }),
    fault("blob-deleted-elsewhere-500")
        .violates(&["blob-get-status"])
        .title("GET on a blob that was deleted in another repository returns 500.")
        .before(|store, request| {
            record_tombstones(store, request);
            let Endpoint::Blob(name, digest) = &request.endpoint else {
                return None;
            };
            store.blob(name, digest).filter(|_| request.is("GET"))?;
            let mut gone = store.tombstones.keys();
            let elsewhere = gone.any(|(of, at)| of != name && at == digest);
            elsewhere.then(|| ApiResponse::error(500, "UNKNOWN", "the file is missing"))
        }),
    fault("tag-delete-long-404")
        .violates(&["tag-delete-disabled"])
        .title("DELETE on a tag of 128 characters returns 404 and the tag stays.")
        .before(|_, request| {
            let long = by_tag(request) && reference(request)?.len() == 128;
            let missed = long && request.is("DELETE");
            missed.then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "there is no such tag"))
        }),
    fault("blob-delete-sha512-404")
        .violates(&["blob-delete-disabled"])
        .title("DELETE on a blob by sha512 digest returns 404 and the blob stays.")
        .before(|_, request| {
            let of_blob = matches!(request.endpoint, Endpoint::Blob(..)) && of_sha512(request);
            let missed = of_blob && request.is("DELETE");
            missed.then(|| ApiResponse::error(404, "BLOB_UNKNOWN", "there is no such blob"))
        }),
];

/// Whether a request names an index that lists a deleted image.
fn lists_deleted(store: &Store, request: &ApiRequest) -> Option<bool> {
    let Endpoint::Manifest(name, at) = &request.endpoint else {
        return None;
    };
    let repository = store.repositories.get(name)?;
    let digest = repository.tags.get(at).map_or(at, |tag| &tag.digest);
    let index: Value = serde_json::from_slice(&repository.manifests.get(digest)?.bytes).ok()?;
    let mut images = index.get("manifests")?.as_array()?.iter();
    Some(images.any(|image| {
        let image = image.get("digest").and_then(Value::as_str);
        image.is_some_and(|image| {
            let mark = (name.clone(), image.to_owned());
            store.tombstones.contains_key(&mark) && !repository.manifests.contains_key(image)
        })
    }))
}
