//! Faults of content management that need what the registry holds: what is left of what was deleted, and
//! what else goes with it.

use bytes::Bytes;

use super::*;
use crate::registry::store::{Repository, Tag};

pub const FAULTS: &[Fault] = &[
    response(
        "delete-refused-and-done",
        &["delete-refused-kept"],
        "A deletion is done, and answered as if it were disabled.",
        |c, a| {
            if c.is("DELETE") && a.status == 202 {
                *a = ApiResponse::error(405, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
        "delete-disabled-code",
        &["error-code-unsupported"],
        "A deletion is refused as disabled, with a code for something else.",
        |c, a| {
            if c.is("DELETE") && a.status == 202 {
                *a = ApiResponse::error(405, "MANIFEST_UNKNOWN", "no");
            }
        },
    ),
    before(
        "deleted-remembered",
        &["tag-delete-missing", "manifest-delete-missing"],
        "Deleting what was deleted already is answered with 202.",
        |s, c| {
            let again = c.is("DELETE") && buried(s, c).is_some();
            bury(s, c);
            again.then(|| ApiResponse::new(202))
        },
    ),
    before(
        "deleted-tag-seen-by-head",
        &["tag-delete-gone"],
        "A deleted tag is still answered by HEAD.",
        |s, c| {
            bury(s, c);
            let seen = c.is("HEAD") && !by_digest(c) && buried(s, c).is_some();
            seen.then(|| ApiResponse::new(200))
        },
    ),
    before(
        "deleted-manifest-seen-by-head",
        &["manifest-delete-gone"],
        "A deleted manifest is still answered by HEAD.",
        |s, c| {
            bury(s, c);
            let of_manifest = matches!(c.endpoint, Endpoint::Manifest(..));
            let seen = c.is("HEAD") && of_manifest && by_digest(c) && buried(s, c).is_some();
            seen.then(|| ApiResponse::new(200))
        },
    ),
    before(
        "deleted-blob-seen-by-head",
        &["blob-delete-gone"],
        "A deleted blob is still answered by HEAD.",
        |s, c| {
            bury(s, c);
            let of_blob = matches!(c.endpoint, Endpoint::Blob(..));
            let seen = c.is("HEAD") && of_blob && buried(s, c).is_some();
            seen.then(|| ApiResponse::new(200))
        },
    ),
    before(
        "deleted-for-good",
        &[
            "tag-delete-again",
            "manifest-delete-again",
            "blob-delete-again",
        ],
        "What was deleted is never served again, though it is pushed again.",
        |s, c| {
            bury(s, c);
            let gone = (c.is("GET") || c.is("HEAD")) && buried(s, c).is_some();
            gone.then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "it was deleted"))
        },
    ),
    before(
        "deleted-push-refused",
        &[
            "tag-delete-again",
            "manifest-delete-again",
            "blob-delete-again",
        ],
        "What was deleted cannot be pushed again.",
        |s, c| {
            bury(s, c);
            let pushes = c.is("PUT") && (buried(s, c).is_some() || body_buried(s, c));
            pushes.then(|| ApiResponse::error(409, "DENIED", "it was deleted"))
        },
    ),
    before(
        "deleted-tags-listed",
        &["tag-delete-unlisted", "manifest-delete-unlisted"],
        "Tags are listed that were deleted.",
        |s, c| {
            bury(s, c);
            if let Endpoint::Tags(name) = &c.endpoint {
                let repository = s.repositories.get_mut(name)?;
                let old = s
                    .tombstones
                    .keys()
                    .filter(|(of, at)| of == name && !at.contains(':'));
                for (_, tag) in old {
                    lead_nowhere(repository, tag);
                }
            }
            None
        },
    ),
    after(
        "delete-everywhere",
        &[
            "tag-delete-only",
            "manifest-delete-only",
            "blob-delete-only",
        ],
        "What is deleted in one repository is deleted in all.",
        |s, c, a| {
            if c.is("DELETE") && a.status == 202 {
                let at = reference(c).unwrap_or_default();
                for repository in s.repositories.values_mut() {
                    repository.tags.remove(at);
                    repository.manifests.remove(at);
                    repository.blobs.remove(at);
                }
            }
        },
    ),
    before(
        "tag-delete-takes-manifest",
        &["tag-delete-only"],
        "With a tag, its manifest is deleted.",
        |s, c| {
            let at = reference(c)?.to_owned();
            let repository = repository(s, c)?;
            let digest = repository.tags.get(&at)?.digest.clone();
            if c.is("DELETE") {
                repository.manifests.remove(&digest);
            }
            None
        },
    ),
    before(
        "tag-delete-last-kept",
        &["tag-delete-gone"],
        "The only tag of a manifest stays, though its deletion is answered with 202.",
        |s, c| {
            let at = reference(c)?.to_owned();
            let repository = repository(s, c).filter(|_| c.is("DELETE"))?;
            let digest = repository.tags.get(&at)?.digest.clone();
            let tags = repository.tags.values();
            let alone = tags.filter(|tag| tag.digest == digest).count() == 1;
            alone.then(|| ApiResponse::new(202))
        },
    ),
    after(
        "manifest-delete-takes-moved",
        &["manifest-delete-only"],
        "With a manifest, a tag is deleted that led to it before it was moved.",
        |s, c, a| {
            if c.is("DELETE")
                && a.status == 202
                && let (Some(at), Some(repository)) = (reference(c), repository(s, c))
            {
                let left = |tag: &Tag| tag.before.as_deref() == Some(at);
                repository.tags.retain(|_, tag| !left(tag));
            }
        },
    ),
    after(
        "tag-delete-every-case",
        &["tag-delete-only"],
        "With a tag, all tags are deleted that differ from it in case.",
        |s, c, a| {
            if c.is("DELETE")
                && a.status == 202
                && let (Some(at), Some(repository)) = (reference(c), repository(s, c))
            {
                repository
                    .tags
                    .retain(|tag, _| !tag.eq_ignore_ascii_case(at));
            }
        },
    ),
    before(
        "manifest-delete-takes-blobs",
        &["manifest-delete-only"],
        "With a manifest, its blobs are deleted, though others need them.",
        |s, c| {
            let at = reference(c)?.to_owned();
            let repository = repository(s, c)?;
            let manifest = repository.manifests.get(&at).filter(|_| c.is("DELETE"))?;
            let manifest: Value = serde_json::from_slice(&manifest.bytes).ok()?;
            let config = manifest.pointer("/config/digest")?.as_str()?;
            repository.blobs.remove(config);
            None
        },
    ),
    before(
        "manifest-delete-takes-others",
        &["manifest-delete-only"],
        "With a manifest, every other is deleted that has the same config.",
        |s, c| {
            let at = reference(c)?.to_owned();
            let repository = repository(s, c)?;
            let manifest = repository.manifests.get(&at).filter(|_| c.is("DELETE"))?;
            let manifest: Value = serde_json::from_slice(&manifest.bytes).ok()?;
            let config = manifest.pointer("/config/digest")?.as_str()?.to_owned();
            repository.manifests.retain(|digest, other| {
                *digest == at || !String::from_utf8_lossy(&other.bytes).contains(&config)
            });
            None
        },
    ),
    before(
        "blob-delete-anywhere",
        &["blob-delete-missing", "blob-delete-only"],
        "A blob is deleted wherever it is.",
        |s, c| {
            let at = reference(c)?.to_owned();
            let of_blob = c.is("DELETE") && matches!(c.endpoint, Endpoint::Blob(..));
            let there = of_blob && s.blob_anywhere(&at).is_some();
            for repository in s.repositories.values_mut().filter(|_| there) {
                repository.blobs.remove(&at);
            }
            there.then(|| ApiResponse::new(202))
        },
    ),
    response(
        "tag-delete-missing-410",
        &["tag-delete-missing-status"],
        "Deleting a missing tag is answered with 410.",
        |c, a| {
            if c.is("DELETE") && a.status == 404 && !by_digest(c) {
                a.status = 410;
            }
        },
    ),
    response(
        "manifest-delete-missing-410",
        &["manifest-delete-missing-status"],
        "Deleting a missing manifest is answered with 410.",
        |c, a| {
            let of_manifest = matches!(c.endpoint, Endpoint::Manifest(..));
            if c.is("DELETE") && a.status == 404 && of_manifest && by_digest(c) {
                a.status = 410;
            }
        },
    ),
    response(
        "blob-delete-missing-410",
        &["blob-delete-missing"],
        "Deleting a missing blob is answered with 410.",
        |c, a| {
            if c.is("DELETE") && a.status == 404 && matches!(c.endpoint, Endpoint::Blob(..)) {
                a.status = 410;
            }
        },
    ),
];

/// The tag or digest that a call names.
fn reference(request: &ApiRequest) -> Option<&str> {
    match &request.endpoint {
        Endpoint::Manifest(_, at) | Endpoint::Blob(_, at) => Some(at),
        _ => None,
    }
}

fn by_digest(request: &ApiRequest) -> bool {
    reference(request).is_some_and(|at| at.contains(':'))
}

fn repository<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Repository> {
    store.repositories.get_mut(request.endpoint.repository()?)
}

/// Remembers what is about to be deleted: content by its digest, and every tag that goes.
pub(super) fn bury(store: &mut Store, request: &ApiRequest) {
    let (Some(name), Some(at)) = (request.endpoint.repository(), reference(request)) else {
        return;
    };
    let Some(repository) = store
        .repositories
        .get(name)
        .filter(|_| request.is("DELETE"))
    else {
        return;
    };
    let tags = repository.tags.iter();
    let mut gone: Vec<(String, Bytes)> = tags
        .filter(|(tag, leads)| *tag == at || leads.digest == at)
        .map(|(tag, _)| (tag.clone(), Bytes::new()))
        .collect();
    let manifest = repository.manifests.get(at).map(|one| one.bytes.clone());
    let content = manifest.or_else(|| repository.blobs.get(at).cloned());
    gone.extend(content.map(|bytes| (at.to_owned(), bytes)));
    for (at, bytes) in gone {
        store.tombstones.insert((name.to_owned(), at), bytes);
    }
}

fn buried<'s>(store: &'s Store, request: &ApiRequest) -> Option<&'s Bytes> {
    let name = request.endpoint.repository()?.to_owned();
    store
        .tombstones
        .get(&(name, reference(request)?.to_owned()))
}

/// Whether what is pushed was deleted before.
fn body_buried(store: &Store, request: &ApiRequest) -> bool {
    let name = request.endpoint.repository();
    let mut tombstones = store.tombstones.iter();
    !request.body.is_empty()
        && tombstones.any(|((of, _), bytes)| Some(of.as_str()) == name && *bytes == request.body)
}
