//! Faults of DELETE on a blob.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::reference;
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{
    fake_blob_deletion, record_tombstones, remember_found, tombstone,
};
use crate::registry::response_edit::{ANY, At, on};

pub const FAULTS: &[Fault] = &[
    fault("blob-delete-501")
        .violates(&["blob-delete-disabled"])
        .title("DELETE on a blob returns 501.")
        .status(on("DELETE", At::Blob, 202), 501),
    fault("blob-delete-missing-410")
        .violates(&["blob-delete-missing"])
        .title("DELETE on a missing blob returns 410 instead of 404.")
        .status(on("DELETE", At::Blob, 404), 410),
    fault("blob-delete-200")
        .violates(&["blob-delete-status"])
        .title("DELETE on a blob returns 200 instead of 202.")
        .status(ANY.at(At::Blob).status(202), 200),
    fault("blob-delete-in-words")
        .violates(&["blob-delete-gone"])
        .title("DELETE on a blob returns 202 and the blob stays.")
        .switch(|switches| switches.ignore_blob_deletion = true),
    fault("blob-delete-missing-202")
        .violates(&["blob-delete-missing"])
        .title("DELETE on a missing blob returns 202 instead of 404.")
        .empty(on("DELETE", At::Blob, 404), 202),
    fault("deleted-blob-seen-by-head")
        .violates(&["blob-delete-gone"])
        .title("HEAD on a deleted blob returns 200.")
        .before(|store, request| {
            record_tombstones(store, request);
            let of_blob = matches!(request.endpoint, Endpoint::Blob(..));
            let seen = request.is("HEAD") && of_blob && tombstone(store, request).is_some();
            seen.then(|| ApiResponse::new(200))
        }),
    fault("deleted-blob-seen-by-head-elsewhere")
        .violates(&["blob-delete-gone"])
        .title("HEAD on a deleted blob returns 200 if another repository has the blob.")
        .before(|store, request| {
            record_tombstones(store, request);
            let of_blob = matches!(request.endpoint, Endpoint::Blob(..));
            let elsewhere = store.blob_anywhere(reference(request)?).is_some();
            let seen = request.is("HEAD") && of_blob && tombstone(store, request).is_some();
            (seen && elsewhere).then(|| ApiResponse::new(200))
        }),
    fault("deleted-blob-remembered-by-head")
        .violates(&["blob-delete-gone"])
        .title("HEAD on a deleted blob returns 200 if HEAD has found the blob before.")
        .after(|store, request, response| {
            if matches!(request.endpoint, Endpoint::Blob(..)) {
                remember_found(store, request, response);
            }
        }),
    fault("blob-delete-anywhere")
        .violates(&["blob-delete-missing", "blob-delete-only"])
        .title("DELETE on a blob deletes the blob in all repositories.")
        .before(|store, request| {
            let at = reference(request)?.to_owned();
            let of_blob = request.is("DELETE") && matches!(request.endpoint, Endpoint::Blob(..));
            let there = of_blob && store.blob_anywhere(&at).is_some();
            for repository in store.repositories.values_mut().filter(|_| there) {
                repository.blobs.remove(&at);
            }
            there.then(|| ApiResponse::new(202))
        }),
    fault("blob-delete-twice-in-words")
        .violates(&["blob-delete-gone"])
        .title("DELETE on a blob that was pushed twice returns 202 and the blob stays.")
        .before(|store, request| {
            let name = request.endpoint.repository()?.to_owned();
            if let (Endpoint::Upload(..), Some(digest)) =
                (&request.endpoint, request.query("digest"))
                && store.blob(&name, digest).is_some()
            {
                store
                    .tombstones
                    .insert((name, digest.to_owned()), "twice".into());
                return None;
            }
            fake_blob_deletion(store, request)
        }),
    fault("blob-delete-chunked-in-words")
        .violates(&["blob-delete-gone"])
        .title("DELETE on a blob that was pushed in chunks returns 202 and the blob stays.")
        .before(|store, request| {
            let name = request.endpoint.repository()?.to_owned();
            if let (Endpoint::Upload(..), Some(digest), true) = (
                &request.endpoint,
                request.query("digest"),
                request.body.is_empty(),
            ) {
                store
                    .tombstones
                    .insert((name, digest.to_owned()), "chunks".into());
                return None;
            }
            fake_blob_deletion(store, request)
        }),
];
