//! Faults of the pagination of the tags list: `n`, `last` and Link.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{drop_rel, edit_list, keep_tags, relink};
use crate::registry::faults::predicates::got_tags;
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::TAGS_LIST;

pub const FAULTS: &[Fault] = &[
    fault("tags-last-included")
        .violates(&["tags-last-exclusive"])
        .title("With last=T, the tags list starts with T.")
        .switch(|switches| switches.include_last = true),
    fault("tags-last-needs-n")
        .violates(&["tags-last-without-n"])
        .title("GET on the tags list with last and without n returns 400.")
        .error(
            TAGS_LIST
                .query("last")
                .if_request(|request| request.query("n").is_none()),
            400,
            "UNSUPPORTED",
            "n is needed",
        ),
    fault("tags-n-zero-400")
        .violates(&["tags-n-zero"])
        .title("GET on the tags list with n=0 returns 400.")
        .error(
            TAGS_LIST.if_request(|request| request.query("n") == Some("0")),
            400,
            "UNSUPPORTED",
            "no",
        ),
    fault("tags-last-alone-ignored")
        .violates(&["tags-last-exclusive"])
        .title("The tags list ignores last when n is missing.")
        .switch(|switches| switches.ignore_last_without_n = true),
    fault("tags-n-zero-no-name")
        .violates(&["tags-json-name"])
        .title("With n=0, the tags list has no name.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n") == Some("0") {
                response.body = "{\"tags\":[]}".into();
            }
        }),
    fault("tags-last-swapped")
        .violates(&["tags-last-order"])
        .title("With last and without n, the first two tags are swapped.")
        .response(|request, response| {
            let last = request.query("last").is_some() && request.query("n").is_none();
            if last && got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    if let [one, other, ..] = tags.as_mut_slice() {
                        std::mem::swap(one, other);
                    }
                });
            }
        }),
    fault("tags-last-too-many")
        .violates(&["tags-last-most"])
        .title("With n=1 and last, the tags list has one tag too many.")
        .request(|request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) && request.query("last").is_some() {
                for (_, n) in request.query.iter_mut().filter(|(key, _)| key == "n") {
                    if n == "1" {
                        "2".clone_into(n);
                    }
                }
            }
        }),
    fault("tags-n-ignored")
        .violates(&["tags-n-most"])
        .title("The tags list ignores the n parameter.")
        .request(|request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) {
                request
                    .query
                    .retain(|(key, value)| key != "n" || value == "0");
            }
        }),
    fault("tags-n-few")
        .violates(&["tags-n-count"])
        .title("With n=2, the tags list has one tag too few and no Link.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n") == Some("2") {
                response.remove("link");
                edit_list(response, "/tags", |tags| {
                    tags.pop();
                });
            }
        }),
    fault("tags-link-no-rel")
        .violates(&["tags-link-form"])
        .title("The Link of the tags list has no rel.")
        .response(|request, response| {
            if got_tags(request, response) {
                drop_rel(response);
            }
        }),
    fault("tags-link-loop")
        .violates(&["tags-link-next"])
        .title("The Link of the tags list points to the first page.")
        .response(|request, response| {
            if got_tags(request, response) && response.header("link").is_some() {
                response.set("Link", format!("<{}?n=7>; rel=\"next\"", request.path));
            }
        }),
    fault("tags-n-zero-all")
        .violates(&["tags-n-zero"])
        .title("With n=0, the tags list has all tags.")
        .request(|request| {
            if request.query("n") == Some("0") {
                request.query.clear();
            }
        }),
    fault("tags-n-zero-link")
        .violates(&["tags-n-zero-link"])
        .title("With n=0, the tags list has a Link.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n") == Some("0") {
                response.set("Link", format!("<{}?n=1>; rel=\"next\"", request.path));
            }
        }),
    fault("tags-last-skips")
        .violates(&["tags-last-next"])
        .title("With last=T, the tags list omits the tag after T.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("last").is_some() {
                edit_list(response, "/tags", |tags| {
                    if !tags.is_empty() {
                        tags.remove(0);
                    }
                });
            }
        }),
    fault("tags-last-hides-longer")
        .violates(&["tags-last-next"])
        .title("With last=T, the tags list omits the tags that start with T.")
        .response(|request, response| {
            if let (true, Some(last)) = (got_tags(request, response), request.query("last")) {
                keep_tags(response, |tag| !tag.starts_with(last));
            }
        }),
    fault("tags-last-any-case")
        .violates(&["tags-last-next"])
        .title("With last=T, the tags list omits the tags that differ from T in case alone.")
        .response(|request, response| {
            if let (true, Some(last)) = (got_tags(request, response), request.query("last")) {
                keep_tags(response, |tag| !tag.eq_ignore_ascii_case(last));
            }
        }),
    fault("tags-last-but-one-empty")
        .violates(&["tags-last-next"])
        .title("With n=1 and last=T, the tags list omits the last tag.")
        .response(|request, response| {
            let alone = request.query("n") == Some("1") && response.header("link").is_none();
            if got_tags(request, response) && request.query("last").is_some() && alone {
                keep_tags(response, |_| false);
            }
        }),
    fault("tags-last-number-counted")
        .violates(&["tags-last-next"])
        .title("With a numeric last, the tags list treats it as an offset.")
        .after(|store, request, response| {
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
        }),
    fault("tags-link-next-page")
        .violates(&["tags-link-form"])
        .title("The Link of the tags list has the rel next-page instead of next.")
        .response(|request, response| {
            relink(request, response, |link| {
                link.replace("\"next\"", "\"next-page\"")
            })
        }),
    fault("tags-link-single-quotes")
        .violates(&["tags-link-form"])
        .title("The Link of the tags list has the rel in single quotes.")
        .response(|request, response| relink(request, response, |link| link.replace('"', "'"))),
    fault("tags-link-empty")
        .violates(&["tags-link-form"])
        .title("The Link of the tags list is empty.")
        .response(|request, response| relink(request, response, |_| String::new())),
    fault("tags-one-more")
        .violates(&["tags-n-most"])
        .title("With n, the tags list has one tag too many.")
        .request(|request| {
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
        }),
    fault("tags-n-one-none")
        .violates(&["tags-n-count", "tags-last-next"])
        .title("With n=1, the tags list is empty.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n") == Some("1") {
                response.remove("link");
                edit_list(response, "/tags", Vec::clear);
            }
        }),
    fault("tags-n-large-cut")
        .violates(&["tags-n-count"])
        .title("With n above the number of tags, the tags list omits the last tag.")
        .response(|request, response| {
            if got_tags(request, response) && request.query("n").is_some_and(|n| n.len() > 2) {
                edit_list(response, "/tags", |tags| {
                    tags.pop();
                });
            }
        }),
    fault("tags-n-from-second")
        .violates(&["tags-n-start"])
        .title("With n, the tags list starts with the second tag.")
        .response(|request, response| {
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
        }),
    fault("tags-link-previous")
        .violates(&["tags-link-form"])
        .title("The Link of the tags list has the rel prev instead of next.")
        .response(|request, response| {
            relink(request, response, |link| link.replace("next", "prev"));
        }),
    fault("tags-link-bare")
        .violates(&["tags-link-form"])
        .title("The Link of the tags list has no angle brackets.")
        .response(|request, response| {
            relink(request, response, |link| link.replace(['<', '>'], ""));
        }),
    fault("tags-link-bare-after-five")
        .violates(&["tags-link-form"])
        .title(
            "The tags list without n has five tags, and a Link without angle brackets leads \
             to the rest.",
        )
        .response(|request, response| {
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
        }),
    fault("tags-link-title")
        .violates(&["tags-link-form"])
        .title("The Link of the tags list has title instead of rel.")
        .response(|request, response| {
            relink(request, response, |link| link.replace("rel=", "title="));
        }),
    fault("tags-link-nowhere")
        .violates(&["tags-link-next"])
        .title("The Link of the tags list returns 404.")
        .response(|request, response| {
            relink(request, response, |_| {
                "</v2/nowhere>; rel=\"next\"".to_owned()
            });
        }),
    fault("tags-link-dead")
        .violates(&["tags-link-next"])
        .title("The Link of the tags list leads to a port where nothing answers.")
        .response(|request, response| {
            relink(request, response, |link| {
                link.replacen("</", "<http://127.0.0.1:1/", 1)
            });
        }),
    fault("tags-link-itself")
        .violates(&["tags-link-next"])
        .title("The Link of the tags list points to the same page.")
        .response(|request, response| {
            let query: Vec<String> = request
                .query
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let same = format!("<{}?{}>; rel=\"next\"", request.path, query.join("&"));
            relink(request, response, |_| same);
        }),
    fault("tags-link-loses-n")
        .violates(&["tags-link-size"])
        .title("The Link of the tags list omits the n parameter.")
        .response(|request, response| {
            relink(request, response, |link| {
                let kept = link.split_once("last=").map(|(_, last)| last.to_owned());
                format!(
                    "</v2/{}/tags/list?last={}",
                    request.endpoint.repository().unwrap_or_default(),
                    kept.unwrap_or_default()
                )
            });
        }),
    fault("tags-link-endless")
        .violates(&["tags-link-next"])
        .title("The last page of the tags list has a Link to another page.")
        .response(|request, response| {
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
        }),
    fault("tags-n-zero-last-all")
        .violates(&["tags-n-zero"])
        .title("With n=0 and last, the tags list has a tag.")
        .response(|request, response| {
            if got_tags(request, response)
                && request.query("n") == Some("0")
                && request.query("last").is_some()
            {
                edit_list(response, "/tags", |tags| tags.push(json!("zz")));
            }
        }),
    fault("tags-last-ignored")
        .violates(&["tags-last-exclusive"])
        .title("The tags list ignores the last parameter.")
        .request(|request| {
            if matches!(request.endpoint, Endpoint::Tags(_)) {
                request.query.retain(|(key, _)| key != "last");
            }
        }),
    fault("tags-last-end-again")
        .violates(&["tags-last-exclusive"])
        .title("With last after the last tag, the tags list has that value again.")
        .response(|request, response| {
            let again = request
                .query("last")
                .is_some_and(|last| last.starts_with("zzzz"));
            if got_tags(request, response) && again && request.query("n").is_none() {
                edit_list(response, "/tags", |tags| {
                    tags.push(json!(request.query("last")))
                });
            }
        }),
];
