//! Faults of content discovery.

use serde_json::json;

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "tags-203",
        &["tags-status"],
        "Tags are listed with 203.",
        |c, a| {
            if got_tags(c, a) {
                a.status = 203;
            }
        },
    ),
    response(
        "tags-as-list",
        &["tags-json"],
        "Tags are listed as a bare list.",
        |c, a| {
            if got_tags(c, a) {
                edit(a, |v| *v = v["tags"].clone());
            }
        },
    ),
    response(
        "tags-other-name",
        &["tags-json-name"],
        "The list of tags names another repository.",
        |c, a| {
            if got_tags(c, a) {
                edit(a, |v| v["name"] = json!("other"));
            }
        },
    ),
    response(
        "tags-as-objects",
        &["tags-json-tags"],
        "Tags are listed as objects.",
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| {
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
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| tags.reverse());
            }
        },
    ),
    response(
        "tags-by-bytes",
        &["tags-order-case"],
        "Tags are listed in the order of bytes.",
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| {
                    tags.sort_by_key(|tag| tag.as_str().map(str::to_owned))
                });
            }
        },
    ),
    switch(
        "tags-lost",
        &["tags-complete"],
        "Every other tag is left out.",
        |b| b.lose_tags = true,
    ),
    response(
        "tags-invented",
        &["tags-only"],
        "Something is listed that is no tag.",
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| tags.push(json!("~no tag~")));
            }
        },
    ),
    response(
        "tags-twice",
        &["tags-unique"],
        "The first tag is listed twice.",
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| {
                    if let Some(first) = tags.first().cloned() {
                        tags.insert(0, first);
                    }
                });
            }
        },
    ),
    request(
        "tags-n-ignored",
        &["tags-n-most", "tags-last-most"],
        "The number of tags asked for is ignored.",
        |c| {
            if matches!(c.endpoint, Endpoint::Tags(_)) {
                c.query.retain(|(key, value)| key != "n" || value == "0");
            }
        },
    ),
    response(
        "tags-n-few",
        &["tags-n-count"],
        "One tag less is listed than asked for, and no Link.",
        |c, a| {
            if got_tags(c, a) && c.query("n") == Some("2") {
                a.remove("link");
                edit_list(a, "/tags", |tags| {
                    tags.pop();
                });
            }
        },
    ),
    response(
        "tags-link-no-rel",
        &["tags-link-form"],
        "The Link of tags has no relation.",
        |c, a| {
            if got_tags(c, a) {
                unrelated(a);
            }
        },
    ),
    response(
        "tags-link-loop",
        &["tags-link-next"],
        "The Link of tags leads to the first page.",
        |c, a| {
            if got_tags(c, a) && a.header("link").is_some() {
                a.set("Link", format!("<{}?n=7>; rel=\"next\"", c.path));
            }
        },
    ),
    request(
        "tags-n-zero-all",
        &["tags-n-zero"],
        "When no tags are asked for, all are listed.",
        |c| {
            if c.query("n") == Some("0") {
                c.query.clear();
            }
        },
    ),
    response(
        "tags-n-zero-link",
        &["tags-n-zero-link"],
        "A list of no tags has a Link.",
        |c, a| {
            if got_tags(c, a) && c.query("n") == Some("0") {
                a.set("Link", format!("<{}?n=1>; rel=\"next\"", c.path));
            }
        },
    ),
    switch(
        "tags-last-included",
        &["tags-last-exclusive"],
        "The last tag is listed again.",
        |b| b.include_last = true,
    ),
    response(
        "tags-last-skips",
        &["tags-last-next"],
        "The tag after the last is left out.",
        |c, a| {
            if got_tags(c, a) && c.query("last").is_some() {
                edit_list(a, "/tags", |tags| {
                    if !tags.is_empty() {
                        tags.remove(0);
                    }
                });
            }
        },
    ),
    response(
        "tags-last-needs-n",
        &["tags-last-without-n"],
        "The tags after one are not listed without a number.",
        |c, a| {
            if got_tags(c, a) && c.query("last").is_some() && c.query("n").is_none() {
                *a = ApiResponse::error(400, "UNSUPPORTED", "n is needed");
            }
        },
    ),
    response(
        "tags-unknown-200",
        &["tags-unknown-repository"],
        "An unknown repository has an empty list of tags.",
        |c, a| {
            if let Endpoint::Tags(name) = &c.endpoint
                && a.status == 404
            {
                *a = ApiResponse::json(200, "application/json", &json!({"name": name, "tags": []}));
            }
        },
    ),
    response(
        "referrers-203",
        &["referrers-status"],
        "Referrers are listed with 203.",
        |c, a| {
            if got_referrers(c, a) {
                a.status = 203;
            }
        },
    ),
    response(
        "referrers-none-404",
        &["referrers-not-404"],
        "A list of no referrers is answered with 404.",
        |c, a| {
            if got_referrers(c, a) && String::from_utf8_lossy(&a.body).contains("\"manifests\":[]")
            {
                *a = ApiResponse::error(404, "MANIFEST_UNKNOWN", "no");
            }
        },
    ),
    response(
        "referrers-any-digest",
        &["referrers-invalid-digest"],
        "A malformed digest has no referrers.",
        |c, a| {
            if matches!(c.endpoint, Endpoint::Referrers(..)) && a.status == 400 {
                a.status = 404;
            }
        },
    ),
    response(
        "referrers-no-index",
        &["referrers-index"],
        "Referrers are listed without the form of an index.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| {
                    v.as_object_mut().map(|o| o.remove("schemaVersion"));
                });
            }
        },
    ),
    response(
        "referrers-plain-type",
        &["referrers-content-type"],
        "Referrers are listed as plain JSON.",
        |c, a| {
            if got_referrers(c, a) {
                a.set("Content-Type", "application/json");
            }
        },
    ),
    response(
        "referrers-strangers",
        &["referrers-only"],
        "A manifest is listed that refers to something else.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |list| {
                    list.push(json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": WRONG, "size": 2, "artifactType": "a/b"}))
                });
            }
        },
    ),
    switch(
        "referrers-everywhere",
        &["referrers-repository"],
        "Referrers of all repositories are listed.",
        |b| b.referrers_everywhere = true,
    ),
    response(
        "referrers-no-indexes",
        &["referrers-index-listed"],
        "Indexes are not listed as referrers.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |list| {
                    list.retain(|d| !d["mediaType"].to_string().contains("index"))
                });
            }
        },
    ),
    response(
        "referrers-wrong-size",
        &["referrers-descriptor"],
        "The sizes of referrers are one off.",
        |c, a| {
            each(c, a, |d| {
                d["size"] = json!(d["size"].as_u64().unwrap_or_default() + 1)
            });
        },
    ),
    response(
        "referrers-no-type",
        &["referrers-artifact-type"],
        "Referrers are listed without their types.",
        |c, a| {
            each(c, a, |d| drop_key(d, "artifactType"));
        },
    ),
    response(
        "referrers-index-no-type",
        &["referrers-index-artifact-type"],
        "Indexes are listed without their types.",
        |c, a| {
            each(c, a, |d| {
                if d["mediaType"].to_string().contains("index") {
                    drop_key(d, "artifactType");
                }
            });
        },
    ),
    response(
        "referrers-no-config-type",
        &["referrers-artifact-type-config"],
        "The type of a config is not taken over.",
        |c, a| {
            each(c, a, |d| {
                if d["artifactType"].to_string().contains("config") {
                    drop_key(d, "artifactType");
                }
            });
        },
    ),
    response(
        "referrers-invented-type",
        &["referrers-artifact-type-omitted"],
        "An index without a type is listed with one.",
        |c, a| {
            each(c, a, |d| {
                if d.get("artifactType").is_none() {
                    d["artifactType"] = json!("application/vnd.oci.unknown");
                }
            });
        },
    ),
    response(
        "referrers-no-annotations",
        &["referrers-annotations"],
        "Referrers are listed without annotations.",
        |c, a| {
            each(c, a, |d| drop_key(d, "annotations"));
        },
    ),
    response(
        "referrers-index-no-annotations",
        &["referrers-index-annotations"],
        "Indexes are listed without annotations.",
        |c, a| {
            each(c, a, |d| {
                if d["mediaType"].to_string().contains("index") {
                    drop_key(d, "annotations");
                }
            });
        },
    ),
    response(
        "referrers-null",
        &["referrers-empty"],
        "A list of no referrers is null.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| {
                    if v["manifests"].as_array().is_some_and(Vec::is_empty) {
                        v["manifests"] = Value::Null;
                    }
                });
            }
        },
    ),
    switch(
        "referrers-deleted",
        &["referrers-deleted"],
        "Deleted manifests are still listed as referrers.",
        |b| b.keep_deleted_referrers = true,
    ),
    switch(
        "referrers-need-subject",
        &["referrers-complete"],
        "Referrers are not listed before their subject is there.",
        |b| b.referrers_need_subject = true,
    ),
    response(
        "referrers-link-loop",
        &["referrers-link-next"],
        "The Link of referrers leads to the same page.",
        |c, a| {
            if got_referrers(c, a) {
                a.set("Link", format!("<{}>; rel=\"next\"", c.path));
            }
        },
    ),
    request(
        "referrers-filter-ignored",
        &["referrers-filter"],
        "Referrers cannot be filtered.",
        |c| {
            if matches!(c.endpoint, Endpoint::Referrers(..)) {
                c.query.retain(|(key, _)| key != "artifactType");
            }
        },
    ),
    response(
        "referrers-filter-no-header",
        &["referrers-filter-header"],
        "A filter is applied and not said.",
        |_, a| a.remove("oci-filters-applied"),
    ),
    response(
        "referrers-filter-in-words",
        &["referrers-filter-only"],
        "A filter is said to be applied, and is not.",
        |c, a| {
            if got_referrers(c, a) && c.query("artifactType").is_some() {
                edit_list(a, "/manifests", |list| {
                    list.push(json!({"mediaType": "a/b", "digest": WRONG, "size": 2, "artifactType": "c/d"}))
                });
            }
        },
    ),
    response(
        "referrers-filter-too-much",
        &["referrers-filter-complete"],
        "A filter leaves everything out.",
        |c, a| {
            if got_referrers(c, a) && c.query("artifactType").is_some() {
                edit_list(a, "/manifests", Vec::clear);
            }
        },
    ),
];

fn unrelated(response: &mut ApiResponse) {
    if let Some(link) = response.header("link") {
        let bare = link.split(';').next().unwrap_or_default().to_owned();
        response.set("Link", bare);
    }
}
