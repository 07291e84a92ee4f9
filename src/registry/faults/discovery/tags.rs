//! Faults of the tags list: its status, form and order.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, edit_list};
use crate::registry::faults::predicates::{got_tags, second};
use crate::registry::faults::rows::{error, response, status, switch};
use crate::registry::response_edit::TAGS_LIST;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("tags-203", &["tags-status"],
        "GET on the tags list returns 203 instead of 200.", TAGS_LIST, 203),
    switch("tags-by-number", &["tags-order"],
        "The tags list sorts digits in tags by numeric value.", |switches| switches.sort_tags_by_number = true),
    switch("tags-by-length", &["tags-order"],
        "The tags list has short tags before long tags.", |switches| switches.sort_tags_by_length = true),
    error("tags-n-large-500", &["tags-status"],
        "GET on the tags list with n above 1000 returns 500.",
        TAGS_LIST.if_request(|request| request.query("n").and_then(|n| n.parse().ok()).is_some_and(|n: u64| n > 1000)),
        500, "UNKNOWN", "n is too large"),
    error("tags-n-400", &["tags-status"],
        "GET on the tags list with n returns 400.",
        TAGS_LIST.if_request(|request| request.query("n").is_some_and(|n| n != "0")), 400, "UNSUPPORTED", "no"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "tags-as-list",
        &["tags-json"],
        "The tags response is a bare JSON list.",
        |request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| *value = value["tags"].clone());
            }
        },
    ),
    response(
        "tags-other-name",
        &["tags-json-name"],
        "The tags list has the name of another repository.",
        |request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| value["name"] = json!("other"));
            }
        },
    ),
    response(
        "tags-as-objects",
        &["tags-json-tags"],
        "The tags in the list are objects instead of strings.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    for tag in tags {
                        *tag = json!({"name": tag});
                    }
                });
            }
        },
    ),
    response(
        "tags-reversed",
        &["tags-order", "tags-n-order"],
        "The tags list is in reverse order.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| tags.reverse());
            }
        },
    ),
    // Over all pages: pages that are sorted one by one would be in no order together.
    switch(
        "tags-by-bytes",
        &["tags-order-case"],
        "The tags list is in byte order.",
        |switches| switches.sort_tags_by_bytes = true,
    ),
    response(
        "tags-unknown-200",
        &["tags-unknown-repository"],
        "GET on the tags list of an unknown repository returns 200 with an empty list.",
        |request, response| {
            if let Endpoint::Tags(name) = &request.endpoint
                && response.status == 404
            {
                *response =
                    ApiResponse::json(200, "application/json", &json!({"name": name, "tags": []}));
            }
        },
    ),
    response(
        "tags-name-short",
        &["tags-json-name"],
        "The name in the tags list is only the last component of the repository name.",
        |request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| {
                    let name = value["name"].as_str().unwrap_or_default();
                    value["name"] = json!(name.rsplit('/').next());
                });
            }
        },
    ),
    response(
        "tags-name-lost-on-pages",
        &["tags-json-name"],
        "With n, the name in the tags list is empty.",
        |request, response| {
            if got_tags(request, response) && request.query("n").is_some() {
                edit_json(response, |value| value["name"] = json!(""));
            }
        },
    ),
    response(
        "tags-name-of-first-repository",
        &["tags-json-name"],
        "The tags list of the second repository has the name of the first.",
        |request, response| {
            if got_tags(request, response) && second(request) {
                edit_json(response, |value| value["name"] = json!("self-test/one"));
            }
        },
    ),
    response(
        "tags-html",
        &["tags-json"],
        "The tags list is an HTML page.",
        |request, response| {
            if got_tags(request, response) {
                response.set("Content-Type", "text/html");
                response.body = "<html><body>tags</body></html>".into();
            }
        },
    ),
    response(
        "tags-as-text",
        &["tags-json-tags"],
        "The tags are one string instead of a list.",
        |request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| {
                    let tags: Vec<&str> = value["tags"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .collect();
                    value["tags"] = json!(tags.join(","));
                });
            }
        },
    ),
    response(
        "tags-capital-key",
        &["tags-json-tags"],
        "The tags list is in the member Tags instead of tags.",
        |request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| {
                    *value = json!({"name": value["name"], "Tags": value["tags"]})
                });
            }
        },
    ),
    response(
        "tags-last-none-404",
        &["tags-status"],
        "GET on the tags list with last and no following tag returns 404.",
        |request, response| {
            let none = String::from_utf8_lossy(&response.body).contains("\"tags\":[]");
            if got_tags(request, response) && request.query("last").is_some() && none {
                *response = ApiResponse::error(404, "NAME_UNKNOWN", "no");
            }
        },
    ),
    response(
        "tags-link-after-last",
        &["tags-link-next"],
        "After the last tag, the tags list is empty and has a Link to itself.",
        |request, response| {
            let empty = response.body.ends_with(br#""tags":[]}"#);
            if let Some(last) = request.query("last")
                && got_tags(request, response)
                && empty
            {
                let link = format!("<{}?last={last}>; rel=\"next\"", request.path);
                response.set("Link", link);
            }
        },
    ),
];
