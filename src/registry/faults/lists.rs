//! Faults of lists, tags and referrers, that only a careful look at them shows.

use serde_json::json;

use super::*;

pub const FAULTS: &[Fault] = &[
    answer(
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
    answer(
        "tags-name-lost-on-pages",
        &["tags-json-name"],
        "A list of so many tags has no name.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_some() {
                edit(a, |v| v["name"] = json!(""));
            }
        },
    ),
    answer(
        "tags-name-of-first-repository",
        &["tags-json-name"],
        "The list of tags of the second repository names another.",
        |c, a| {
            if got_tags(c, a) && c.path.contains("two") {
                edit(a, |v| v["name"] = json!("self-test/one"));
            }
        },
    ),
    answer(
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
    answer(
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
    answer(
        "tags-capital-key",
        &["tags-json-tags"],
        "Tags are listed under Tags.",
        |c, a| {
            if got_tags(c, a) {
                edit(a, |v| *v = json!({"name": v["name"], "Tags": v["tags"]}));
            }
        },
    ),
    answer(
        "tags-capitals-lost",
        &["tags-complete", "tags-link-next"],
        "Tags with capital letters are left out.",
        |c, a| {
            keep_tags(c, a, |tag| !tag.contains(|c: char| c.is_ascii_uppercase()));
        },
    ),
    answer(
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
    answer(
        "tags-cut-at-ten",
        &["tags-complete"],
        "No more than ten tags are listed, and no Link says so.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_none() && c.query("last").is_none() {
                edit_list(a, "/tags", |tags| tags.truncate(10));
            }
        },
    ),
    answer(
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
    call(
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
    answer(
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
    answer(
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
    answer(
        "tags-n-400",
        &["tags-status", "tags-n-most", "tags-n-count"],
        "A number of tags cannot be asked for.",
        |c, a| {
            if got_tags(c, a) && c.query("n").is_some_and(|n| n != "0") {
                *a = Answer::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
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
    answer(
        "tags-link-previous",
        &["tags-link-form", "tags-link-next"],
        "The Link of tags has the relation prev.",
        |c, a| {
            relink(c, a, |link| link.replace("next", "prev"));
        },
    ),
    answer(
        "tags-link-bare",
        &["tags-link-form"],
        "The Link of tags has no angle brackets.",
        |c, a| {
            relink(c, a, |link| link.replace(['<', '>'], ""));
        },
    ),
    answer(
        "tags-link-title",
        &["tags-link-form"],
        "The Link of tags has next for a title.",
        |c, a| {
            relink(c, a, |link| link.replace("rel=", "title="));
        },
    ),
    answer(
        "tags-link-nowhere",
        &["tags-link-next"],
        "The Link of tags leads to nothing.",
        |c, a| {
            relink(c, a, |_| "</v2/nowhere>; rel=\"next\"".to_owned());
        },
    ),
    answer(
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
    answer(
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
    answer(
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
    answer(
        "tags-n-zero-last-all",
        &["tags-n-zero"],
        "No tags after a certain one are asked for, and one is listed.",
        |c, a| {
            if got_tags(c, a) && c.query("n") == Some("0") && c.query("last").is_some() {
                edit_list(a, "/tags", |tags| tags.push(json!("zz")));
            }
        },
    ),
    answer(
        "tags-n-zero-400",
        &["tags-n-zero"],
        "No tags are asked for, and that is refused.",
        |c, a| {
            if got_tags(c, a) && c.query("n") == Some("0") {
                *a = Answer::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    call(
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
    answer(
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
    answer(
        "referrers-202",
        &["referrers-status"],
        "Referrers are listed with 202.",
        |c, a| {
            if got_referrers(c, a) {
                a.status = 202;
            }
        },
    ),
    answer(
        "referrers-none-204",
        &["referrers-status", "referrers-empty"],
        "A list of no referrers is answered with 204.",
        |c, a| {
            if got_referrers(c, a) && none_listed(a) {
                *a = Answer::new(204);
            }
        },
    ),
    answer(
        "referrers-second-repository-404",
        &["referrers-not-404", "referrers-status"],
        "Referrers in the second repository are answered with 404.",
        |c, a| {
            if got_referrers(c, a) && c.path.contains("two") {
                *a = Answer::error(404, "MANIFEST_UNKNOWN", "no");
            }
        },
    ),
    answer(
        "referrers-filtered-none-404",
        &["referrers-not-404"],
        "A filter that leaves nothing is answered with 404.",
        |c, a| {
            if got_referrers(c, a) && none_listed(a) && c.query("artifactType").is_some() {
                *a = Answer::error(404, "MANIFEST_UNKNOWN", "no");
            }
        },
    ),
    answer(
        "referrers-invalid-200",
        &["referrers-invalid-digest"],
        "A malformed digest has no referrers.",
        |c, a| {
            if matches!(c.endpoint, Endpoint::Referrers(..)) && a.status == 400 {
                *a = empty_index();
            }
        },
    ),
    answer(
        "referrers-short-digest",
        &["referrers-invalid-digest"],
        "A digest that is too short has no referrers.",
        |c, a| {
            let short = matches!(&c.endpoint, Endpoint::Referrers(_, digest) if digest.len() == 70);
            if short && a.status == 400 {
                *a = empty_index();
            }
        },
    ),
    answer(
        "referrers-of-tag",
        &["referrers-invalid-digest"],
        "A tag has no referrers.",
        |c, a| {
            let tag =
                matches!(&c.endpoint, Endpoint::Referrers(_, digest) if !digest.contains(':'));
            if tag && a.status == 400 {
                *a = empty_index();
            }
        },
    ),
    answer(
        "referrers-docker-type",
        &["referrers-content-type"],
        "Referrers are listed with the type of Docker's lists.",
        |c, a| {
            if got_referrers(c, a) {
                a.set(
                    "Content-Type",
                    "application/vnd.docker.distribution.manifest.list.v2+json",
                );
            }
        },
    ),
    answer(
        "referrers-none-plain-type",
        &["referrers-content-type"],
        "A list of no referrers is plain JSON.",
        |c, a| {
            if got_referrers(c, a) && none_listed(a) {
                a.set("Content-Type", "application/json");
            }
        },
    ),
    answer(
        "referrers-as-list",
        &["referrers-index"],
        "Referrers are a bare list.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| *v = v["manifests"].clone());
            }
        },
    ),
    answer(
        "referrers-other-key",
        &["referrers-index"],
        "Referrers are listed under referrers.",
        |c, a| {
            if got_referrers(c, a) {
                edit(
                    a,
                    |v| *v = json!({"schemaVersion": 2, "mediaType": v["mediaType"], "referrers": v["manifests"]}),
                );
            }
        },
    ),
    answer(
        "referrers-version-1",
        &["referrers-index"],
        "The list of referrers has schemaVersion 1.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| v["schemaVersion"] = json!(1));
            }
        },
    ),
    answer(
        "referrers-image-type",
        &["referrers-index"],
        "The list of referrers says that it is an image.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| {
                    v["mediaType"] = json!("application/vnd.oci.image.manifest.v1+json")
                });
            }
        },
    ),
    answer(
        "referrers-no-media-type",
        &["referrers-index-type"],
        "The list of referrers does not say what it is.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| {
                    v.as_object_mut().map(|o| o.remove("mediaType"));
                });
            }
        },
    ),
    answer(
        "referrers-size-text",
        &["referrers-descriptor"],
        "The sizes of referrers are text.",
        |c, a| {
            each(c, a, |d| d["size"] = json!(d["size"].to_string()));
        },
    ),
    answer(
        "referrers-no-size",
        &["referrers-descriptor"],
        "Referrers are listed without sizes.",
        |c, a| {
            each(c, a, |d| drop_key(d, "size"));
        },
    ),
    answer(
        "referrers-index-as-image",
        &["referrers-descriptor"],
        "Indexes are listed as images.",
        |c, a| {
            each(c, a, |d| {
                d["mediaType"] = json!("application/vnd.oci.image.manifest.v1+json")
            });
        },
    ),
    answer(
        "referrers-artifact-media-type",
        &["referrers-descriptor"],
        "Referrers are listed with their artifact types as media types.",
        |c, a| {
            each(c, a, |d| {
                if let Some(kind) = d.get("artifactType").cloned() {
                    d["mediaType"] = kind;
                }
            });
        },
    ),
    answer(
        "referrers-empty-type",
        &["referrers-artifact-type-omitted"],
        "An index without a type is listed with an empty one.",
        |c, a| {
            each(c, a, |d| {
                if d.get("artifactType").is_none() {
                    d["artifactType"] = json!("");
                }
            });
        },
    ),
    answer(
        "referrers-config-first",
        &["referrers-artifact-type"],
        "The type of a config is preferred to the artifact's own.",
        |c, a| {
            each(c, a, |d| {
                if d["artifactType"].to_string().contains("first") {
                    d["artifactType"] = json!("application/vnd.oci.image.config.v1+json");
                }
            });
        },
    ),
    answer(
        "referrers-annotations-small",
        &["referrers-annotations"],
        "The names of annotations are listed in small letters.",
        |c, a| {
            each(c, a, |d| {
                if let Some(map) = d["annotations"].as_object() {
                    let small: serde_json::Map<String, Value> = map
                        .iter()
                        .map(|(k, v)| (k.to_lowercase(), v.clone()))
                        .collect();
                    d["annotations"] = Value::Object(small);
                }
            });
        },
    ),
    answer(
        "referrers-annotations-ascii",
        &["referrers-annotations"],
        "Letters that are not ASCII are dropped from annotations.",
        |c, a| {
            each(c, a, |d| {
                for value in d["annotations"]
                    .as_object_mut()
                    .into_iter()
                    .flat_map(|map| map.values_mut())
                {
                    let plain: String = value
                        .as_str()
                        .unwrap_or_default()
                        .chars()
                        .filter(char::is_ascii)
                        .collect();
                    *value = json!(plain);
                }
            });
        },
    ),
    answer(
        "referrers-annotations-oci",
        &["referrers-annotations"],
        "Only annotations that OCI has named are listed.",
        |c, a| {
            each(c, a, |d| {
                if let Some(map) = d["annotations"].as_object_mut() {
                    map.retain(|key, _| key.starts_with("org.opencontainers"));
                }
            });
        },
    ),
    answer(
        "referrers-twice",
        &["referrers-page"],
        "Each referrer is listed twice.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |list| list.extend(list.clone()));
            }
        },
    ),
    answer(
        "referrers-first-alone",
        &["referrers-complete", "referrers-link"],
        "Of all referrers the first is listed, and no Link.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |list| list.truncate(1));
            }
        },
    ),
    answer(
        "referrers-link-no-relation",
        &["referrers-link-form"],
        "The Link of referrers has no relation.",
        |c, a| {
            if got_referrers(c, a) && !none_listed(a) {
                a.set("Link", format!("<{}?last=zz>", c.path));
            }
        },
    ),
    answer(
        "referrers-link-nowhere",
        &["referrers-link-next"],
        "The Link of referrers leads to nothing.",
        |c, a| {
            if got_referrers(c, a) && !none_listed(a) {
                a.set("Link", "</v2/nowhere>; rel=\"next\"");
            }
        },
    ),
    switch(
        "referrers-transitive",
        &["referrers-only"],
        "The referrers of referrers are listed too.",
        |b| b.referrers_transitive = true,
    ),
    switch(
        "referrers-tagged-alone",
        &["referrers-complete"],
        "Referrers without a tag are left out.",
        |b| b.referrers_tagged = true,
    ),
    answer(
        "referrers-filter-header-unasked",
        &["referrers-filter-unasked"],
        "A list that nobody asked to filter says that it was.",
        |c, a| {
            if got_referrers(c, a) {
                a.set("OCI-Filters-Applied", "artifactType");
            }
        },
    ),
    answer(
        "referrers-filter-other-word",
        &["referrers-filter-header"],
        "The filter that was applied is called otherwise.",
        |c, a| {
            if got_referrers(c, a) && c.query("artifactType").is_some() {
                a.set("OCI-Filters-Applied", "artifact-type");
            }
        },
    ),
    switch(
        "referrers-filter-prefix",
        &["referrers-filter-only"],
        "A filter takes what begins like the type.",
        |b| b.filter_prefix = true,
    ),
    call(
        "referrers-filter-plus",
        &["referrers-filter-complete"],
        "A plus sign in a type is taken for a blank.",
        |c| {
            if matches!(c.endpoint, Endpoint::Referrers(..)) {
                for (key, value) in &mut c.query {
                    if key == "artifactType" {
                        *value = value.replace('+', " ");
                    }
                }
            }
        },
    ),
    answer(
        "referrers-filter-no-annotations",
        &["referrers-annotations"],
        "A filtered list has no annotations.",
        |c, a| {
            if c.query("artifactType").is_some() {
                each(c, a, |d| drop_key(d, "annotations"));
            }
        },
    ),
    answer(
        "tags-last-none-404",
        &["tags-status"],
        "When no tag follows the last, that is answered with 404.",
        |c, a| {
            let none = String::from_utf8_lossy(&a.body).contains("\"tags\":[]");
            if got_tags(c, a) && c.query("last").is_some() && none {
                *a = Answer::error(404, "NAME_UNKNOWN", "no");
            }
        },
    ),
    answer(
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
    answer(
        "namespace-of-its-own",
        &["proxy-namespace-value"],
        "The OCI-Namespace header names the registry itself.",
        |c, a| {
            if c.query("ns").is_some() {
                a.set("OCI-Namespace", "registry.example.com");
            }
        },
    ),
    answer(
        "errors-empty-list",
        &["error-body-some"],
        "Error bodies have an empty list of errors.",
        |_, a| {
            if a.status >= 400 {
                edit(a, |v| v["errors"] = json!([]));
            }
        },
    ),
    answer(
        "errors-null",
        &["error-body-shape"],
        "Error bodies are null.",
        |_, a| {
            if a.status >= 400 {
                a.body = "null".into();
            }
        },
    ),
    answer(
        "errors-text",
        &["error-body-shape"],
        "Error bodies are a text in JSON.",
        |_, a| {
            if a.status >= 400 {
                a.body = "\"no\"".into();
            }
        },
    ),
    answer(
        "errors-object",
        &["error-body-shape"],
        "Error bodies have one error in place of a list.",
        |_, a| {
            if a.status >= 400 {
                edit(a, |v| {
                    v["errors"] = v.pointer("/errors/0").cloned().unwrap_or_default()
                });
            }
        },
    ),
    answer(
        "errors-code-number",
        &["error-code"],
        "Codes are numbers.",
        |_, a| {
            if a.status >= 400 {
                edit_list(a, "/errors", |errors| {
                    errors
                        .iter_mut()
                        .for_each(|error| error["code"] = json!(404))
                });
            }
        },
    ),
    answer(
        "errors-code-hyphen",
        &["error-code-form"],
        "Codes are written with hyphens.",
        |_, a| {
            if a.status >= 400 {
                edit_list(a, "/errors", |errors| {
                    for error in errors {
                        error["code"] =
                            json!(error["code"].as_str().unwrap_or_default().replace('_', "-"));
                    }
                });
            }
        },
    ),
    switch(
        "too-many-never-back",
        &["too-many-requests-retry-after"],
        "A 429 does not say when to come back.",
        |b| b.too_many_no_time = true,
    ),
    switch(
        "too-many-other-code",
        &["error-code-toomanyrequests"],
        "A 429 has the code DENIED.",
        |b| b.too_many_denied = true,
    ),
    answer(
        "unknown-repository-no-challenge",
        &["unauthorized-challenge"],
        "A 401 does not say how to log in.",
        |c, a| {
            if unknown_repository(c, a) {
                *a = Answer::error(401, "UNAUTHORIZED", "who are you?");
            }
        },
    ),
    answer(
        "unknown-repository-denied",
        &["error-code-unauthorized"],
        "A 401 has the code DENIED.",
        |c, a| {
            if unknown_repository(c, a) {
                *a = Answer::error(401, "DENIED", "no")
                    .with("WWW-Authenticate", "Basic realm=\"r\"");
            }
        },
    ),
    answer(
        "warnings-long-together",
        &["warning-size"],
        "Several warnings are longer together than they may be.",
        |_, a| {
            for _ in 0..3 {
                a.headers.push((
                    "Warning".to_owned(),
                    format!("299 - \"{}\"", "h".repeat(1400)),
                ));
            }
        },
    ),
    answer(
        "warning-second-agent",
        &["warning-agent"],
        "The second of two warnings names an agent.",
        |_, a| {
            a.set("Warning", "299 - \"hm\"");
            a.headers
                .push(("Warning".to_owned(), "299 registry \"hm\"".to_owned()));
        },
    ),
];

