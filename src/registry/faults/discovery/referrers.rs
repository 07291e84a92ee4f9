//! Faults of the referrers list.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, edit_list, empty_index};
use crate::registry::faults::predicates::{WRONG_DIGEST, got_referrers, none_listed, second};
use crate::registry::faults::rows::{
    after, before, empty, error, header, request, response, status, switch,
};
use crate::registry::faults::store_edits::{record_tombstones, repository_of};
use crate::registry::response_edit::{ANY, At, REFERRERS_LIST};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("referrers-203", &["referrers-status"],
        "GET on the referrers list returns 203 instead of 200.", REFERRERS_LIST, 203),
    error("referrers-none-404", &["referrers-not-404"],
        "GET on an empty referrers list returns 404.",
        REFERRERS_LIST.if_response(none_listed), 404, "MANIFEST_UNKNOWN", "no"),
    status("referrers-any-digest", &["referrers-invalid-digest"],
        "GET on the referrers of a malformed digest returns 404 instead of 400.",
        ANY.at(At::Referrers).status(400), 404),
    header("referrers-plain-type", &["referrers-content-type"],
        "The referrers list has the Content-Type application/json.",
        REFERRERS_LIST, "Content-Type", "application/json"),
    switch("referrers-everywhere", &["referrers-repository"],
        "The referrers list has the referrers of all repositories.", |switches| switches.list_referrers_of_all_repositories = true),
    switch("referrers-deleted", &["referrers-deleted"],
        "The referrers list has deleted manifests.", |switches| switches.list_deleted_referrers = true),
    switch("referrers-need-subject", &["referrers-complete"],
        "The referrers list is empty until the subject exists.", |switches| switches.omit_referrers_of_missing_subject = true),
    error("referrers-400", &["referrers-status"],
        "GET on the referrers list returns 400.", REFERRERS_LIST, 400, "UNSUPPORTED", "no referrers today"),
    status("referrers-202", &["referrers-status"],
        "GET on the referrers list returns 202 instead of 200.", REFERRERS_LIST, 202),
    empty("referrers-none-204", &["referrers-status"],
        "GET on an empty referrers list returns 204.", REFERRERS_LIST.if_response(none_listed), 204),
    error("referrers-second-repository-404", &["referrers-not-404"],
        "GET on the referrers list in the second repository returns 404.",
        REFERRERS_LIST.if_request(second), 404, "MANIFEST_UNKNOWN", "no"),
    error("referrers-filtered-none-404", &["referrers-not-404"],
        "GET on a filtered referrers list without matches returns 404.",
        REFERRERS_LIST.query("artifactType").if_response(none_listed), 404, "MANIFEST_UNKNOWN", "no"),
    header("referrers-docker-type", &["referrers-content-type"],
        "The referrers list has the Content-Type of a Docker manifest list.",
        REFERRERS_LIST, "Content-Type", "application/vnd.docker.distribution.manifest.list.v2+json"),
    header("referrers-none-plain-type", &["referrers-content-type"],
        "An empty referrers list has the Content-Type application/json.",
        REFERRERS_LIST.if_response(none_listed), "Content-Type", "application/json"),
    header("referrers-link-nowhere", &["referrers-link-next"],
        "The Link of the referrers list returns 404.",
        REFERRERS_LIST.if_response(|response| !none_listed(response)), "Link", "</v2/nowhere>; rel=\"next\""),
    header("referrers-link-dead", &["referrers-link-next"],
        "The Link of the referrers list leads to a port where nothing answers.",
        REFERRERS_LIST.if_response(|response| !none_listed(response)), "Link", "<http://127.0.0.1:1/>; rel=\"next\""),
    switch("referrers-transitive", &["referrers-only"],
        "The referrers list has the referrers of referrers.", |switches| switches.list_referrers_of_referrers = true),
    switch("referrers-tagged-alone", &["referrers-complete"],
        "The referrers list omits referrers without a tag.", |switches| switches.omit_untagged_referrers = true),
];

