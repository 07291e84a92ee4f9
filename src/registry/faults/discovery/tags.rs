//! Faults of the tags list: its status, form and order.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, edit_list};
use crate::registry::faults::predicates::{got_tags, second};
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::TAGS_LIST;

pub const FAULTS: &[Fault] = &[
    fault("tags-203")
        .violates(&["tags-status"])
        .title("GET on the tags list returns 203 instead of 200.")
        .status(TAGS_LIST, 203),
    fault("tags-by-number")
        .violates(&["tags-order"])
        .title("The tags list sorts digits in tags by numeric value.")
        .switch(|switches| switches.sort_tags_by_number = true),
    fault("tags-by-length")
        .violates(&["tags-order"])
        .title("The tags list has short tags before long tags.")
        .switch(|switches| switches.sort_tags_by_length = true),
    fault("tags-n-large-500")
        .violates(&["tags-status"])
        .title("GET on the tags list with n above 1000 returns 500.")
        .error(
            TAGS_LIST.if_request(|request| {
                request
                    .query("n")
                    .and_then(|n| n.parse().ok())
                    .is_some_and(|n: u64| n > 1000)
            }),
            500,
            "UNKNOWN",
            "n is too large",
        ),
    fault("tags-n-400")
        .violates(&["tags-status"])
        .title("GET on the tags list with n returns 400.")
        .error(
            TAGS_LIST.if_request(|request| request.query("n").is_some_and(|n| n != "0")),
            400,
            "UNSUPPORTED",
            "no",
        ),
    fault("tags-as-list")
        .violates(&["tags-json"])
        .title("The tags response is a bare JSON list.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| *value = value["tags"].clone());
            }
        }),
    fault("tags-other-name")
        .violates(&["tags-json-name"])
        .title("The tags list has the name of another repository.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| value["name"] = json!("other"));
            }
        }),
    fault("tags-as-objects")
        .violates(&["tags-json-tags"])
        .title("The tags in the list are objects instead of strings.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    for tag in tags {
                        *tag = json!({"name": tag});
                    }
                });
            }
        }),
    fault("tags-reversed")
        .violates(&["tags-order", "tags-n-order"])
        .title("The tags list is in reverse order.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| tags.reverse());
            }
        }),
    // Over all pages: pages that are sorted one by one would be in no order together.
    fault("tags-by-bytes")
        .violates(&["tags-order-case"])
        .title("The tags list is in byte order.")
        .switch(|switches| switches.sort_tags_by_bytes = true),
    fault("tags-unknown-200")
        .violates(&["tags-unknown-repository"])
        .title("GET on the tags list of an unknown repository returns 200 with an empty list.")
        .response(|request, response| {
            if let Endpoint::Tags(name) = &request.endpoint
                && response.status == 404
            {
                *response =
                    ApiResponse::json(200, "application/json", &json!({"name": name, "tags": []}));
            }
        }),
    fault("tags-name-short")
        .violates(&["tags-json-name"])
        .title("The name in the tags list is only the last component of the repository name.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| {
                    let name = value["name"].as_str().unwrap_or_default();
                    value["name"] = json!(name.rsplit('/').next());
                });
            }
        }),
    fault("tags-name-lost-on-pages")
        .violates(&["tags-json-name"])
        .title("With n, the name in the tags list is empty.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n").is_some() {
                edit_json(response, |value| value["name"] = json!(""));
            }
        }),
    fault("tags-name-of-first-repository")
        .violates(&["tags-json-name"])
        .title("The tags list of the second repository has the name of the first.")
        .response(|request, response| {
            if got_tags(request, response) && second(request) {
                edit_json(response, |value| value["name"] = json!("self-test/one"));
            }
        }),
    fault("tags-html")
        .violates(&["tags-json"])
        .title("The tags list is an HTML page.")
        .response(|request, response| {
            if got_tags(request, response) {
                response.set("Content-Type", "text/html");
                response.body = "<html><body>tags</body></html>".into();
            }
        }),
    fault("tags-as-text")
        .violates(&["tags-json-tags"])
        .title("The tags are one string instead of a list.")
        .response(|request, response| {
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
        }),
    fault("tags-capital-key")
        .violates(&["tags-json-tags"])
        .title("The tags list is in the member Tags instead of tags.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_json(response, |value| {
                    *value = json!({"name": value["name"], "Tags": value["tags"]})
                });
            }
        }),
    fault("tags-last-none-404")
        .violates(&["tags-status"])
        .title("GET on the tags list with last and no following tag returns 404.")
        .response(|request, response| {
            let none = String::from_utf8_lossy(&response.body).contains("\"tags\":[]");
            if got_tags(request, response) && request.query("last").is_some() && none {
                *response = ApiResponse::error(404, "NAME_UNKNOWN", "no");
            }
        }),
    fault("tags-link-after-last")
        .violates(&["tags-link-next"])
        .title("After the last tag, the tags list is empty and has a Link to itself.")
        .response(|request, response| {
            let empty = response.body.ends_with(br#""tags":[]}"#);
            if let Some(last) = request.query("last")
                && got_tags(request, response)
                && empty
            {
                let link = format!("<{}?last={last}>; rel=\"next\"", request.path);
                response.set("Link", link);
            }
        }),
];
