//! Faults of pushing and moving tags.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::matching::PUT_MANIFEST;
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{of_referrers, put_manifest, tag_of};
use crate::registry::faults::rows::{after, before, error, request, switch};
use crate::registry::faults::store_edits::{pushed_manifest, pushed_tag, repository_of};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("tags-stick", &["tag-moves"],
        "A tag does not move, though its push succeeds.", |switches| switches.tags_stick = true),
    error("tag-short-refused", &["tag-grammar-accepted"],
        "A tag of one letter is refused.",
        PUT_MANIFEST.if_request(|request| tag_of(request).is_some_and(|tag| tag.len() == 1)),
        400, "TAG_INVALID", "too short"),
];

pub const FAULTS: &[Fault] = &[
    request(
        "longest-tag-cut",
        &["tag-grammar-accepted"],
        "Tags of more than 100 characters are refused.",
        |request| {
            let long = matches!(&request.endpoint, Endpoint::Manifest(_, at) if at.len() > 100 && !at.contains(':'));
            if long {
                request.endpoint = Endpoint::Unknown;
            }
        },
    ),
    after(
        "tag-moved-old-lost",
        &["tag-old-manifest-kept"],
        "The manifest that a tag moved away from is lost.",
        |store, request, response| {
            if put_manifest(request, response)
                && let Some((repository, tag)) = pushed_tag(store, request)
                && let Some(before) = tag.before.filter(|before| *before != tag.digest)
            {
                repository.manifests.remove(&before);
            }
        },
    ),
    after(
        "tags-move-together",
        &["tags-apart"],
        "When a tag moves, the other tags of its manifest move along.",
        |store, request, response| {
            if put_manifest(request, response)
                && let Some((repository, tag)) = pushed_tag(store, request)
                && let Some(before) = tag.before
            {
                let along = repository.tags.values_mut();
                for other in along.filter(|other| other.digest == before) {
                    other.digest.clone_from(&tag.digest);
                }
            }
        },
    ),
    after(
        "tags-everywhere",
        &["tags-apart"],
        "A tag is pushed to every repository that has one of its name.",
        |store, request, response| {
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
        },
    ),
    after(
        "tag-stored-cut",
        &["manifest-get-by-tag"],
        "A tag of more than 100 characters is stored without its end.",
        |store, request, response| {
            if put_manifest(request, response)
                && let Some(long) = tag_of(request).filter(|tag| tag.len() > 100)
                && let Some(repository) = repository_of(store, request)
                && let Some(tag) = repository.tags.remove(long)
            {
                let cut = long.chars().take(100).collect();
                repository.tags.insert(cut, tag);
            }
        },
    ),
    before(
        "tag-of-digits-refused",
        &["tag-grammar-accepted"],
        "A tag of digits alone is refused.",
        |_, request| {
            let digits = tag_of(request)?.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| ApiResponse::error(400, "TAG_INVALID", "this is a number"))
        },
    ),
    before(
        "tag-of-referrers-refused",
        &["tag-grammar-accepted"],
        "A tag under which clients keep referrers is refused.",
        |_, request| {
            let reserved = of_referrers(tag_of(request)?);
            reserved.then(|| ApiResponse::error(400, "TAG_INVALID", "this tag is reserved"))
        },
    ),
    request(
        "tag-cut-at-127",
        &["manifest-get-by-tag", "tags-complete"],
        "Tags are cut after 127 characters.",
        |request| {
            if let Endpoint::Manifest(_, tag) = &mut request.endpoint
                && tag.len() == 128
            {
                tag.truncate(127);
            }
        },
    ),
];