pub const FAULTS: &[Fault] = &[
    response(
        "referrers-html",
        &["referrers-index", "referrers-content-type"],
        "The referrers list is an HTML page.",
        |request, response| {
            if got_referrers(request, response) {
                response.set("Content-Type", "text/html");
                response.body = "<html><body>referrers</body></html>".into();
            }
        },
    ),
    response(
        "referrers-no-index",
        &["referrers-index"],
        "The referrers list has no schemaVersion.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    value
                        .as_object_mut()
                        .map(|members| members.remove("schemaVersion"));
                });
            }
        },
    ),
    response(
        "referrers-strangers",
        &["referrers-only"],
        "The referrers list has a manifest of another subject.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| {
                    list.push(json!({
                        "mediaType": "application/vnd.oci.image.manifest.v1+json",
                        "digest": WRONG_DIGEST,
                        "size": 2,
                        "artifactType": "a/b",
                    }))
                });
            }
        },
    ),
    response(
        "referrers-no-indexes",
        &["referrers-index-listed"],
        "The referrers list omits indexes.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| {
                    list.retain(|descriptor| !descriptor["mediaType"].to_string().contains("index"))
                });
            }
        },
    ),
    response(
        "referrers-null",
        &["referrers-index"],
        "An empty referrers list is null.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    if value["manifests"].as_array().is_some_and(Vec::is_empty) {
                        value["manifests"] = Value::Null;
                    }
                });
            }
        },
    ),
    response(
        "referrers-link-loop",
        &["referrers-link-next"],
        "The Link of the referrers list points to the same page.",
        |request, response| {
            if got_referrers(request, response) {
                response.set("Link", format!("<{}>; rel=\"next\"", request.path));
            }
        },
    ),
    response(
        "referrers-ten-at-most",
        &["referrers-complete"],
        "The referrers list has at most ten referrers.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(10));
            }
        },
    ),
    response(
        "referrers-large-lost",
        &["referrers-complete"],
        "The referrers list omits referrers of more than 1 MiB.",
        |request, response| {
            let small = |one: &Value| one.pointer("/size").and_then(Value::as_u64) <= Some(1 << 20);
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.retain(small));
            }
        },
    ),
    after(
        "referrers-of-index-children",
        &["referrers-empty"],
        "The referrers list of an index has the images of the index.",
        |store, request, response| {
            let Endpoint::Referrers(name, digest) = &request.endpoint else {
                return;
            };
            let repository = store.repositories.get(name);
            let index = repository.and_then(|one| one.manifests.get(digest));
            let index = index.and_then(|one| serde_json::from_slice::<Value>(&one.bytes).ok());
            if let Some(Value::Array(children)) = index.as_ref().and_then(|i| i.get("manifests")) {
                edit_list(response, "/manifests", |list| {
                    list.extend(children.iter().cloned())
                });
            }
        },
    ),
    request(
        "referrers-digest-by-length",
        &["referrers-invalid-digest"],
        "The referrers API accepts any 64 characters as a sha256 digest.",
        |request| {
            if let Endpoint::Referrers(_, digest) = &mut request.endpoint
                && digest.len() == WRONG_DIGEST.len()
                && digest.starts_with("sha256:")
                && !digest
                    .bytes()
                    .skip(7)
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            {
                WRONG_DIGEST.clone_into(digest);
            }
        },
    ),
    before(
        "referrers-of-deleted-lost",
        &["referrers-complete"],
        "A subject that is deleted and pushed again has no referrers.",
        |store, request| {
            record_tombstones(store, request);
            let (Endpoint::Manifest(name, digest), true) = (&request.endpoint, request.is("PUT"))
            else {
                return None;
            };
            if store
                .tombstones
                .contains_key(&(name.clone(), digest.clone()))
            {
                let all = store.repositories.get_mut(name)?.manifests.values_mut();
                for referrer in all.filter(|one| one.subject.as_ref() == Some(digest)) {
                    referrer.subject = None;
                }
            }
            None
        },
    ),
    before(
        "referrers-untagged-lost",
        &["referrers-complete"],
        "The referrers list omits a referrer whose tag was deleted.",
        |store, request| {
            let (Endpoint::Manifest(name, tag), true) = (&request.endpoint, request.is("DELETE"))
            else {
                return None;
            };
            let repository = store.repositories.get_mut(name)?;
            let digest = &repository.tags.get(tag)?.digest;
            repository.manifests.get_mut(digest)?.subject = None;
            None
        },
    ),
    response(
        "referrers-invalid-200",
        &["referrers-invalid-digest"],
        "GET on the referrers of a malformed digest returns 200 instead of 400.",
        |request, response| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) && response.status == 400 {
                *response = empty_index();
            }
        },
    ),
    response(
        "referrers-short-digest",
        &["referrers-invalid-digest"],
        "GET on the referrers of a digest that is too short returns 200 instead of 400.",
        |request, response| {
            let short =
                matches!(&request.endpoint, Endpoint::Referrers(_, digest) if digest.len() == 70);
            if short && response.status == 400 {
                *response = empty_index();
            }
        },
    ),
    response(
        "referrers-of-tag",
        &["referrers-invalid-digest"],
        "GET on the referrers of a tag returns 200 instead of 400.",
        |request, response| {
            let tag = matches!(&request.endpoint, Endpoint::Referrers(_, digest) if !digest.contains(':'));
            if tag && response.status == 400 {
                *response = empty_index();
            }
        },
    ),
    response(
        "referrers-as-list",
        &["referrers-index"],
        "The referrers response is a bare JSON list.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| *value = value["manifests"].clone());
            }
        },
    ),
    response(
        "referrers-other-key",
        &["referrers-index"],
        "The referrers list is in the member referrers instead of manifests.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    *value = json!({
                        "schemaVersion": 2,
                        "mediaType": value["mediaType"],
                        "referrers": value["manifests"],
                    })
                });
            }
        },
    ),
    response(
        "referrers-version-1",
        &["referrers-index"],
        "The referrers list has schemaVersion 1 instead of 2.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| value["schemaVersion"] = json!(1));
            }
        },
    ),
    response(
        "referrers-image-type",
        &["referrers-index"],
        "The referrers list has the mediaType of an image manifest.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    value["mediaType"] = json!("application/vnd.oci.image.manifest.v1+json")
                });
            }
        },
    ),
    response(
        "referrers-no-media-type",
        &["referrers-index-type"],
        "The referrers list has no mediaType.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    value
                        .as_object_mut()
                        .map(|members| members.remove("mediaType"));
                });
            }
        },
    ),
    response(
        "referrers-twice",
        &["referrers-page"],
        "The referrers list has every referrer twice.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.extend(list.clone()));
            }
        },
    ),
    after(
        "referrers-once-per-tag",
        &["referrers-page"],
        "The referrers list has a referrer once for each of its tags.",
        |store, request, response| {
            let Some(repository) =
                repository_of(store, request).filter(|_| got_referrers(request, response))
            else {
                return;
            };
            edit_list(response, "/manifests", |list| {
                let tags = |one: &Value| {
                    let all = repository.tags.values();
                    all.filter(|tag| one.get("digest") == Some(&json!(tag.digest)))
                        .count()
                };
                *list = list
                    .drain(..)
                    .flat_map(|one| {
                        let times = tags(&one).max(1);
                        std::iter::repeat_n(one, times)
                    })
                    .collect();
            });
        },
    ),
    response(
        "referrers-first-alone",
        &["referrers-complete", "referrers-link"],
        "The referrers list has only the first referrer and no Link.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(1));
            }
        },
    ),
    response(
        "referrers-link-no-relation",
        &["referrers-link-form"],
        "The Link of the referrers list has no rel.",
        |request, response| {
            if got_referrers(request, response) && !none_listed(response) {
                response.set("Link", format!("<{}?last=zz>", request.path));
            }
        },
    ),
];
