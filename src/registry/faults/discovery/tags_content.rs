//! Faults of the tags list that omit or add tags.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_list, keep_tags};
use crate::registry::faults::predicates::{WRONG_DIGEST, got_tags, of_referrers};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{
    insert_dangling_tag, record_tombstones, unlist_tags_of,
};

pub const FAULTS: &[Fault] = &[
    fault("tags-lost")
        .violates(&["tags-complete"])
        .title("The tags list omits every other tag.")
        .switch(|switches| switches.omit_every_second_tag = true),
    fault("tags-of-all-repositories")
        .violates(&["tags-only"])
        .title("The tags list has the tags of all repositories.")
        .switch(|switches| switches.list_tags_of_all_repositories = true),
    fault("tags-invented")
        .violates(&["tag-grammar"])
        .title("The whole tags list has an invalid tag.")
        .response(|request, response| {
            if got_tags(request, response) && request.query.is_empty() {
                edit_list(response, "/tags", |tags| tags.push(json!("~no tag~")));
            }
        }),
    fault("tags-twice")
        .violates(&["tags-unique"])
        .title("The tags list has the first tag twice.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    if let Some(first) = tags.first().cloned() {
                        tags.insert(0, first);
                    }
                });
            }
        }),
    fault("tags-of-64-characters")
        .violates(&["tags-complete"])
        .title("The tags list omits tags of more than 64 characters.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    tags.retain(|tag| tag.as_str().is_none_or(|tag| tag.len() <= 64));
                });
            }
        }),
    fault("tags-moved-unlisted")
        .violates(&["tags-complete"])
        .title("The tags list omits tags that were pushed again.")
        .after(|store, request, response| {
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
        }),
    fault("tags-refused-listed")
        .violates(&["tags-only"])
        .title("The tags list has a tag whose manifest was refused.")
        .before(|store, request| {
            if let (Endpoint::Manifest(name, tag), true) =
                (&request.endpoint, &request.body[..] == b"nonsense")
            {
                let repository = store.repositories.get_mut(name)?;
                insert_dangling_tag(repository, tag);
            }
            None
        }),
    fault("tags-of-referrers-unlisted")
        .violates(&["tags-complete"])
        .title("The tags list omits tags of the referrers tag schema.")
        .response(|request, response| {
            if got_tags(request, response) {
                keep_tags(response, |tag| !of_referrers(tag));
            }
        }),
    fault("tags-of-docker-unlisted")
        .violates(&["tags-complete"])
        .title("The tags list omits tags of Docker manifests.")
        .after(|store, request, response| {
            unlist_tags_of(store, request, response, |manifest| {
                manifest.media_type.contains("docker")
            });
        }),
    fault("tags-of-unregistered-unlisted")
        .violates(&["tags-complete"])
        .title("The tags list omits tags of manifests with unregistered media types.")
        .after(|store, request, response| {
            unlist_tags_of(store, request, response, |manifest| {
                manifest.media_type.contains("vnd.example")
            });
        }),
    fault("tags-of-artifacts-unlisted")
        .violates(&["tags-complete"])
        .title("The tags list omits tags of manifests with a subject.")
        .after(|store, request, response| {
            unlist_tags_of(store, request, response, |manifest| {
                manifest.subject.is_some()
            });
        }),
    fault("tags-deleted-unlisted-for-good")
        .violates(&["tags-complete"])
        .title("The tags list omits a deleted tag that was pushed again.")
        .before(|store, request| {
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
        }),
    fault("tags-capitals-lost")
        .violates(&["tags-complete", "tags-link-next"])
        .title("The tags list omits tags with upper-case letters.")
        .response(|request, response| {
            if got_tags(request, response) {
                keep_tags(response, |tag| {
                    !tag.contains(|letter: char| letter.is_ascii_uppercase())
                });
            }
        }),
    fault("tags-capitals-lowered")
        .violates(&["tags-complete"])
        .title("The tags list has the tags in lower case.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    for tag in tags {
                        *tag = json!(tag.as_str().unwrap_or_default().to_lowercase());
                    }
                });
            }
        }),
    fault("tags-cut-at-ten")
        .violates(&["tags-complete"])
        .title("The tags list has at most ten tags and no Link.")
        .response(|request, response| {
            if got_tags(request, response)
                && request.query("n").is_none()
                && request.query("last").is_none()
            {
                edit_list(response, "/tags", |tags| tags.truncate(10));
            }
        }),
    fault("tags-digests-listed")
        .violates(&["tag-grammar"])
        .title("The tags list has a digest.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n").is_none() {
                edit_list(response, "/tags", |tags| {
                    tags.push(json!(format!("zzzzzz.{WRONG_DIGEST}")))
                });
            }
        }),
    fault("tags-latest-alone-invented")
        .violates(&["tags-only"])
        .title("The tags list has a tag latest that does not exist.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n").is_none() {
                edit_list(response, "/tags", |tags| {
                    let at = tags.iter().position(|tag| tag.as_str() > Some("latest"));
                    tags.insert(at.unwrap_or(tags.len()), json!("latest"));
                });
            }
        }),
];
