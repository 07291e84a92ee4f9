//! Faults of the pagination of the tags list: `n`, `last` and Link.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{drop_rel, edit_list, keep_tags, relink};
use crate::registry::faults::predicates::got_tags;
use crate::registry::faults::rows::{after, error, request, response, switch};
use crate::registry::response_edit::TAGS_LIST;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("tags-last-included", &["tags-last-exclusive"],
        "With last=T, the tags list starts with T.", |switches| switches.include_last = true),
    error("tags-last-needs-n", &["tags-last-without-n"],
        "GET on the tags list with last and without n returns 400.",
        TAGS_LIST.query("last").if_request(|request| request.query("n").is_none()),
        400, "UNSUPPORTED", "n is needed"),
    error("tags-n-zero-400", &["tags-n-zero"],
        "GET on the tags list with n=0 returns 400.",
        TAGS_LIST.if_request(|request| request.query("n") == Some("0")), 400, "UNSUPPORTED", "no"),
    switch("tags-last-alone-ignored", &["tags-last-exclusive"],
        "The tags list ignores last when n is missing.", |switches| switches.ignore_last_without_n = true),
];

pub const FAULTS: &[Fault] = &[
    response(
        "tags-n-zero-no-name",
        &["tags-json-name"],
        "With n=0, the tags list has no name.",
        |request, response| {
            if got_tags(request, response) && request.query("n") == Some("0") {
                response.body = "{\"tags\":[]}".into();
            }
        },
    ),
    response(
        "tags-last-swapped",
        &["tags-last-order"],
        "With last and without n, the first two tags are swapped.",
        |request, response| {
            let last = request.query("last").is_some() && request.query("n").is_none();
            if last && got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    if let [one, other, ..] = tags.as_mut_slice() {
                        std::mem::swap(one, other);
                    }
                });
            }
        },
    ),
    request(
        "tags-last-too-many",
        &["tags-last-most"],
        "With n=1 and last, the tags list has one tag too many.",
        |request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) && request.query("last").is_some() {
                for (_, n) in request.query.iter_mut().filter(|(key, _)| key == "n") {
                    if n == "1" {
                        "2".clone_into(n);
                    }
                }
            }
        },
    ),
    request(
        "tags-n-ignored",
        &["tags-n-most"],
        "The tags list ignores the n parameter.",
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
        "With n=2, the tags list has one tag too few and no Link.",
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
        "The Link of the tags list has no rel.",
        |request, response| {
            if got_tags(request, response) {
                drop_rel(response);
            }
        },
    ),
    response(
        "tags-link-loop",
        &["tags-link-next"],
        "The Link of the tags list points to the first page.",
        |request, response| {
            if got_tags(request, response) && response.header("link").is_some() {
                response.set("Link", format!("<{}?n=7>; rel=\"next\"", request.path));
            }
        },
    ),
    request(
        "tags-n-zero-all",
        &["tags-n-zero"],
        "With n=0, the tags list has all tags.",
        |request| {
            if request.query("n") == Some("0") {
                request.query.clear();
            }
        },
    ),
    response(
        "tags-n-zero-link",
        &["tags-n-zero-link"],
        "With n=0, the tags list has a Link.",
        |request, response| {
            if got_tags(request, response) && request.query("n") == Some("0") {
                response.set("Link", format!("<{}?n=1>; rel=\"next\"", request.path));
            }
        },
    ),
    response(
        "tags-last-skips",
        &["tags-last-next"],
        "With last=T, the tags list omits the tag after T.",
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
        "With last=T, the tags list omits the tags that start with T.",
        |request, response| {
            if let (true, Some(last)) = (got_tags(request, response), request.query("last")) {
                keep_tags(response, |tag| !tag.starts_with(last));
            }
        },
    ),
    response(
        "tags-last-any-case",
        &["tags-last-next"],
        "With last=T, the tags list omits the tags that differ from T in case alone.",
        |request, response| {
            if let (true, Some(last)) = (got_tags(request, response), request.query("last")) {
                keep_tags(response, |tag| !tag.eq_ignore_ascii_case(last));
            }
        },
    ),
    response(
        "tags-last-but-one-empty",
        &["tags-last-next"],
        "With n=1 and last=T, the tags list omits the last tag.",
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
        "With a numeric last, the tags list treats it as an offset.",
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
        "The Link of the tags list has the rel next-page instead of next.",
        |request, response| {
            relink(request, response, |link| {
                link.replace("\"next\"", "\"next-page\"")
            })
        },
    ),
    response(
        "tags-link-single-quotes",
        &["tags-link-form"],
        "The Link of the tags list has the rel in single quotes.",
        |request, response| relink(request, response, |link| link.replace('"', "'")),
    ),
    response(
        "tags-link-empty",
        &["tags-link-form"],
        "The Link of the tags list is empty.",
        |request, response| relink(request, response, |_| String::new()),
    ),
    request(
        "tags-one-more",
        &["tags-n-most"],
        "With n, the tags list has one tag too many.",
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
        "With n=1, the tags list is empty.",
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
        "With n above the number of tags, the tags list omits the last tag.",
        |request, response| {
            if got_tags(request, response) && request.query("n").is_some_and(|n| n.len() > 2) {
                edit_list(response, "/tags", |tags| {
                    tags.pop();
                });
            }
        },
    ),
    response(
        "tags-n-from-second",
        &["tags-n-start"],
        "With n, the tags list starts with the second tag.",
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
        &["tags-link-form"],
        "The Link of the tags list has the rel prev instead of next.",
        |request, response| {
            relink(request, response, |link| link.replace("next", "prev"));
        },
    ),
    response(
        "tags-link-bare",
        &["tags-link-form"],
        "The Link of the tags list has no angle brackets.",
        |request, response| {
            relink(request, response, |link| link.replace(['<', '>'], ""));
        },
    ),
    response(
        "tags-link-bare-after-five",
        &["tags-link-form"],
        "The tags list without n has five tags, and a Link without angle brackets leads to the rest.",
        |request, response| {
            if got_tags(request, response) && request.query("n").is_none() {
                let mut rest = false;
                edit_list(response, "/tags", |tags| {
                    rest = tags.len() > 5;
                    tags.truncate(5);
                });
                if rest {
                    response.set("Link", format!("{}?n=5; rel=next", request.path));
                }
            }
        },
    ),
    response(
        "tags-link-title",
        &["tags-link-form"],
        "The Link of the tags list has title instead of rel.",
        |request, response| {
            relink(request, response, |link| link.replace("rel=", "title="));
        },
    ),
    response(
        "tags-link-nowhere",
        &["tags-link-next"],
        "The Link of the tags list returns 404.",
        |request, response| {
            relink(request, response, |_| {
                "</v2/nowhere>; rel=\"next\"".to_owned()
            });
        },
    ),
    response(
        "tags-link-dead",
        &["tags-link-next"],
        "The Link of the tags list leads to a port where nothing answers.",
        |request, response| {
            relink(request, response, |link| {
                link.replacen("</", "<http://127.0.0.1:1/", 1)
            });
        },
    ),
    response(
        "tags-link-itself",
        &["tags-link-next"],
        "The Link of the tags list points to the same page.",
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
        "The Link of the tags list omits the n parameter.",
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
        "The last page of the tags list has a Link to another page.",
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
        "With n=0 and last, the tags list has a tag.",
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
        &["tags-last-exclusive"],
        "The tags list ignores the last parameter.",
        |request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) {
                request.query.retain(|(key, _)| key != "last");
            }
        },
    ),
    response(
        "tags-last-end-again",
        &["tags-last-exclusive"],
        "With last after the last tag, the tags list has that value again.",
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
