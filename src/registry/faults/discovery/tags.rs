//! Faults of the tags list: its status, form and order.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::edits::{edit_json, edit_list};
use crate::registry::faults::matching::TAGS_LIST;
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{got_tags, second};
use crate::registry::faults::rows::{error, response, status, switch};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("tags-203", &["tags-status"],
        "Tags are listed with 203.", TAGS_LIST, 203),
    switch("tags-by-number", &["tags-order"],
        "Numbers in tags are put in order by what they count.", |switches| switches.tags_by_number = true),
    switch("tags-by-length", &["tags-order"],
        "Short tags are listed before long ones.", |switches| switches.tags_by_length = true),
    error("tags-n-400", &["tags-status", "tags-n-most", "tags-n-count"],
        "A number of tags cannot be asked for.",
        TAGS_LIST.if_request(|request| request.query("n").is_some_and(|n| n != "0")), 400, "UNSUPPORTED", "no"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "tags-as-list",
        &["tags-json"],
        "Tags are listed as a bare list.",
        |request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| *value = value["tags"].clone());
            }
        },
    ),
    response(
        "tags-other-name",
        &["tags-json-name"],
        "The list of tags names another repository.",
        |request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| value["name"] = json!("other"));
            }
        },
    ),
    response(
        "tags-as-objects",
        &["tags-json-tags"],
        "Tags are listed as objects.",
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
        &["tags-order", "tags-n-order", "tags-last-order"],
        "Tags are listed backwards.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| tags.reverse());
            }
        },
    ),
    response(
        "tags-by-bytes",
        &["tags-order-case"],
        "Tags are listed in the order of bytes.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    tags.sort_by_key(|tag| tag.as_str().map(str::to_owned))
                });
            }
        },
    ),
    response(
        "tags-unknown-200",
        &["tags-unknown-repository"],
        "An unknown repository has an empty list of tags.",
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
        "The list of tags names the last part of the repository's name.",
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
        "A list of so many tags has no name.",
        |request, response| {
            if got_tags(request, response) && request.query("n").is_some() {
                edit_json(response, |value| value["name"] = json!(""));
            }
        },
    ),
    response(
        "tags-name-of-first-repository",
        &["tags-json-name"],
        "The list of tags of the second repository names another.",
        |request, response| {
            if got_tags(request, response) && second(request) {
                edit_json(response, |value| value["name"] = json!("self-test/one"));
            }
        },
    ),
    response(
        "tags-html",
        &["tags-json"],
        "Tags are listed on a page for people.",
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
        "Tags are listed in one text.",
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
        "Tags are listed under Tags.",
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
        "When no tag follows the last, that is answered with 404.",
        |request, response| {
            let none = String::from_utf8_lossy(&response.body).contains("\"tags\":[]");
            if got_tags(request, response) && request.query("last").is_some() && none {
                *response = ApiResponse::error(404, "NAME_UNKNOWN", "no");
            }
        },
    ),
];
