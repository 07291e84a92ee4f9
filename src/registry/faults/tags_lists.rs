//! Faults of lists of tags that only a careful look at them shows.

use serde_json::json;

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "tags-name-short",
        &["tags-json-name"],
        "The list of tags names the last part of the repository's name.",
        |c, a| {
            if got_tags(c, a) {
                edit(a, |v| {
                    let name = v["name"].as_str().unwrap_or_default();
                    v["name"] = json!(name.rsplit('/').next());
                });
            }
        },
    ),
    response(
        "tags-name-lost-on-pages",
        &["tags-json-name"],
        "A list of so many tags has no name.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_some() {
                edit(a, |v| v["name"] = json!(""));
            }
        },
    ),
    response(
        "tags-name-of-first-repository",
        &["tags-json-name"],
        "The list of tags of the second repository names another.",
        |c, a| {
            if got_tags(c, a) && c.path.contains("two") {
                edit(a, |v| v["name"] = json!("self-test/one"));
            }
        },
    ),
    response(
        "tags-html",
        &["tags-json"],
        "Tags are listed on a page for people.",
        |c, a| {
            if got_tags(c, a) {
                a.set("Content-Type", "text/html");
                a.body = "<html><body>tags</body></html>".into();
            }
        },
    ),
    response(
        "tags-as-text",
        &["tags-json-tags"],
        "Tags are listed in one text.",
        |c, a| {
            if got_tags(c, a) {
                edit(a, |v| {
                    let tags: Vec<&str> = v["tags"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .collect();
                    v["tags"] = json!(tags.join(","));
                });
            }
        },
    ),
    response(
        "tags-capital-key",
        &["tags-json-tags"],
        "Tags are listed under Tags.",
        |c, a| {
            if got_tags(c, a) {
                edit(a, |v| *v = json!({"name": v["name"], "Tags": v["tags"]}));
            }
        },
    ),
    response(
        "tags-capitals-lost",
        &["tags-complete", "tags-link-next"],
        "Tags with capital letters are left out.",
        |c, a| {
            keep_tags(c, a, |tag| !tag.contains(|c: char| c.is_ascii_uppercase()));
        },
    ),
    response(
        "tags-capitals-lowered",
        &["tags-complete"],
        "Tags are listed in small letters.",
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| {
                    for tag in tags {
                        *tag = json!(tag.as_str().unwrap_or_default().to_lowercase());
                    }
                });
            }
        },
    ),
    response(
        "tags-cut-at-ten",
        &["tags-complete"],
        "No more than ten tags are listed, and no Link says so.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_none() && c.query("last").is_none() {
                edit_list(a, "/tags", |tags| tags.truncate(10));
            }
        },
    ),
    response(
        "tags-digests-listed",
        &["tags-only"],
        "Digests are listed among the tags.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_none() {
                edit_list(a, "/tags", |tags| {
                    tags.push(json!(format!("zzzzzz.{WRONG}")))
                });
            }
        },
    ),
    switch(
        "tags-of-all-repositories",
        &["tags-only"],
        "The tags of all repositories are listed.",
        |b| b.tags_everywhere = true,
    ),
    switch(
        "tags-by-number",
        &["tags-order"],
        "Numbers in tags are put in order by what they count.",
        |b| b.tags_by_number = true,
    ),
    switch(
        "tags-by-length",
        &["tags-order"],
        "Short tags are listed before long ones.",
        |b| b.tags_by_length = true,
    ),
    request(
        "tags-one-more",
        &["tags-n-most", "tags-last-most"],
        "One tag more is listed than asked for.",
        |c| {
            if matches!(c.endpoint, Endpoint::Tags(_)) {
                for (key, value) in &mut c.query {
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
        |c, a| {
            if got_tags(c, a) && c.query("n") == Some("1") {
                a.remove("link");
                edit_list(a, "/tags", Vec::clear);
            }
        },
    ),
    response(
        "tags-n-large-cut",
        &["tags-n-count"],
        "When more tags are asked for than there are, the last is left out.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_some_and(|n| n.len() > 4) {
                edit_list(a, "/tags", |tags| {
                    tags.pop();
                });
            }
        },
    ),
    response(
        "tags-n-400",
        &["tags-status", "tags-n-most", "tags-n-count"],
        "A number of tags cannot be asked for.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_some_and(|n| n != "0") {
                *a = ApiResponse::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
        "tags-n-from-second",
        &["tags-n-start"],
        "A list of so many tags starts with the second.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_some_and(|n| n != "0") && c.query("last").is_none()
            {
                edit_list(a, "/tags", |tags| {
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
        |c, a| {
            relink(c, a, |link| link.replace("next", "prev"));
        },
    ),
    response(
        "tags-link-bare",
        &["tags-link-form"],
        "The Link of tags has no angle brackets.",
        |c, a| {
            relink(c, a, |link| link.replace(['<', '>'], ""));
        },
    ),
    response(
        "tags-link-title",
        &["tags-link-form"],
        "The Link of tags has next for a title.",
        |c, a| {
            relink(c, a, |link| link.replace("rel=", "title="));
        },
    ),
    response(
        "tags-link-nowhere",
        &["tags-link-next"],
        "The Link of tags leads to nothing.",
        |c, a| {
            relink(c, a, |_| "</v2/nowhere>; rel=\"next\"".to_owned());
        },
    ),
    response(
        "tags-link-itself",
        &["tags-link-next"],
        "The Link of tags leads to the same page.",
        |c, a| {
            let query: Vec<String> = c
                .query
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let same = format!("<{}?{}>; rel=\"next\"", c.path, query.join("&"));
            relink(c, a, |_| same);
        },
    ),
    response(
        "tags-link-loses-n",
        &["tags-link-size"],
        "The Link of tags forgets how many were asked for.",
        |c, a| {
            relink(c, a, |link| {
                let kept = link.split_once("last=").map(|(_, last)| last.to_owned());
                format!(
                    "</v2/{}/tags/list?last={}",
                    c.endpoint.repository().unwrap_or_default(),
                    kept.unwrap_or_default()
                )
            });
        },
    ),
    response(
        "tags-link-endless",
        &["tags-link-next"],
        "There is always one more page of tags.",
        |c, a| {
            if got_tags(c, a)
                && c.query("n").is_some_and(|n| n != "0")
                && a.header("link").is_none()
            {
                let turn = c
                    .query("turn")
                    .and_then(|turn| turn.parse::<u32>().ok())
                    .unwrap_or_default();
                let next = turn.saturating_add(1);
                a.set(
                    "Link",
                    format!("<{}?n=2&last=zzzzzzzz&turn={next}>; rel=\"next\"", c.path),
                );
            }
        },
    ),
    response(
        "tags-n-zero-last-all",
        &["tags-n-zero"],
        "No tags after a certain one are asked for, and one is listed.",
        |c, a| {
            if got_tags(c, a) && c.query("n") == Some("0") && c.query("last").is_some() {
                edit_list(a, "/tags", |tags| tags.push(json!("zz")));
            }
        },
    ),
    response(
        "tags-n-zero-400",
        &["tags-n-zero"],
        "No tags are asked for, and that is refused.",
        |c, a| {
            if got_tags(c, a) && c.query("n") == Some("0") {
                *a = ApiResponse::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    request(
        "tags-last-ignored",
        &["tags-last-exclusive", "tags-last-next"],
        "The tag to start after is ignored.",
        |c| {
            if matches!(c.endpoint, Endpoint::Tags(_)) {
                c.query.retain(|(key, _)| key != "last");
            }
        },
    ),
    switch(
        "tags-last-alone-ignored",
        &["tags-last-exclusive", "tags-last-next"],
        "The tag to start after is ignored without a number.",
        |b| b.last_ignored = true,
    ),
    response(
        "tags-last-end-again",
        &["tags-last-exclusive"],
        "After the last tag the list starts again.",
        |c, a| {
            let again = c.query("last").is_some_and(|last| last.starts_with("zzzz"));
            if got_tags(c, a) && again && c.query("n").is_none() {
                edit_list(a, "/tags", |tags| tags.push(json!(c.query("last"))));
            }
        },
    ),
    response(
        "tags-last-none-404",
        &["tags-status"],
        "When no tag follows the last, that is answered with 404.",
        |c, a| {
            let none = String::from_utf8_lossy(&a.body).contains("\"tags\":[]");
            if got_tags(c, a) && c.query("last").is_some() && none {
                *a = ApiResponse::error(404, "NAME_UNKNOWN", "no");
            }
        },
    ),
    response(
        "tags-latest-alone-invented",
        &["tags-only"],
        "The list has a tag latest that is not there.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_none() {
                edit_list(a, "/tags", |tags| {
                    let at = tags.iter().position(|tag| tag.as_str() > Some("latest"));
                    tags.insert(at.unwrap_or(tags.len()), json!("latest"));
                });
            }
        },
    ),
];

fn keep_tags(request: &ApiRequest, response: &mut ApiResponse, keep: impl Fn(&str) -> bool) {
    if got_tags(request, response) {
        edit_list(response, "/tags", |tags| {
            tags.retain(|tag| tag.as_str().is_none_or(&keep))
        });
    }
}

fn relink(request: &ApiRequest, response: &mut ApiResponse, change: impl FnOnce(String) -> String) {
    if let Some(link) = response.header("link").map(str::to_owned)
        && got_tags(request, response)
    {
        response.set("Link", change(link));
    }
}
