//! Variants that only earlier versions of the specification permit.

use super::variant::{Variant, permitted_until};
use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::grammar::{DigestKind, digest_kind};
use crate::registry::quirks::{after, before, on_request};

pub const VARIANTS: &[Variant] = &[
    permitted_until(
        "1.0",
        "deletion-off-404",
        "Manifests and blobs cannot be deleted: 404.",
        |options| {
            before(options, |_, request| {
                let content = match &request.endpoint {
                    Endpoint::Manifest(_, reference) => reference.contains(':'),
                    endpoint => matches!(endpoint, Endpoint::Blob(..)),
                };
                (request.is("DELETE") && content)
                    .then(|| ApiResponse::error(404, "UNSUPPORTED", "deletion is disabled"))
            });
        },
    ),
    permitted_until(
        "1.0",
        "tags-without-grammar",
        "A manifest reference that is not a digest is a tag, whatever its characters.",
        |options| {
            on_request(options, |request| {
                if let Endpoint::Manifest(_, reference) = &mut request.endpoint
                    && digest_kind(reference) != DigestKind::Known
                {
                    *reference = reference.replace(':', "_");
                }
            });
        },
    ),
    permitted_until(
        "1.0",
        "blobs-of-registry",
        "Blobs belong to the whole registry: every repository serves each blob, and a deletion deletes it from all.",
        |options| {
            options.switches.serve_blobs_of_all_repositories = true;
            before(options, |store, request| {
                if let Endpoint::Blob(name, digest) = &request.endpoint
                    && request.is("DELETE")
                    && let Some(bytes) = store.blob_anywhere(digest).cloned()
                {
                    // The handler then deletes it from the repository that the request names.
                    for repository in store.repositories.values_mut() {
                        repository.blobs.remove(digest);
                    }
                    store.put_blob(name, digest, bytes);
                }
                None
            });
        },
    ),
    permitted_until(
        "1.0",
        "tag-deletion-deletes-manifest",
        "The deletion of a tag deletes its manifest, and all other tags of this manifest.",
        |options| {
            before(options, |store, request| {
                if let Endpoint::Manifest(name, tag) = &request.endpoint
                    && request.is("DELETE")
                {
                    let repository = store.repositories.get_mut(name)?;
                    let tagged = repository.tags.get(tag)?.clone();
                    repository.manifests.remove(&tagged.digest);
                    let tags = &mut repository.tags;
                    tags.retain(|other, target| other == tag || target.digest != tagged.digest);
                }
                None
            });
        },
    ),
    permitted_until(
        "1.0",
        "mounts-from-anywhere",
        "A mount returns 201 for every blob of the registry, whatever repository `from` names.",
        |options| {
            options.switches.serve_blobs_of_all_repositories = true;
            after(options, |store, request, response| {
                let Endpoint::Uploads(name) = &request.endpoint else {
                    return;
                };
                let mounted = request.query("mount").filter(|_| response.status == 202);
                if let Some(digest) = mounted
                    && let Some(bytes) = store.blob_anywhere(digest).cloned()
                {
                    store.put_blob(name, digest, bytes);
                    response.status = 201;
                    response.set("Location", format!("/v2/{name}/blobs/{digest}"));
                }
            });
        },
    ),
];
