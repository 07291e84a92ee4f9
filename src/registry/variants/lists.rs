//! Variants of the lists of tags and referrers.

use super::variant::{Variant, permitted, permitted_since};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::{before, on_response};

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
                *response = ApiResponse::error(405, "UNSUPPORTED", "tags cannot be listed");
            }
        });
    }),
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
