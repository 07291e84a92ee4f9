//! Variants of the lists of tags and referrers.

use std::time::Instant;

use super::variant::{Variant, permitted, permitted_since};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::grammar::digest_like;
use crate::registry::quirks::{before, on_response};
use crate::registry::store::Repository;
use crate::registry::tag_map::Tag;

pub const VARIANTS: &[Variant] = &[
    permitted(
        "tags-without-links",
        "A page of tags has no `Link`, even if more tags follow.",
        |options| {
            on_response(options, |request, response| {
                if matches!(request.endpoint, Endpoint::Tags(_)) {
                    response.remove("link");
                }
            });
        },
    ),
    permitted(
        "tags-empty-last-page",
        "Every full page of tags has a `Link`, if only to an empty page.",
        |options| {
            on_response(options, |request, response| {
                let body: serde_json::Value =
                    serde_json::from_slice(&response.body).unwrap_or_default();
                let tags = body.get("tags").and_then(serde_json::Value::as_array);
                let tags = tags.cloned().unwrap_or_default();
                let full = request.query("n").and_then(|n| n.parse().ok()) == Some(tags.len());
                let last = tags.last().and_then(|tag| tag.as_str());
                if let Some(last) = last.filter(|_| full && response.header("link").is_none()) {
                    let next = format!(
                        "<{}?n={}&last={last}>; rel=\"next\"",
                        request.path,
                        tags.len()
                    );
                    response.set("Link", next);
                }
            });
        },
    ),
    permitted("tags-null", "An empty list of tags is null.", |options| {
        options.unknown_tags_404 = false;
        on_response(options, |request, response| {
            edit_list_body(request, response, |body| {
                body.replace("\"tags\":[]", "\"tags\":null")
            })
        });
    }),
    permitted(
        "lists-with-more",
        "Lists have additional fields.",
        |options| {
            on_response(options, |request, response| {
                edit_list_body(request, response, |body| {
                    match body.starts_with("{\"name\"") || body.starts_with("{\"manifests\"") {
                        true => body.replacen('{', "{\"total\":1,\"x\":{},", 1),
                        false => body,
                    }
                })
            });
        },
    ),
    permitted("no-tag-listing", "Tags cannot be listed: 405.", |options| {
        on_response(options, |request, response| {
            if matches!(request.endpoint, Endpoint::Tags(_)) {
                *response = ApiResponse::error(405, "UNSUPPORTED", "tags cannot be listed")
                    .with("Allow", "");
            }
        });
    }),
    permitted(
        "no-tag-listing-404",
        "Tags cannot be listed: 404, with the code UNSUPPORTED.",
        |options| {
            on_response(options, |request, response| {
                if matches!(request.endpoint, Endpoint::Tags(_)) {
                    *response = ApiResponse::error(404, "UNSUPPORTED", "tags cannot be listed");
                }
            });
        },
    ),
    permitted(
        "tags-n-limited",
        "A tag list with `n` above 100 is refused with 400.",
        |options| {
            before(options, |_, request| {
                let list = matches!(request.endpoint, Endpoint::Tags(_));
                let n = request.query("n").filter(|_| list)?.parse::<u64>().ok()?;
                (n > 100).then(|| ApiResponse::error(400, "UNSUPPORTED", "n is at most 100"))
            });
        },
    ),
    permitted(
        "tag-latest-with-accept",
        "Every repository has a tag `latest` before the run, and a manifest is not found without an `Accept` that includes its type.",
        |options| {
            before(options, |store, request| {
                let name = request.endpoint.repository()?;
                let repository = store.repositories.get_mut(name)?;
                let digest = repository.manifests.keys().min()?.clone();
                if !repository.tags.contains_key("latest") {
                    repository
                        .tags
                        .insert("latest".to_owned(), first_tag(digest));
                }
                None
            });
            on_response(options, |request, response| {
                let manifest = matches!(request.endpoint, Endpoint::Manifest(..));
                if manifest && request.reads() && request.header("accept").is_none() {
                    *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "Accept is missing");
                }
            });
        },
    ),
    permitted_since(
        "1.1",
        "lists-begin-empty",
        "The first page of tags or referrers is empty, and has a `Link` to the second.",
        |options| {
            on_response(options, |request, response| {
                let first = request.query("last").is_none() && request.query("page").is_none();
                if first && request.query("n") != Some("0") {
                    put_empty_page_first(request, response);
                }
            });
        },
    ),
    permitted(
        "referrers-tags-generated",
        "A tag of the referrers tag schema that was not pushed leads to an index of the referrers.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Manifest(name, tag) = &request.endpoint else {
                    return None;
                };
                let repository = store.repositories.get(name)?;
                let encoded = tag.strip_prefix("sha256-").filter(|one| one.len() == 64)?;
                (request.reads() && !repository.tags.contains_key(tag))
                    .then(|| referrers_index(repository, &format!("sha256:{encoded}")))
            });
        },
    ),
    permitted(
        "tags-last-unknown-404",
        "A tag list with a `last` that is no tag of the repository is answered with 404.",
        |options| {
            before(options, |store, request| {
                let (Endpoint::Tags(name), Some(last)) = (&request.endpoint, request.query("last"))
                else {
                    return None;
                };
                let known = store.repositories.get(name)?.tags.contains_key(last);
                (!known).then(|| ApiResponse::error(404, "NAME_UNKNOWN", "there is no such tag"))
            });
        },
    ),
];

/// A tag that was pushed now, for the first time.
fn first_tag(digest: String) -> Tag {
    Tag {
        digest,
        since: Instant::now(),
        before: None,
    }
}

/// The referrers of a digest of the repository, as an index.
fn referrers_index(repository: &Repository, digest: &str) -> ApiResponse {
    let mut all: Vec<_> = repository
        .manifests
        .iter()
        .filter(|(_, one)| one.subject.as_deref() == Some(digest))
        .collect();
    all.sort_by_key(|(own, _)| *own);
    let described = all.into_iter().map(|(own, one)| {
        serde_json::json!({"mediaType": one.media_type, "digest": own, "size": one.bytes.len()})
    });
    let listed: Vec<serde_json::Value> = described.collect();
    let kind = "application/vnd.oci.image.index.v1+json";
    let body = serde_json::json!({"schemaVersion": 2, "mediaType": kind, "manifests": listed});
    let response = ApiResponse::json(200, kind, &body);
    let own = digest_like("sha256:", &response.body).unwrap_or_default();
    response.with("Docker-Content-Digest", own)
}

/// Changes the body of a list of tags or referrers.
fn edit_list_body(request: &ApiRequest, response: &mut ApiResponse, change: fn(String) -> String) {
    if request.endpoint.is_list() && response.status == 200 {
        response.body = change(String::from_utf8_lossy(&response.body).into_owned()).into();
    }
}

/// Replaces a list by an empty page with a `Link` to the list.
fn put_empty_page_first(request: &ApiRequest, response: &mut ApiResponse) {
    let Ok(mut body) = serde_json::from_slice::<serde_json::Value>(&response.body) else {
        return;
    };
    let items = match request.endpoint {
        Endpoint::Tags(_) => body.get_mut("tags"),
        Endpoint::Referrers(..) => body.get_mut("manifests"),
        _ => None,
    };
    let Some(items) = items
        .and_then(serde_json::Value::as_array_mut)
        .filter(|items| !items.is_empty())
    else {
        return;
    };
    items.clear();
    response.body = body.to_string().into();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&request.query).append_pair("page", "2");
    let next = format!("<{}?{}>; rel=\"next\"", request.path, query.finish());
    response.set("Link", next);
}
