//! Variants of cancelled uploads and deletion.

use std::time::{Duration, Instant};

use super::variant::{Variant, permitted};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::options::Deletion;
use crate::registry::quirks::before;
use crate::registry::store::{Manifest, Repository, Store};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "cancel-501",
        "Uploads cannot be cancelled: 501.",
        |options| {
            before(options, |_, request| {
                let cancels =
                    request.is("DELETE") && matches!(request.endpoint, Endpoint::Upload(..));
                cancels
                    .then(|| ApiResponse::error(501, "UNSUPPORTED", "uploads cannot be cancelled"))
            });
        },
    ),
    permitted(
        "deletion-slow",
        "Deleted content is gone after 300 ms.",
        |options| {
            before(options, |store, request| {
                let due = |(when, ..): &(Instant, String, String)| when.elapsed() > DELETION_DELAY;
                let due_deletes: Vec<_> = store
                    .pending_deletes
                    .extract_if(.., |one| due(one))
                    .collect();
                for (_, name, reference) in due_deletes {
                    remove_content(store, &name, &reference);
                }
                let (name, reference) = deletion_target(request)?;
                let there = store
                    .repositories
                    .get(&name)
                    .is_some_and(|one| contains(one, &reference));
                there.then(|| {
                    store
                        .pending_deletes
                        .push((Instant::now(), name, reference));
                    ApiResponse::new(202)
                })
            });
        },
    ),
    permitted(
        "deletion-not-in-use",
        "A manifest that has a tag cannot be deleted: 409.",
        |options| {
            before(options, |store, request| {
                let (name, reference) = deletion_target(request)?;
                let tags = &store.repositories.get(&name)?.tags;
                let in_use = tags.values().any(|tag| tag.digest == reference);
                in_use.then(|| ApiResponse::error(409, "DENIED", "the manifest has a tag"))
            });
        },
    ),
    permitted(
        "deletion-protected",
        "Existing content is protected from deletion: 409 for tags, 422 for manifests, 402 for blobs.",
        |options| {
            before(options, |store, request| {
                let (name, reference) = deletion_target(request)?;
                let there = contains(store.repositories.get(&name)?, &reference);
                let status = match &request.endpoint {
                    Endpoint::Blob(..) => 402,
                    _ if reference.contains(':') => 422,
                    _ => 409,
                };
                there.then(|| ApiResponse::error(status, "DENIED", "a rule protects the content"))
            });
        },
    ),
    permitted(
        "untagged-gone-when-deleted",
        "A manifest that has a tag cannot be deleted (409), and one without a tag is gone when a client deletes it (404).",
        |options| {
            before(options, |store, request| {
                let (name, digest) = deletion_target(request)?;
                let repository = store.repositories.get_mut(&name)?;
                let tagged = repository.tags.values().any(|tag| tag.digest == digest);
                if tagged {
                    return Some(ApiResponse::error(409, "DENIED", "the manifest has a tag"));
                }
                repository.manifests.remove(&digest)?;
                Some(ApiResponse::error(
                    404,
                    "MANIFEST_UNKNOWN",
                    "the manifest is gone",
                ))
            });
        },
    ),
    permitted(
        "deletion-off-after-404",
        "Existing content cannot be deleted (405); a deletion of missing content is answered with 404.",
        |options| {
            options.delete_tags = Deletion::Off(405);
            options.delete_manifests = Deletion::Off(405);
            options.delete_blobs = Deletion::Off(405);
            before(options, |store, request| {
                let (name, reference) = deletion_target(request)?;
                let there = store
                    .repositories
                    .get(&name)
                    .is_some_and(|one| contains(one, &reference));
                (!there).then(|| {
                    ApiResponse::error(404, "MANIFEST_UNKNOWN", "the content does not exist")
                })
            });
        },
    ),
    permitted(
        "no-blob-deletion",
        "Blobs cannot be deleted: 405.",
        |options| options.delete_blobs = Deletion::Off(405),
    ),
    permitted(
        "no-manifest-deletion",
        "Manifests cannot be deleted: 400.",
        |options| options.delete_manifests = Deletion::Off(400),
    ),
    permitted(
        "untagged-collected",
        "A manifest is deleted together with its last tag.",
        |options| {
            before(options, |store, request| {
                let (name, reference) = deletion_target(request)?;
                let repository = store.repositories.get_mut(&name)?;
                let digest = repository.tags.get(&reference)?.digest.clone();
                let tags = repository.tags.values();
                if tags.filter(|tag| tag.digest == digest).count() == 1 {
                    repository.manifests.remove(&digest);
                }
                None
            });
        },
    ),
    permitted(
        "blobs-in-use-kept",
        "A blob that a manifest names cannot be deleted: 409.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Blob(name, digest) = &request.endpoint else {
                    return None;
                };
                let named = store.repositories.get(name)?.names(digest);
                (request.is("DELETE") && named)
                    .then(|| ApiResponse::error(409, "DENIED", "a manifest names the blob"))
            });
        },
    ),
    permitted(
        "named-manifests-kept",
        "A manifest that another manifest names, as its subject or in its list, cannot be deleted: 409.",
        |options| {
            before(options, |store, request| {
                let (name, digest) = deletion_target(request)?;
                let named = store.repositories.get(&name)?.names(&digest);
                (digest.contains(':') && named)
                    .then(|| ApiResponse::error(409, "DENIED", "another manifest names it"))
            });
        },
    ),
    permitted(
        "referrers-go-with-subject",
        "The deletion of a manifest deletes its referrers.",
        |options| {
            before(options, |store, request| {
                let (name, digest) = deletion_target(request)?;
                let repository = store.repositories.get_mut(&name)?;
                let refers = |one: &Manifest| one.subject.as_deref() == Some(&digest);
                let gone: Vec<String> = repository
                    .manifests
                    .extract_if(|_, one| refers(one))
                    .map(|(own, _)| own)
                    .collect();
                repository.tags.retain(|_, tag| !gone.contains(&tag.digest));
                None
            });
        },
    ),
];

/// The repository and the tag or digest that a request deletes.
fn deletion_target(request: &ApiRequest) -> Option<(String, String)> {
    match &request.endpoint {
        Endpoint::Manifest(name, reference) | Endpoint::Blob(name, reference)
            if request.is("DELETE") =>
        {
            Some((name.clone(), reference.clone()))
        }
        _ => None,
    }
}

fn contains(repository: &Repository, reference: &str) -> bool {
    repository.tags.contains_key(reference)
        || repository.manifests.contains_key(reference)
        || repository.blobs.contains_key(reference)
}

fn remove_content(store: &mut Store, name: &str, reference: &str) {
    if let Some(repository) = store.repositories.get_mut(name) {
        repository.blobs.remove(reference);
        repository.manifests.remove(reference);
        repository
            .tags
            .retain(|tag, target| tag != reference && target.digest != reference);
    }
}

/// How long deleted content stays visible.
const DELETION_DELAY: Duration = Duration::from_millis(300);
