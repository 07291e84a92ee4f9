//! Faults of the referrers list.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::faults::edits::{edit_json, edit_list, empty_index};
use crate::registry::faults::matching::{ANY, At, REFERRERS_LIST};
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{WRONG_DIGEST, got_referrers, none_listed, second};
use crate::registry::faults::rows::{
    after, before, empty, error, header, request, response, status, switch,
};
use crate::registry::faults::store_edits::record_tombstones;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("referrers-203", &["referrers-status"],
        "Referrers are listed with 203.", REFERRERS_LIST, 203),
    error("referrers-none-404", &["referrers-not-404"],
        "A list of no referrers is answered with 404.",
        REFERRERS_LIST.if_response(none_listed), 404, "MANIFEST_UNKNOWN", "no"),
    status("referrers-any-digest", &["referrers-invalid-digest"],
        "A malformed digest has no referrers.", ANY.at(At::Referrers).status(400), 404),
    header("referrers-plain-type", &["referrers-content-type"],
        "Referrers are listed as plain JSON.", REFERRERS_LIST, "Content-Type", "application/json"),
    switch("referrers-everywhere", &["referrers-repository"],
        "Referrers of all repositories are listed.", |switches| switches.referrers_everywhere = true),
    switch("referrers-deleted", &["referrers-deleted"],
        "Deleted manifests are still listed as referrers.", |switches| switches.keep_deleted_referrers = true),
    switch("referrers-need-subject", &["referrers-complete"],
        "Referrers are not listed before their subject is there.", |switches| switches.referrers_need_subject = true),
    status("referrers-202", &["referrers-status"],
        "Referrers are listed with 202.", REFERRERS_LIST, 202),
    empty("referrers-none-204", &["referrers-status", "referrers-empty"],
        "A list of no referrers is answered with 204.", REFERRERS_LIST.if_response(none_listed), 204),
    error("referrers-second-repository-404", &["referrers-not-404", "referrers-status"],
        "Referrers in the second repository are answered with 404.",
        REFERRERS_LIST.if_request(second), 404, "MANIFEST_UNKNOWN", "no"),
    error("referrers-filtered-none-404", &["referrers-not-404"],
        "A filter that leaves nothing is answered with 404.",
        REFERRERS_LIST.query("artifactType").if_response(none_listed), 404, "MANIFEST_UNKNOWN", "no"),
    header("referrers-docker-type", &["referrers-content-type"],
        "Referrers are listed with the type of Docker's lists.",
        REFERRERS_LIST, "Content-Type", "application/vnd.docker.distribution.manifest.list.v2+json"),
    header("referrers-none-plain-type", &["referrers-content-type"],
        "A list of no referrers is plain JSON.",
        REFERRERS_LIST.if_response(none_listed), "Content-Type", "application/json"),
    header("referrers-link-nowhere", &["referrers-link-next"],
        "The Link of referrers leads to nothing.",
        REFERRERS_LIST.if_response(|response| !none_listed(response)), "Link", "</v2/nowhere>; rel=\"next\""),
    switch("referrers-transitive", &["referrers-only"],
        "The referrers of referrers are listed too.", |switches| switches.referrers_transitive = true),
    switch("referrers-tagged-alone", &["referrers-complete"],
        "Referrers without a tag are left out.", |switches| switches.referrers_tagged = true),
];

pub const FAULTS: &[Fault] = &[
    response(
        "referrers-no-index",
        &["referrers-index"],
        "Referrers are listed without the form of an index.",
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
        "A manifest is listed that refers to something else.",
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
        "Indexes are not listed as referrers.",
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
        &["referrers-empty"],
        "A list of no referrers is null.",
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
        "The Link of referrers leads to the same page.",
        |request, response| {
            if got_referrers(request, response) {
                response.set("Link", format!("<{}>; rel=\"next\"", request.path));
            }
        },
    ),
    response(
        "referrers-ten-at-most",
        &["referrers-complete"],
        "No more than ten referrers are listed.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(10));
            }
        },
    ),
    response(
        "referrers-large-lost",
        &["referrers-complete"],
        "Referrers of more than a MiB are not listed.",
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
        "The images of an index are listed as its referrers.",
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
        "Anything of 64 characters is taken for a digest.",
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
        "A subject that was deleted has no referrers when it is pushed again.",
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
        "A referrer whose tag was deleted is no longer listed.",
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
        "A malformed digest has no referrers.",
        |request, response| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) && response.status == 400 {
                *response = empty_index();
            }
        },
    ),
    response(
        "referrers-short-digest",
        &["referrers-invalid-digest"],
        "A digest that is too short has no referrers.",
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
        "A tag has no referrers.",
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
        "Referrers are a bare list.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| *value = value["manifests"].clone());
            }
        },
    ),
    response(
        "referrers-other-key",
        &["referrers-index"],
        "Referrers are listed under referrers.",
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
        "The list of referrers has schemaVersion 1.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| value["schemaVersion"] = json!(1));
            }
        },
    ),
    response(
        "referrers-image-type",
        &["referrers-index"],
        "The list of referrers says that it is an image.",
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
        "The list of referrers does not say what it is.",
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
        "Each referrer is listed twice.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.extend(list.clone()));
            }
        },
    ),
    response(
        "referrers-first-alone",
        &["referrers-complete", "referrers-link"],
        "Of all referrers the first is listed, and no Link.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(1));
            }
        },
    ),
    response(
        "referrers-link-no-relation",
        &["referrers-link-form"],
        "The Link of referrers has no relation.",
        |request, response| {
            if got_referrers(request, response) && !none_listed(response) {
                response.set("Link", format!("<{}?last=zz>", request.path));
            }
        },
    ),
];