fn keep_tags(call: &Call, answer: &mut Answer, keep: impl Fn(&str) -> bool) {
    if got_tags(call, answer) {
        edit_list(answer, "/tags", |tags| {
            tags.retain(|tag| tag.as_str().is_none_or(&keep))
        });
    }
}

fn relink(call: &Call, answer: &mut Answer, change: impl FnOnce(String) -> String) {
    if let Some(link) = answer.header("link").map(str::to_owned)
        && got_tags(call, answer)
    {
        answer.set("Link", change(link));
    }
}

fn none_listed(answer: &Answer) -> bool {
    String::from_utf8_lossy(&answer.body).contains("\"manifests\":[]")
}

fn empty_index() -> Answer {
    let kind = "application/vnd.oci.image.index.v1+json";
    Answer::json(
        200,
        kind,
        &json!({"schemaVersion": 2, "mediaType": kind, "manifests": []}),
    )
}

fn each(call: &Call, answer: &mut Answer, change: impl Fn(&mut Value)) {
    if got_referrers(call, answer) {
        edit_list(answer, "/manifests", |list| {
            list.iter_mut().for_each(change)
        });
    }
}

fn drop_key(descriptor: &mut Value, key: &str) {
    if let Some(members) = descriptor.as_object_mut() {
        members.remove(key);
    }
}

fn unknown_repository(call: &Call, answer: &Answer) -> bool {
    answer.status == 404
        && call
            .endpoint
            .repository()
            .is_some_and(|name| name.contains("absent"))
}
