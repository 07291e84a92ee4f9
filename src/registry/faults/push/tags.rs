//! Faults of pushing and moving tags.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{of_referrers, put_manifest, tag_of};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{pushed_manifest, pushed_tag, repository_of};
use crate::registry::response_edit::PUT_MANIFEST;
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("tags-stick")
        .violates(&["tag-moves"])
        .title("PUT to an existing tag succeeds and the tag does not move.")
        .switch(|switches| switches.ignore_tag_moves = true),
    fault("tag-short-refused")
        .violates(&["tag-grammar-accepted"])
        .title("The registry refuses a tag of one character.")
        .error(
            PUT_MANIFEST.if_request(|request| tag_of(request).is_some_and(|tag| tag.len() == 1)),
            400,
            "TAG_INVALID",
            "too short",
        ),
    fault("longest-tag-cut")
        .violates(&["tag-grammar-accepted"])
        .title("The registry refuses tags of more than 100 characters.")
        .request(|request| {
            let long = match &request.endpoint {
                Endpoint::Manifest(_, at) => at.len() > 100 && !at.contains(':'),
                _ => false,
            };
            if long {
                request.endpoint = Endpoint::Unknown;
            }
        }),
    fault("tag-moved-old-lost")
        .violates(&["tag-old-manifest-kept"])
        .title("Moving a tag deletes the manifest that it pointed to before.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some((repository, tag)) = pushed_tag(store, request)
                && let Some(before) = tag.before.filter(|before| *before != tag.digest)
            {
                repository.manifests.remove(&before);
            }
        }),
    fault("tag-moved-old-type-lost")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title(
            "Moving the last tag of a manifest changes the Content-Type of the manifest to \
             application/octet-stream.",
        )
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some((repository, tag)) = pushed_tag(store, request)
                && let Some(before) = tag.before
                && !repository.tags.values().any(|tag| tag.digest == before)
                && let Some(manifest) = repository.manifests.get_mut(&before)
            {
                manifest.media_type = "application/octet-stream".to_owned();
            }
        }),
    fault("tag-pushed-again-missing")
        .violates(&["manifest-get-status", "manifest-head-status"])
        .title("GET and HEAD on a tag that was pushed again with the same manifest return 404.")
        .after(|store, request, response| {
            let mark = ("pushed again".to_owned(), request.path.clone());
            if put_manifest(request, response) {
                let pushed = pushed_tag(store, request).map(|(_, tag)| tag);
                match pushed.is_some_and(|tag| tag.before.as_ref() == Some(&tag.digest)) {
                    true => store.tombstones.insert(mark, Bytes::new()),
                    false => store.tombstones.remove(&mark),
                };
            } else if request.reads() && store.tombstones.contains_key(&mark) {
                *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "there is no such tag");
            }
        }),
    fault("tags-move-together")
        .violates(&["tags-apart"])
        .title("Moving a tag also moves the other tags of the same manifest.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some((repository, tag)) = pushed_tag(store, request)
                && let Some(before) = tag.before
            {
                let along = repository.tags.values_mut();
                for other in along.filter(|other| other.digest == before) {
                    other.digest.clone_from(&tag.digest);
                }
            }
        }),
    fault("tag-pushed-other-tags-lost")
        .violates(&["tags-apart"])
        .title("A push of a tag removes the other tags of the same manifest.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some(at) = tag_of(request)
                && let Some((repository, pushed)) = pushed_tag(store, request)
            {
                let others = |tag: &String, digest: &String| *digest == pushed.digest && tag != at;
                repository
                    .tags
                    .retain(|tag, leads| !others(tag, &leads.digest));
            }
        }),
    fault("tags-everywhere")
        .violates(&["tags-apart"])
        .title("Pushing a tag moves the tag of that name in every repository.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some(at) = tag_of(request)
                && let Some(manifest) = pushed_manifest(store, request, response).cloned()
                && let Some(tag) = pushed_tag(store, request).map(|(_, tag)| tag)
            {
                for repository in store.repositories.values_mut() {
                    if let Some(other) = repository.tags.get_mut(at) {
                        *other = tag.clone();
                        let known = repository.manifests.entry(tag.digest.clone());
                        known.or_insert_with(|| manifest.clone());
                    }
                }
            }
        }),
    fault("tag-stored-cut")
        .violates(&["manifest-get-by-tag"])
        .title("The registry stores a tag of more than 100 characters without its end.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some(long) = tag_of(request).filter(|tag| tag.len() > 100)
                && let Some(repository) = repository_of(store, request)
                && let Some(tag) = repository.tags.remove(long)
            {
                let cut = long.chars().take(100).collect();
                repository.tags.insert(cut, tag);
            }
        }),
    fault("tag-of-digits-refused")
        .violates(&["tag-grammar-accepted"])
        .title("The registry refuses a tag of digits only.")
        .before(|_, request| {
            let digits = tag_of(request)?.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| ApiResponse::error(400, "TAG_INVALID", "this is a number"))
        }),
    fault("tag-of-referrers-refused")
        .violates(&["tag-grammar-accepted"])
        .title("The registry refuses a tag of the referrers tag schema.")
        .before(|_, request| {
            let reserved = of_referrers(tag_of(request)?);
            reserved.then(|| ApiResponse::error(400, "TAG_INVALID", "this tag is reserved"))
        }),
    fault("tags-regardless-of-marks")
        .violates(&["tags-apart"])
        .title("The registry ignores full stops, hyphens and underscores when it looks up a tag.")
        .before(|store, request| {
            read_as_alike(store, request, |tag| tag.replace(['.', '-', '_'], ""))
        }),
    fault("tags-regardless-of-last-zeros")
        .violates(&["tags-apart"])
        .title("The registry ignores zeros at the end when it looks up a tag.")
        .before(|store, request| {
            read_as_alike(store, request, |tag| tag.trim_end_matches('0').to_owned())
        }),
    fault("tag-final-stop-dropped")
        .violates(&["tags-apart"])
        .title("The registry drops full stops at the end of a tag.")
        .request(|request| {
            if let Endpoint::Manifest(_, tag) = &mut request.endpoint {
                tag.truncate(tag.trim_end_matches('.').len());
            }
        }),
    fault("tag-cut-at-127")
        .violates(&["manifest-get-by-tag", "tags-complete"])
        .title("The registry cuts a tag of 128 characters to 127.")
        .request(|request| {
            if let Endpoint::Manifest(_, tag) = &mut request.endpoint
                && tag.len() == 128
            {
                tag.truncate(127);
            }
        }),
];

/// Replaces a tag that does not exist with a tag that has the same canonical form.
fn read_as_alike(
    store: &mut Store,
    request: &mut ApiRequest,
    canonical: fn(&str) -> String,
) -> Option<ApiResponse> {
    let tags = &repository_of(store, request)?.tags;
    if let Endpoint::Manifest(_, at) = &mut request.endpoint
        && !at.contains(':')
        && !tags.contains_key(at)
    {
        let form = canonical(at);
        at.clone_from(tags.keys().find(|tag| canonical(tag) == form)?);
    }
    None
}
