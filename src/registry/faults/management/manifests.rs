//! Faults of DELETE on a manifest.

use serde_json::Value;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{by_digest, has_code, reference};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{
    record_tombstones, remember_found, repository_of, tombstone,
};
use crate::registry::response_edit::{ANY, At, on};
use crate::registry::tag_map::Tag;

pub const FAULTS: &[Fault] = &[
    fault("manifest-delete-501")
        .violates(&["manifest-delete-disabled"])
        .title("DELETE on a manifest returns 501.")
        .status(on("DELETE", At::ManifestByDigest, 202), 501),
    fault("delete-refused-and-done")
        .violates(&["delete-refused-kept"])
        .title("DELETE returns 405 and deletes the content.")
        .error(ANY.method("DELETE").status(202), 405, "UNSUPPORTED", "no"),
    fault("delete-disabled-code")
        .violates(&["error-code-unsupported"])
        .title("DELETE returns 405 with the code MANIFEST_UNKNOWN.")
        .error(
            ANY.method("DELETE").status(202),
            405,
            "MANIFEST_UNKNOWN",
            "no",
        ),
    fault("manifest-delete-missing-410")
        .violates(&["manifest-delete-missing-status"])
        .title("DELETE on a missing manifest returns 410 instead of 404.")
        .status(on("DELETE", At::ManifestByDigest, 404), 410),
    fault("manifest-delete-200")
        .violates(&["manifest-delete-status"])
        .title("DELETE on a manifest returns 200 instead of 202.")
        .status(on("DELETE", At::ManifestByDigest, 202), 200),
    fault("manifest-delete-in-words")
        .violates(&["manifest-delete-gone"])
        .title("DELETE on a manifest returns 202 and the manifest stays.")
        .switch(|switches| switches.ignore_manifest_deletion = true),
    fault("manifest-delete-keeps-tags")
        .violates(&["manifest-delete-tags-gone"])
        .title("DELETE on a manifest keeps its tags.")
        .switch(|switches| switches.keep_tags_of_deleted_manifests = true),
    fault("manifest-delete-missing-202")
        .violates(&["manifest-delete-missing"])
        .title("DELETE on a missing manifest returns 202 instead of 404.")
        .empty(
            ANY.method("DELETE")
                .status(404)
                .if_response(|response| has_code(response, "MANIFEST_UNKNOWN")),
            202,
        ),
    fault("delete-unknown-repository-202")
        .violates(&["manifest-delete-unknown-repository"])
        .title("DELETE in an unknown repository returns 202 instead of 404.")
        .empty(
            ANY.method("DELETE")
                .status(404)
                .if_response(|response| has_code(response, "NAME_UNKNOWN")),
            202,
        ),
    fault("manifest-delete-404")
        .violates(&["manifest-delete-disabled"])
        .title("DELETE on a manifest that exists returns 404.")
        .before(|_, request| {
            let deletes = request.is("DELETE") && by_digest(request);
            let manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            (deletes && manifest)
                .then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "it cannot be deleted"))
        }),
    fault("index-delete-takes-images")
        .violates(&["manifest-delete-only"])
        .title("DELETE on an index also deletes its images.")
        .before(|store, request| {
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
        }),
    fault("deleted-manifest-seen-by-head")
        .violates(&["manifest-delete-gone"])
        .title("HEAD on a deleted manifest returns 200.")
        .before(|store, request| {
            record_tombstones(store, request);
            let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            let seen = request.is("HEAD")
                && of_manifest
                && by_digest(request)
                && tombstone(store, request).is_some();
            seen.then(|| ApiResponse::new(200))
        }),
    fault("deleted-manifest-remembered-by-head")
        .violates(&["manifest-delete-gone"])
        .title(
            "HEAD on the digest of a deleted manifest returns 200 if HEAD has found the \
             manifest before.",
        )
        .after(|store, request, response| {
            if matches!(request.endpoint, Endpoint::Manifest(..)) && by_digest(request) {
                remember_found(store, request, response);
            }
        }),
    fault("manifest-delete-blob-202")
        .violates(&["manifest-delete-missing"])
        .title("DELETE on a manifest with the digest of a blob returns 202 instead of 404.")
        .before(|store, request| {
            let Endpoint::Manifest(name, digest) = &request.endpoint else {
                return None;
            };
            let of_blob = request.is("DELETE") && store.blob(name, digest).is_some();
            of_blob.then(|| ApiResponse::new(202))
        }),
    fault("manifest-delete-takes-moved")
        .violates(&["manifest-delete-only"])
        .title("DELETE on a manifest also deletes a tag that was moved away from it.")
        .after(|store, request, response| {
            if request.is("DELETE")
                && response.status == 202
                && let (Some(at), Some(repository)) =
                    (reference(request), repository_of(store, request))
            {
                let left = |tag: &Tag| tag.before.as_deref() == Some(at);
                repository.tags.retain(|_, tag| !left(tag));
            }
        }),
    fault("manifest-delete-takes-blobs")
        .violates(&["manifest-delete-only"])
        .title("DELETE on a manifest also deletes its config, which other manifests need.")
        .before(|store, request| {
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
        }),
    fault("manifest-delete-takes-others")
        .violates(&["manifest-delete-only"])
        .title("DELETE on a manifest also deletes the manifests with the same config.")
        .before(|store, request| {
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
        }),
    fault("manifest-delete-referred-in-words")
        .violates(&["manifest-delete-gone"])
        .title("DELETE on a manifest with referrers returns 202 and the manifest stays.")
        .before(|store, request| {
            let (Endpoint::Manifest(name, at), true) = (&request.endpoint, request.is("DELETE"))
            else {
                return None;
            };
            let mut all = store.repositories.get(name)?.manifests.values();
            let referred = all.any(|manifest| manifest.subject.as_ref() == Some(at));
            referred.then(|| ApiResponse::new(202))
        }),
    fault("manifest-delete-takes-layers")
        .violates(&["manifest-delete-only"])
        .title("DELETE on a manifest also deletes its layers, which other manifests need.")
        .before(|store, request| {
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
        }),
];
