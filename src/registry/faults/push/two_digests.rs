//! Faults of content that is pushed by digests of two algorithms.

use crate::registry::api_request::ApiRequest;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{digest_of, on_upload, put_manifest};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{delete_blob, repository_of};
use crate::registry::grammar::digest_like;
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("blob-renamed-by-sha512")
        .violates(&["blob-get-status"])
        .title("A push of a blob by its sha512 digest removes the blob's sha256 digest.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 201) {
                rename_blob(store, request, "sha256:", "sha512:");
            }
        }),
    fault("blob-renamed-by-sha256")
        .violates(&["blob-get-status"])
        .title("A push of a blob by its sha256 digest removes the blob's sha512 digest.")
        .after(|store, request, response| {
            if on_upload(request, response, "PUT", 201) {
                rename_blob(store, request, "sha512:", "sha256:");
            }
        }),
    fault("manifest-renamed-by-sha512")
        .violates(&["manifest-get-status"])
        .title("A push of a manifest by its sha512 digest removes the manifest's sha256 digest.")
        .after(|store, request, response| {
            let renamed = digest_of(request).filter(|digest| digest.starts_with("sha512:"));
            if put_manifest(request, response)
                && let Some(digest) = renamed
                && let Some(other) = digest_like("sha256:", &request.body)
                && let Some(repository) = repository_of(store, request)
            {
                repository.manifests.remove(&other);
                for tag in repository.tags.values_mut() {
                    if tag.digest == other {
                        digest.clone_into(&mut tag.digest);
                    }
                }
            }
        }),
    fault("manifest-of-two-digests-untagged")
        .violates(&["manifest-get-status"])
        .title("A push of a manifest by its sha512 digest removes the manifest's tags.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && digest_of(request).is_some_and(|digest| digest.starts_with("sha512:"))
                && let Some(other) = digest_like("sha256:", &request.body)
                && let Some(repository) = repository_of(store, request)
            {
                repository.tags.retain(|_, tag| tag.digest != other);
            }
        }),
];

/// Removes the digest of one algorithm of a blob that is pushed by its digest of another.
fn rename_blob(store: &mut Store, request: &ApiRequest, from: &str, to: &str) {
    let digest = request.query("digest").unwrap_or_default();
    if digest.starts_with(to)
        && let Some(other) = digest_like(from, &request.body)
    {
        delete_blob(store, request, &other);
    }
}
