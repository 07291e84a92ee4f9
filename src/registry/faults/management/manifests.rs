//! Faults of DELETE on a manifest.

use serde_json::Value;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{by_digest, has_code, reference};
use crate::registry::faults::rows::{after, before, empty, error, status, switch};
use crate::registry::faults::store_edits::{
    record_tombstones, remember_found, repository_of, tombstone,
};
use crate::registry::response_edit::{ANY, At, on};
use crate::registry::tag_map::Tag;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("manifest-delete-501", &["manifest-delete-disabled"],
        "DELETE on a manifest returns 501.", on("DELETE", At::ManifestByDigest, 202), 501),
    error("delete-refused-and-done", &["delete-refused-kept"],
        "DELETE returns 405 and deletes the content.", ANY.method("DELETE").status(202), 405, "UNSUPPORTED", "no"),
    error("delete-disabled-code", &["error-code-unsupported"],
        "DELETE returns 405 with the code MANIFEST_UNKNOWN.",
        ANY.method("DELETE").status(202), 405, "MANIFEST_UNKNOWN", "no"),
    status("manifest-delete-missing-410", &["manifest-delete-missing-status"],
        "DELETE on a missing manifest returns 410 instead of 404.", on("DELETE", At::ManifestByDigest, 404), 410),
    status("manifest-delete-200", &["manifest-delete-status"],
        "DELETE on a manifest returns 200 instead of 202.", on("DELETE", At::ManifestByDigest, 202), 200),
    switch("manifest-delete-in-words", &["manifest-delete-gone"],
        "DELETE on a manifest returns 202 and the manifest stays.",
        |switches| switches.ignore_manifest_deletion = true),
    switch("manifest-delete-keeps-tags", &["manifest-delete-tags-gone"],
        "DELETE on a manifest keeps its tags.", |switches| switches.keep_tags_of_deleted_manifests = true),
    empty("manifest-delete-missing-202", &["manifest-delete-missing"],
        "DELETE on a missing manifest returns 202 instead of 404.",
        ANY.method("DELETE").status(404).if_response(|response| has_code(response, "MANIFEST_UNKNOWN")), 202),
    empty("delete-unknown-repository-202", &["manifest-delete-unknown-repository"],
        "DELETE in an unknown repository returns 202 instead of 404.",
        ANY.method("DELETE").status(404).if_response(|response| has_code(response, "NAME_UNKNOWN")), 202),
];

pub const FAULTS: &[Fault] = &[
    before(
        "manifest-delete-404",
        &["manifest-delete-disabled"],
        "DELETE on a manifest that exists returns 404.",
        |_, request| {
            let deletes = request.is("DELETE") && by_digest(request);
            let manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            (deletes && manifest)
                .then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "it cannot be deleted"))
        },
    ),
    before(
        "index-delete-takes-images",
        &["manifest-delete-only"],
        "DELETE on an index also deletes its images.",
        |store, request| {
            let Endpoint::Manifest(_, digest) = &request.endpoint else {
                return None;
            };
            let delete = request.is("DELETE");
            let repository = repository_of(store, request)?;
            let index = repository.manifests.get(digest)?.bytes.clone();
            let index: serde_json::Value = serde_json::from_slice(&index).ok()?;
            let images = index.get("manifests")?.as_array()?.iter();
            for image in images.filter(|_| delete) {
                let digest = image.get("digest")?.as_str()?;
                repository.manifests.remove(digest);
            }
            None
        },
    ),
    before(
        "deleted-manifest-seen-by-head",
        &["manifest-delete-gone"],
        "HEAD on a deleted manifest returns 200.",
        |store, request| {
            record_tombstones(store, request);
            let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            let seen = request.is("HEAD")
                && of_manifest
                && by_digest(request)
                && tombstone(store, request).is_some();
            seen.then(|| ApiResponse::new(200))
        },
    ),
    after(
        "deleted-manifest-remembered-by-head",
        &["manifest-delete-gone"],
        "HEAD on the digest of a deleted manifest returns 200 if HEAD has found the manifest before.",
        |store, request, response| {
            if matches!(request.endpoint, Endpoint::Manifest(..)) && by_digest(request) {
                remember_found(store, request, response);
            }
        },
    ),
    before(
        "manifest-delete-blob-202",
        &["manifest-delete-missing"],
        "DELETE on a manifest with the digest of a blob returns 202 instead of 404.",
        |store, request| {
            let Endpoint::Manifest(name, digest) = &request.endpoint else {
                return None;
            };
            let of_blob = request.is("DELETE") && store.blob(name, digest).is_some();
            of_blob.then(|| ApiResponse::new(202))
        },
    ),
    after(
        "manifest-delete-takes-moved",
        &["manifest-delete-only"],
        "DELETE on a manifest also deletes a tag that was moved away from it.",
        |store, request, response| {
            if request.is("DELETE")
                && response.status == 202
                && let (Some(at), Some(repository)) =
                    (reference(request), repository_of(store, request))
            {
                let left = |tag: &Tag| tag.before.as_deref() == Some(at);
                repository.tags.retain(|_, tag| !left(tag));
            }
        },
    ),
    before(
        "manifest-delete-takes-blobs",
        &["manifest-delete-only"],
        "DELETE on a manifest also deletes its config, which other manifests need.",
        |store, request| {
            let at = reference(request)?.to_owned();
            let repository = repository_of(store, request)?;
            let manifest = repository
                .manifests
                .get(&at)
                .filter(|_| request.is("DELETE"))?;
            let manifest: Value = serde_json::from_slice(&manifest.bytes).ok()?;
            let config = manifest.pointer("/config/digest")?.as_str()?;
            repository.blobs.remove(config);
            None
        },
    ),
    before(
        "manifest-delete-takes-others",
        &["manifest-delete-only"],
        "DELETE on a manifest also deletes the manifests with the same config.",
        |store, request| {
            let at = reference(request)?.to_owned();
            let repository = repository_of(store, request)?;
            let manifest = repository
                .manifests
                .get(&at)
                .filter(|_| request.is("DELETE"))?;
            let manifest: Value = serde_json::from_slice(&manifest.bytes).ok()?;
            let config = manifest.pointer("/config/digest")?.as_str()?.to_owned();
            repository.manifests.retain(|digest, other| {
                *digest == at || !String::from_utf8_lossy(&other.bytes).contains(&config)
            });
            None
        },
    ),
    before(
        "manifest-delete-referred-in-words",
        &["manifest-delete-gone"],
        "DELETE on a manifest with referrers returns 202 and the manifest stays.",
        |store, request| {
            let (Endpoint::Manifest(name, at), true) = (&request.endpoint, request.is("DELETE"))
            else {
                return None;
            };
            let mut all = store.repositories.get(name)?.manifests.values();
            let referred = all.any(|manifest| manifest.subject.as_ref() == Some(at));
            referred.then(|| ApiResponse::new(202))
        },
    ),
    before(
        "manifest-delete-takes-layers",
        &["manifest-delete-only"],
        "DELETE on a manifest also deletes its layers, which other manifests need.",
        |store, request| {
            let (Endpoint::Manifest(name, at), true) = (&request.endpoint, request.is("DELETE"))
            else {
                return None;
            };
            let repository = store.repositories.get_mut(name)?;
            let manifest = repository.manifests.get(at)?;
            let manifest: Value = serde_json::from_slice(&manifest.bytes).ok()?;
            for layer in manifest.pointer("/layers")?.as_array()? {
                repository.blobs.remove(layer.pointer("/digest")?.as_str()?);
            }
            None
        },
    ),
];
