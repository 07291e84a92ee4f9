//! Faults of mounts of a blob that the repository has, or had before, and of sha512 digests.

use bytes::Bytes;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{WRONG_DIGEST, mounted_digest, reference};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::delete_blob;
use crate::registry::response_edit::MOUNTED;

pub const FAULTS: &[Fault] = &[
    fault("mount-sha512-wrong-digest")
        .violates(&["mount-digest-matches"])
        .title("A mount of a sha512 digest returns a wrong Docker-Content-Digest.")
        .header(
            MOUNTED.if_request(|request| {
                request
                    .query("mount")
                    .is_some_and(|digest| digest.starts_with("sha512:"))
            }),
            "Docker-Content-Digest",
            WRONG_DIGEST,
        ),
    fault("mount-of-known-200")
        .violates(&["mount-status"])
        .title("A mount of a blob that the repository has returns 200 instead of 201.")
        .before(|store, request| {
            let digest = request.query("mount")?;
            let Endpoint::Uploads(name) = &request.endpoint else {
                return None;
            };
            store.blob(name, digest)?;
            let place = format!("/v2/{name}/blobs/{digest}");
            Some(ApiResponse::new(200).with("Location", place))
        }),
    fault("mount-after-deletion-lost")
        .violates(&["mount-served"])
        .title(
            "A mount of a blob that was deleted in the repository before returns 201 and the \
             blob is missing.",
        )
        .after(|store, request, response| {
            if let Some(digest) = mounted_digest(request, response)
                && let Some(name) = request.endpoint.repository()
                && store
                    .tombstones
                    .contains_key(&(name.to_owned(), digest.to_owned()))
            {
                delete_blob(store, request, digest);
            }
            if request.is("DELETE")
                && response.status == 202
                && let Some(name) = request.endpoint.repository()
                && let Some(deleted) = reference(request)
            {
                let mark = (name.to_owned(), deleted.to_owned());
                store.tombstones.insert(mark, Bytes::new());
            }
        }),
];
