//! Faults of DELETE on a tag, and on tags, manifests and blobs alike.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::fake_tag_deletion;
use crate::registry::faults::predicates::{by_digest, reference};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{
    insert_dangling_tag, pushes_tombstone, record_tombstones, repository_of, tombstone,
};
use crate::registry::response_edit::{ANY, At, on};

pub const FAULTS: &[Fault] = &[
    fault("tag-delete-missing-410")
        .violates(&["tag-delete-missing-status"])
        .title("DELETE on a missing tag returns 410 instead of 404.")
        .status(
            ANY.method("DELETE")
                .status(404)
                .if_request(|request| !by_digest(request)),
            410,
        ),
    fault("tag-delete-501")
        .violates(&["tag-delete-disabled"])
        .title("DELETE on a tag returns 501.")
        .status(on("DELETE", At::ManifestByTag, 202), 501),
    fault("tag-delete-200")
        .violates(&["tag-delete-status"])
        .title("DELETE on a tag returns 200 instead of 202.")
        .status(on("DELETE", At::ManifestByTag, 202), 200),
    fault("delete-500")
        .violates(&[
            "tag-delete-status",
            "manifest-delete-status",
            "blob-delete-status",
        ])
        .title("Every DELETE on a tag, a manifest or a blob returns 500.")
        .error(
            ANY.method("DELETE")
                .if_request(|request| reference(request).is_some()),
            500,
            "UNSUPPORTED",
            "no",
        ),
    fault("tag-delete-in-words")
        .violates(&["tag-delete-gone"])
        .title("DELETE on a tag returns 202 and the tag stays.")
        .switch(|switches| switches.ignore_tag_deletion = true),
    fault("tag-delete-all")
        .violates(&["tag-delete-only"])
        .title("DELETE on a tag also deletes the other tags of its manifest.")
        .switch(|switches| switches.delete_all_tags_of_manifest = true),
    fault("tag-delete-missing-202")
        .violates(&["tag-delete-missing"])
        .title("DELETE on a missing tag returns 202 instead of 404.")
        .empty(on("DELETE", At::ManifestByTag, 404), 202),
    fault("deleted-remembered")
        .violates(&["tag-delete-missing", "manifest-delete-missing"])
        .title("A second DELETE returns 202 instead of 404.")
        .before(|store, request| {
            let again = request.is("DELETE") && tombstone(store, request).is_some();
            record_tombstones(store, request);
            again.then(|| ApiResponse::new(202))
        }),
    fault("deleted-tag-seen-by-head")
        .violates(&["tag-delete-gone"])
        .title("HEAD on a deleted tag returns 200.")
        .before(|store, request| {
            record_tombstones(store, request);
            let seen =
                request.is("HEAD") && !by_digest(request) && tombstone(store, request).is_some();
            seen.then(|| ApiResponse::new(200))
        }),
    fault("deleted-for-good")
        .violates(&["manifest-get-status", "blob-get-status"])
        .title("Deleted content returns 404 after it is pushed again.")
        .before(|store, request| {
            record_tombstones(store, request);
            let gone = request.reads() && tombstone(store, request).is_some();
            gone.then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "it was deleted"))
        }),
    fault("deleted-push-refused")
        .violates(&[
            "tag-delete-again",
            "manifest-delete-again",
            "blob-delete-again",
        ])
        .title("The registry refuses a push of deleted content.")
        .before(|store, request| {
            record_tombstones(store, request);
            let pushes = request.is("PUT")
                && (tombstone(store, request).is_some() || pushes_tombstone(store, request));
            pushes.then(|| ApiResponse::error(409, "DENIED", "it was deleted"))
        }),
    fault("deleted-tags-listed")
        .violates(&["tag-delete-unlisted", "manifest-delete-unlisted"])
        .title("The tags list has deleted tags.")
        .before(|store, request| {
            record_tombstones(store, request);
            if let Endpoint::Tags(name) = &request.endpoint {
                let repository = store.repositories.get_mut(name)?;
                let deleted = store
                    .tombstones
                    .keys()
                    .filter(|(of, at)| of == name && !at.contains(':'));
                for (_, tag) in deleted {
                    insert_dangling_tag(repository, tag);
                }
            }
            None
        }),
    fault("delete-everywhere")
        .violates(&[
            "tag-delete-others-kept",
            "manifest-delete-only",
            "blob-delete-only",
        ])
        .title("DELETE in one repository deletes the content in all repositories.")
        .after(|store, request, response| {
            if request.is("DELETE") && response.status == 202 {
                let at = reference(request).unwrap_or_default();
                for repository in store.repositories.values_mut() {
                    repository.tags.remove(at);
                    repository.manifests.remove(at);
                    repository.blobs.remove(at);
                }
            }
        }),
    fault("tag-delete-takes-manifest")
        .violates(&["tag-delete-only"])
        .title("DELETE on a tag also deletes its manifest.")
        .before(|store, request| {
            let at = reference(request)?.to_owned();
            let repository = repository_of(store, request)?;
            let digest = repository.tags.get(&at)?.digest.clone();
            if request.is("DELETE") {
                repository.manifests.remove(&digest);
            }
            None
        }),
    fault("tag-delete-last-kept")
        .violates(&["tag-delete-gone"])
        .title("DELETE on the only tag of a manifest returns 202 and the tag stays.")
        .before(|store, request| {
            let at = reference(request)?.to_owned();
            let repository = repository_of(store, request).filter(|_| request.is("DELETE"))?;
            let digest = repository.tags.get(&at)?.digest.clone();
            let tags = repository.tags.values();
            let alone = tags.filter(|tag| tag.digest == digest).count() == 1;
            alone.then(|| ApiResponse::new(202))
        }),
    fault("tag-delete-every-case")
        .violates(&["tag-delete-only"])
        .title("DELETE on a tag also deletes the tags that differ only in case.")
        .after(|store, request, response| {
            if request.is("DELETE")
                && response.status == 202
                && let (Some(at), Some(repository)) =
                    (reference(request), repository_of(store, request))
            {
                repository
                    .tags
                    .retain(|tag, _| !tag.eq_ignore_ascii_case(at));
            }
        }),
    fault("tag-delete-capitals-in-words")
        .violates(&["tag-delete-gone"])
        .title("DELETE on a tag with RELEASE in its name returns 202 and the tag stays.")
        .before(|_, request| fake_tag_deletion(request, |tag| tag.contains("RELEASE"))),
    fault("tag-delete-long-in-words")
        .violates(&["tag-delete-gone"])
        .title("DELETE on a tag of 128 characters returns 202 and the tag stays.")
        .before(|_, request| fake_tag_deletion(request, |tag| tag.len() == 128)),
    fault("tag-delete-sha512-in-words")
        .violates(&["tag-delete-gone"])
        .title("DELETE on a tag of a sha512 digest returns 202 and the tag stays.")
        .before(|store, request| {
            let (Endpoint::Manifest(name, tag), true) = (&request.endpoint, request.is("DELETE"))
            else {
                return None;
            };
            let leads = &store.repositories.get(name)?.tags.get(tag)?.digest;
            leads.starts_with("sha512").then(|| ApiResponse::new(202))
        }),
    fault("tag-pushed-again-leads-back")
        .violates(&["manifest-get-by-tag"])
        .title("A deleted tag that is pushed again points to its old manifest.")
        .before(|store, request| {
            let Endpoint::Manifest(name, tag) = &request.endpoint else {
                return None;
            };
            let key = (name.clone(), tag.clone());
            let repository = store.repositories.get(name)?;
            let leads = repository.tags.get(tag)?.digest.clone();
            match store.tombstones.get(&key) {
                Some(old) if request.is("GET") => {
                    let old = String::from_utf8_lossy(old).into_owned();
                    request.endpoint = Endpoint::Manifest(key.0, old);
                }
                _ if request.is("DELETE") => {
                    store.tombstones.insert(key, leads.into());
                }
                _ => {}
            }
            None
        }),
];
