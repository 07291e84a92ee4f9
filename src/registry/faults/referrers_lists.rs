//! Faults of lists of referrers that only a careful look at them shows.

use serde_json::json;

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "referrers-202",
        &["referrers-status"],
        "Referrers are listed with 202.",
        |c, a| {
            if got_referrers(c, a) {
                a.status = 202;
            }
        },
    ),
    response(
        "referrers-none-204",
        &["referrers-status", "referrers-empty"],
        "A list of no referrers is answered with 204.",
        |c, a| {
            if got_referrers(c, a) && none_listed(a) {
                *a = ApiResponse::new(204);
            }
        },
    ),
    response(
        "referrers-second-repository-404",
        &["referrers-not-404", "referrers-status"],
        "Referrers in the second repository are answered with 404.",
        |c, a| {
            if got_referrers(c, a) && c.path.contains("two") {
                *a = ApiResponse::error(404, "MANIFEST_UNKNOWN", "no");
            }
        },
    ),
    response(
        "referrers-filtered-none-404",
        &["referrers-not-404"],
        "A filter that leaves nothing is answered with 404.",
        |c, a| {
            if got_referrers(c, a) && none_listed(a) && c.query("artifactType").is_some() {
                *a = ApiResponse::error(404, "MANIFEST_UNKNOWN", "no");
            }
        },
    ),
    response(
        "referrers-invalid-200",
        &["referrers-invalid-digest"],
        "A malformed digest has no referrers.",
        |c, a| {
            if matches!(c.endpoint, Endpoint::Referrers(..)) && a.status == 400 {
                *a = empty_index();
            }
        },
    ),
    response(
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
    response(
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
    response(
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
    response(
        "referrers-none-plain-type",
        &["referrers-content-type"],
        "A list of no referrers is plain JSON.",
        |c, a| {
            if got_referrers(c, a) && none_listed(a) {
                a.set("Content-Type", "application/json");
            }
        },
    ),
    response(
        "referrers-as-list",
        &["referrers-index"],
        "Referrers are a bare list.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| *v = v["manifests"].clone());
            }
        },
    ),
    response(
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
    response(
        "referrers-version-1",
        &["referrers-index"],
        "The list of referrers has schemaVersion 1.",
        |c, a| {
            if got_referrers(c, a) {
                edit(a, |v| v["schemaVersion"] = json!(1));
            }
        },
    ),
    response(
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
    response(
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
    response(
        "referrers-size-text",
        &["referrers-descriptor"],
        "The sizes of referrers are text.",
        |c, a| {
            each(c, a, |d| d["size"] = json!(d["size"].to_string()));
        },
    ),
    response(
        "referrers-no-size",
        &["referrers-descriptor"],
        "Referrers are listed without sizes.",
        |c, a| {
            each(c, a, |d| drop_key(d, "size"));
        },
    ),
    response(
        "referrers-index-as-image",
        &["referrers-descriptor"],
        "Indexes are listed as images.",
        |c, a| {
            each(c, a, |d| {
                d["mediaType"] = json!("application/vnd.oci.image.manifest.v1+json")
            });
        },
    ),
    response(
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
    response(
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
    response(
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
    response(
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
    response(
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
    response(
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
    response(
        "referrers-twice",
        &["referrers-page"],
        "Each referrer is listed twice.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |list| list.extend(list.clone()));
            }
        },
    ),
    response(
        "referrers-first-alone",
        &["referrers-complete", "referrers-link"],
        "Of all referrers the first is listed, and no Link.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |list| list.truncate(1));
            }
        },
    ),
    response(
        "referrers-link-no-relation",
        &["referrers-link-form"],
        "The Link of referrers has no relation.",
        |c, a| {
            if got_referrers(c, a) && !none_listed(a) {
                a.set("Link", format!("<{}?last=zz>", c.path));
            }
        },
    ),
    response(
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
    response(
        "referrers-filter-header-unasked",
        &["referrers-filter-unasked"],
        "A list that nobody asked to filter says that it was.",
        |c, a| {
            if got_referrers(c, a) {
                a.set("OCI-Filters-Applied", "artifactType");
            }
        },
    ),
    response(
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
    request(
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
    response(
        "referrers-filter-no-annotations",
        &["referrers-annotations"],
        "A filtered list has no annotations.",
        |c, a| {
            if c.query("artifactType").is_some() {
                each(c, a, |d| drop_key(d, "annotations"));
            }
        },
    ),
];

fn none_listed(response: &ApiResponse) -> bool {
    String::from_utf8_lossy(&response.body).contains("\"manifests\":[]")
}

fn empty_index() -> ApiResponse {
    let kind = "application/vnd.oci.image.index.v1+json";
    ApiResponse::json(
        200,
        kind,
        &json!({"schemaVersion": 2, "mediaType": kind, "manifests": []}),
    )
}
