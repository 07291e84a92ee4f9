//! Variants of the lists of tags and referrers.

use super::variant::{Variant, permitted};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::on_response;

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
];

/// Changes the body of a list of tags or referrers.
fn edit_list_body(request: &ApiRequest, response: &mut ApiResponse, change: fn(String) -> String) {
    if request.endpoint.is_list() && response.status == 200 {
        response.body = change(String::from_utf8_lossy(&response.body).into_owned()).into();
    }
}
