//! Faults of the pagination of the tags list: `n`, `last` and Link.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::faults::edits::{drop_rel, edit_list, keep_tags, relink};
use crate::registry::faults::matching::TAGS_LIST;
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::got_tags;
use crate::registry::faults::rows::{after, error, request, response, switch};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("tags-last-included", &["tags-last-exclusive"],
        "The last tag is listed again.", |switches| switches.include_last = true),
    error("tags-last-needs-n", &["tags-last-without-n"],
        "The tags after one are not listed without a number.",
        TAGS_LIST.query("last").if_request(|request| request.query("n").is_none()),
        400, "UNSUPPORTED", "n is needed"),
    error("tags-n-zero-400", &["tags-n-zero"],
        "No tags are asked for, and that is refused.",
        TAGS_LIST.if_request(|request| request.query("n") == Some("0")), 400, "UNSUPPORTED", "no"),
    switch("tags-last-alone-ignored", &["tags-last-exclusive", "tags-last-next"],
        "The tag to start after is ignored without a number.", |switches| switches.last_ignored = true),
];

pub const FAULTS: &[Fault] = &[
    request(
        "tags-n-ignored",
        &["tags-n-most", "tags-last-most"],
        "The number of tags asked for is ignored.",
        |request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) {
                request
                    .query
                    .retain(|(key, value)| key != "n" || value == "0");
            }
        },
    ),
    response(
        "tags-n-few",
        &["tags-n-count"],
        "One tag less is listed than asked for, and no Link.",
        |request, response| {
            if got_tags(request, response) && request.query("n") == Some("2") {
                response.remove("link");
                edit_list(response, "/tags", |tags| {
                    tags.pop();
                });
            }
        },
    ),
    response(
        "tags-link-no-rel",
        &["tags-link-form"],
        "The Link of tags has no relation.",
        |request, response| {
            if got_tags(request, response) {
                drop_rel(response);
            }
        },
    ),
    response(
        "tags-link-loop",
        &["tags-link-next"],
        "The Link of tags leads to the first page.",
        |request, response| {
            if got_tags(request, response) && response.header("link").is_some() {
                response.set("Link", format!("<{}?n=7>; rel=\"next\"", request.path));
            }
        },
    ),
    request(
        "tags-n-zero-all",
        &["tags-n-zero"],
        "When no tags are asked for, all are listed.",
        |request| {
            if request.query("n") == Some("0") {
                request.query.clear();
            }
        },
    ),
    response(
        "tags-n-zero-link",
        &["tags-n-zero-link"],
        "A list of no tags has a Link.",
        |request, response| {
            if got_tags(request, response) && request.query("n") == Some("0") {
                response.set("Link", format!("<{}?n=1>; rel=\"next\"", request.path));
            }
        },
    ),
    response(
        "tags-last-skips",
        &["tags-last-next"],
        "The tag after the last is left out.",
        |request, response| {
            if got_tags(request, response) && request.query("last").is_some() {
                edit_list(response, "/tags", |tags| {
                    if !tags.is_empty() {
                        tags.remove(0);
                    }
                });
            }
        },
    ),
    response(
        "tags-last-hides-longer",
        &["tags-last-next"],
        "After a tag, no tags are listed that begin with it.",
        |request, response| {
            if let (true, Some(last)) = (got_tags(request, response), request.query("last")) {
                keep_tags(response, |tag| !tag.starts_with(last));
            }
        },
    ),
    response(
        "tags-last-but-one-empty",
        &["tags-last-next"],
        "After the last tag but one, no tag is listed where one is asked for.",
        |request, response| {
            let alone = request.query("n") == Some("1") && response.header("link").is_none();
            if got_tags(request, response) && request.query("last").is_some() && alone {
                keep_tags(response, |_| false);
            }
        },
    ),
    after(
        "tags-last-number-counted",
        &["tags-last-next"],
        "A number as the last tag is taken for a position in the list.",
        |store, request, response| {
            let last = request
                .query("last")
                .and_then(|last| last.parse::<usize>().ok());
            let name = request.endpoint.repository().unwrap_or_default();
            if let (true, Some(last), Some(repository)) = (
                got_tags(request, response),
                last,
                store.repositories.get(name),
            ) {
                let tags = repository.tags.keys().skip(last);
                let tags: Vec<Value> = tags.map(|tag| tag.as_str().into()).collect();
                edit_list(response, "/tags", |listed| *listed = tags);
            }
        },
    ),
    response(
        "tags-link-next-page",
        &["tags-link-form"],
        "The Link of a list of tags is of a relation that is called next-page.",
        |request, response| {
            relink(request, response, |link| {
                link.replace("\"next\"", "\"next-page\"")
            })
        },
    ),
    response(
        "tags-link-empty",
        &["tags-link-form"],
        "A list of tags that does not end has an empty Link.",
        |request, response| relink(request, response, |_| String::new()),
    ),
    request(
        "tags-one-more",
        &["tags-n-most", "tags-last-most"],
        "One tag more is listed than asked for.",
        |request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) {
                for (key, value) in &mut request.query {
                    if key == "n" && value != "0" {
                        *value = value
                            .parse::<u32>()
                            .map_or(0, |n| n.saturating_add(1))
                            .to_string();
                    }
                }
            }
        },
    ),
    response(
        "tags-n-one-none",
        &["tags-n-count", "tags-last-next"],
        "When one tag is asked for, none is listed.",
        |request, response| {
            if got_tags(request, response) && request.query("n") == Some("1") {
                response.remove("link");
                edit_list(response, "/tags", Vec::clear);
            }
        },
    ),
    response(
        "tags-n-large-cut",
        &["tags-n-count"],
        "When more tags are asked for than there are, the last is left out.",
        |request, response| {
            if got_tags(request, response) && request.query("n").is_some_and(|n| n.len() > 4) {
                edit_list(response, "/tags", |tags| {
                    tags.pop();
                });
            }
        },
    ),
    response(
        "tags-n-from-second",
        &["tags-n-start"],
        "A list of so many tags starts with the second.",
        |request, response| {
            if got_tags(request, response)
                && request.query("n").is_some_and(|n| n != "0")
                && request.query("last").is_none()
            {
                edit_list(response, "/tags", |tags| {
                    if tags.len() > 1 {
                        tags.remove(0);
                    } else {
                        *tags = vec![json!("zz")];
                    }
                });
            }
        },
    ),
    response(
        "tags-link-previous",
        &["tags-link-form", "tags-link-next"],
        "The Link of tags has the relation prev.",
        |request, response| {
            relink(request, response, |link| link.replace("next", "prev"));
        },
    ),
    response(
        "tags-link-bare",
        &["tags-link-form"],
        "The Link of tags has no angle brackets.",
        |request, response| {
            relink(request, response, |link| link.replace(['<', '>'], ""));
        },
    ),
    response(
        "tags-link-title",
        &["tags-link-form"],
        "The Link of tags has next for a title.",
        |request, response| {
            relink(request, response, |link| link.replace("rel=", "title="));
        },
    ),
    response(
        "tags-link-nowhere",
        &["tags-link-next"],
        "The Link of tags leads to nothing.",
        |request, response| {
            relink(request, response, |_| {
                "</v2/nowhere>; rel=\"next\"".to_owned()
            });
        },
    ),
    response(
        "tags-link-itself",
        &["tags-link-next"],
        "The Link of tags leads to the same page.",
        |request, response| {
            let query: Vec<String> = request
                .query
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let same = format!("<{}?{}>; rel=\"next\"", request.path, query.join("&"));
            relink(request, response, |_| same);
        },
    ),
    response(
        "tags-link-loses-n",
        &["tags-link-size"],
        "The Link of tags forgets how many were asked for.",
        |request, response| {
            relink(request, response, |link| {
                let kept = link.split_once("last=").map(|(_, last)| last.to_owned());
                format!(
                    "</v2/{}/tags/list?last={}",
                    request.endpoint.repository().unwrap_or_default(),
                    kept.unwrap_or_default()
                )
            });
        },
    ),
    response(
        "tags-link-endless",
        &["tags-link-next"],
        "There is always one more page of tags.",
        |request, response| {
            if got_tags(request, response)
                && request.query("n").is_some_and(|n| n != "0")
                && response.header("link").is_none()
            {
                let turn = request
                    .query("turn")
                    .and_then(|turn| turn.parse::<u32>().ok())
                    .unwrap_or_default();
                let next = turn.saturating_add(1);
                response.set(
                    "Link",
                    format!(
                        "<{}?n=2&last=zzzzzzzz&turn={next}>; rel=\"next\"",
                        request.path
                    ),
                );
            }
        },
    ),
    response(
        "tags-n-zero-last-all",
        &["tags-n-zero"],
        "No tags after a certain one are asked for, and one is listed.",
        |request, response| {
            if got_tags(request, response)
                && request.query("n") == Some("0")
                && request.query("last").is_some()
            {
                edit_list(response, "/tags", |tags| tags.push(json!("zz")));
            }
        },
    ),
    request(
        "tags-last-ignored",
        &["tags-last-exclusive", "tags-last-next"],
        "The tag to start after is ignored.",
        |request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) {
                request.query.retain(|(key, _)| key != "last");
            }
        },
    ),
    response(
        "tags-last-end-again",
        &["tags-last-exclusive"],
        "After the last tag the list starts again.",
        |request, response| {
            let again = request
                .query("last")
                .is_some_and(|last| last.starts_with("zzzz"));
            if got_tags(request, response) && again && request.query("n").is_none() {
                edit_list(response, "/tags", |tags| {
                    tags.push(json!(request.query("last")))
                });
            }
        },
    ),
];
