//! Faults of the tags list that omit or add tags.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_list, keep_tags};
use crate::registry::faults::predicates::{WRONG_DIGEST, got_tags, of_referrers};
use crate::registry::faults::rows::{after, before, response, switch};
use crate::registry::faults::store_edits::{
    insert_dangling_tag, record_tombstones, unlist_tags_of,
};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("tags-lost", &["tags-complete"],
        "The tags list omits every other tag.", |switches| switches.omit_every_second_tag = true),
    switch("tags-of-all-repositories", &["tags-only"],
        "The tags list has the tags of all repositories.", |switches| switches.list_tags_of_all_repositories = true),
];

pub const FAULTS: &[Fault] = &[
    response(
        "tags-invented",
        &["tag-grammar"],
        "The whole tags list has an invalid tag.",
        |request, response| {
            if got_tags(request, response) && request.query.is_empty() {
                edit_list(response, "/tags", |tags| tags.push(json!("~no tag~")));
            }
        },
    ),
    response(
        "tags-twice",
        &["tags-unique"],
        "The tags list has the first tag twice.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    if let Some(first) = tags.first().cloned() {
                        tags.insert(0, first);
                    }
                });
            }
        },
    ),
    response(
        "tags-of-64-characters",
        &["tags-complete"],
        "The tags list omits tags of more than 64 characters.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    tags.retain(|tag| tag.as_str().is_none_or(|tag| tag.len() <= 64));
                });
            }
        },
    ),
    after(
        "tags-moved-unlisted",
        &["tags-complete"],
        "The tags list omits tags that were pushed again.",
        |store, request, response| {
            if let (true, Some(name)) = (got_tags(request, response), request.endpoint.repository())
                && let Some(repository) = store.repositories.get(name)
            {
                let moved = |tag: &str| {
                    let tag = repository.tags.get(tag);
                    tag.is_some_and(|tag| tag.before.is_some())
                };
                edit_list(response, "/tags", |tags| {
                    tags.retain(|tag| !tag.as_str().is_some_and(moved));
                });
            }
        },
    ),
    before(
        "tags-refused-listed",
        &["tags-only"],
        "The tags list has a tag whose manifest was refused.",
        |store, request| {
            if let (Endpoint::Manifest(name, tag), true) =
                (&request.endpoint, &request.body[..] == b"nonsense")
            {
                let repository = store.repositories.get_mut(name)?;
                insert_dangling_tag(repository, tag);
            }
            None
        },
    ),
    response(
        "tags-of-referrers-unlisted",
        &["tags-complete"],
        "The tags list omits tags of the referrers tag schema.",
        |request, response| {
            if got_tags(request, response) {
                keep_tags(response, |tag| !of_referrers(tag));
            }
        },
    ),
    after(
        "tags-of-docker-unlisted",
        &["tags-complete"],
        "The tags list omits tags of Docker manifests.",
        |store, request, response| {
            unlist_tags_of(store, request, response, |manifest| {
                manifest.media_type.contains("docker")
            });
        },
    ),
    after(
        "tags-of-unregistered-unlisted",
        &["tags-complete"],
        "The tags list omits tags of manifests with unregistered media types.",
        |store, request, response| {
            unlist_tags_of(store, request, response, |manifest| {
                manifest.media_type.contains("vnd.example")
            });
        },
    ),
    after(
        "tags-of-artifacts-unlisted",
        &["tags-complete"],
        "The tags list omits tags of manifests with a subject.",
        |store, request, response| {
            unlist_tags_of(store, request, response, |manifest| {
                manifest.subject.is_some()
            });
        },
    ),
    before(
        "tags-deleted-unlisted-for-good",
        &["tags-complete"],
        "The tags list omits a deleted tag that was pushed again.",
        |store, request| {
            record_tombstones(store, request);
            let name = match &request.endpoint {
                Endpoint::Tags(name) if request.query.is_empty() => name,
                _ => return None,
            };
            let tags = store.repositories.get(name)?.tags.keys();
            let deleted = |tag: &&String| {
                store
                    .tombstones
                    .contains_key(&(name.clone(), (*tag).clone()))
            };
            let tags: Vec<&String> = tags.filter(|tag| !deleted(tag)).collect();
            let body = json!({"name": name, "tags": tags});
            Some(ApiResponse::json(200, "application/json", &body))
        },
    ),
    response(
        "tags-capitals-lost",
        &["tags-complete", "tags-link-next"],
        "The tags list omits tags with upper-case letters.",
        |request, response| {
            if got_tags(request, response) {
                keep_tags(response, |tag| {
                    !tag.contains(|letter: char| letter.is_ascii_uppercase())
                });
            }
        },
    ),
    response(
        "tags-capitals-lowered",
        &["tags-complete"],
        "The tags list has the tags in lower case.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    for tag in tags {
                        *tag = json!(tag.as_str().unwrap_or_default().to_lowercase());
                    }
                });
            }
        },
    ),
    response(
        "tags-cut-at-ten",
        &["tags-complete"],
        "The tags list has at most ten tags and no Link.",
        |request, response| {
            if got_tags(request, response)
                && request.query("n").is_none()
                && request.query("last").is_none()
            {
                edit_list(response, "/tags", |tags| tags.truncate(10));
            }
        },
    ),
    response(
        "tags-digests-listed",
        &["tag-grammar"],
        "The tags list has a digest.",
        |request, response| {
            if got_tags(request, response) && request.query("n").is_none() {
                edit_list(response, "/tags", |tags| {
                    tags.push(json!(format!("zzzzzz.{WRONG_DIGEST}")))
                });
            }
        },
    ),
    response(
        "tags-latest-alone-invented",
        &["tags-only"],
        "The tags list has a tag latest that does not exist.",
        |request, response| {
            if got_tags(request, response) && request.query("n").is_none() {
                edit_list(response, "/tags", |tags| {
                    let at = tags.iter().position(|tag| tag.as_str() > Some("latest"));
                    tags.insert(at.unwrap_or(tags.len()), json!("latest"));
                });
            }
        },
    ),
];
