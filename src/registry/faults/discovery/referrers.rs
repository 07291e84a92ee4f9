//! Faults of the referrers list.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, edit_list, empty_index};
use crate::registry::faults::predicates::{WRONG_DIGEST, got_referrers, none_listed, second};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{record_tombstones, repository_of};
use crate::registry::response_edit::{ANY, At, REFERRERS_LIST};

pub const FAULTS: &[Fault] = &[
    fault("referrers-203")
        .violates(&["referrers-status"])
        .title("GET on the referrers list returns 203 instead of 200.")
        .status(REFERRERS_LIST, 203),
    fault("referrers-none-404")
        .violates(&["referrers-not-404"])
        .title("GET on an empty referrers list returns 404.")
        .error(
            REFERRERS_LIST.if_response(none_listed),
            404,
            "MANIFEST_UNKNOWN",
            "no",
        ),
    fault("referrers-any-digest")
        .violates(&["referrers-invalid-digest"])
        .title("GET on the referrers of a malformed digest returns 404 instead of 400.")
        .status(ANY.at(At::Referrers).status(400), 404),
    fault("referrers-plain-type")
        .violates(&["referrers-content-type"])
        .title("The referrers list has the Content-Type application/json.")
        .header(REFERRERS_LIST, "Content-Type", "application/json"),
    fault("referrers-everywhere")
        .violates(&["referrers-repository"])
        .title("The referrers list has the referrers of all repositories.")
        .switch(|switches| switches.list_referrers_of_all_repositories = true),
    fault("referrers-deleted")
        .violates(&["referrers-deleted"])
        .title("The referrers list has deleted manifests.")
        .switch(|switches| switches.list_deleted_referrers = true),
    fault("referrers-need-subject")
        .violates(&["referrers-complete"])
        .title("The referrers list is empty until the subject exists.")
        .switch(|switches| switches.omit_referrers_of_missing_subject = true),
    fault("referrers-400")
        .violates(&["referrers-status"])
        .title("GET on the referrers list returns 400.")
        .error(REFERRERS_LIST, 400, "UNSUPPORTED", "no referrers today"),
    fault("referrers-202")
        .violates(&["referrers-status"])
        .title("GET on the referrers list returns 202 instead of 200.")
        .status(REFERRERS_LIST, 202),
    fault("referrers-none-204")
        .violates(&["referrers-status"])
        .title("GET on an empty referrers list returns 204.")
        .empty(REFERRERS_LIST.if_response(none_listed), 204),
    fault("referrers-second-repository-404")
        .violates(&["referrers-not-404"])
        .title("GET on the referrers list in the second repository returns 404.")
        .error(
            REFERRERS_LIST.if_request(second),
            404,
            "MANIFEST_UNKNOWN",
            "no",
        ),
    fault("referrers-filtered-none-404")
        .violates(&["referrers-not-404"])
        .title("GET on a filtered referrers list without matches returns 404.")
        .error(
            REFERRERS_LIST
                .query("artifactType")
                .if_response(none_listed),
            404,
            "MANIFEST_UNKNOWN",
            "no",
        ),
    fault("referrers-docker-type")
        .violates(&["referrers-content-type"])
        .title("The referrers list has the Content-Type of a Docker manifest list.")
        .header(
            REFERRERS_LIST,
            "Content-Type",
            "application/vnd.docker.distribution.manifest.list.v2+json",
        ),
    fault("referrers-none-plain-type")
        .violates(&["referrers-content-type"])
        .title("An empty referrers list has the Content-Type application/json.")
        .header(
            REFERRERS_LIST.if_response(none_listed),
            "Content-Type",
            "application/json",
        ),
    fault("referrers-link-nowhere")
        .violates(&["referrers-link-next"])
        .title("The Link of the referrers list returns 404.")
        .header(
            REFERRERS_LIST.if_response(|response| !none_listed(response)),
            "Link",
            "</v2/nowhere>; rel=\"next\"",
        ),
    fault("referrers-link-dead")
        .violates(&["referrers-link-next"])
        .title("The Link of the referrers list leads to a port where nothing answers.")
        .header(
            REFERRERS_LIST.if_response(|response| !none_listed(response)),
            "Link",
            "<http://127.0.0.1:1/>; rel=\"next\"",
        ),
    fault("referrers-transitive")
        .violates(&["referrers-only"])
        .title("The referrers list has the referrers of referrers.")
        .switch(|switches| switches.list_referrers_of_referrers = true),
    fault("referrers-tagged-alone")
        .violates(&["referrers-complete"])
        .title("The referrers list omits referrers without a tag.")
        .switch(|switches| switches.omit_untagged_referrers = true),
    fault("referrers-html")
        .violates(&["referrers-index", "referrers-content-type"])
        .title("The referrers list is an HTML page.")
        .response(|request, response| {
            if got_referrers(request, response) {
                response.set("Content-Type", "text/html");
                response.body = "<html><body>referrers</body></html>".into();
            }
        }),
    fault("referrers-no-index")
        .violates(&["referrers-index"])
        .title("The referrers list has no schemaVersion.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    value
                        .as_object_mut()
                        .map(|members| members.remove("schemaVersion"));
                });
            }
        }),
    fault("referrers-strangers")
        .violates(&["referrers-only"])
        .title("The referrers list has a manifest of another subject.")
        .response(|request, response| {
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
        }),
    fault("referrers-no-indexes")
        .violates(&["referrers-index-listed"])
        .title("The referrers list omits indexes.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| {
                    list.retain(|descriptor| !descriptor["mediaType"].to_string().contains("index"))
                });
            }
        }),
    fault("referrers-null")
        .violates(&["referrers-index"])
        .title("An empty referrers list is null.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    if value["manifests"].as_array().is_some_and(Vec::is_empty) {
                        value["manifests"] = Value::Null;
                    }
                });
            }
        }),
    fault("referrers-link-loop")
        .violates(&["referrers-link-next"])
        .title("The Link of the referrers list points to the same page.")
        .response(|request, response| {
            if got_referrers(request, response) {
                response.set("Link", format!("<{}>; rel=\"next\"", request.path));
            }
        }),
    fault("referrers-ten-at-most")
        .violates(&["referrers-complete"])
        .title("The referrers list has at most ten referrers.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(10));
            }
        }),
    fault("referrers-large-lost")
        .violates(&["referrers-complete"])
        .title("The referrers list omits referrers of more than 1 MiB.")
        .response(|request, response| {
            let small = |one: &Value| one.pointer("/size").and_then(Value::as_u64) <= Some(1 << 20);
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.retain(small));
            }
        }),
    fault("referrers-of-index-children")
        .violates(&["referrers-empty"])
        .title("The referrers list of an index has the images of the index.")
        .after(|store, request, response| {
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
        }),
    fault("referrers-digest-by-length")
        .violates(&["referrers-invalid-digest"])
        .title("The referrers API accepts any 64 characters as a sha256 digest.")
        .request(|request| {
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
        }),
    fault("referrers-of-deleted-lost")
        .violates(&["referrers-complete"])
        .title("A subject that is deleted and pushed again has no referrers.")
        .before(|store, request| {
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
        }),
    fault("referrers-untagged-lost")
        .violates(&["referrers-complete"])
        .title("The referrers list omits a referrer whose tag was deleted.")
        .before(|store, request| {
            let (Endpoint::Manifest(name, tag), true) = (&request.endpoint, request.is("DELETE"))
            else {
                return None;
            };
            let repository = store.repositories.get_mut(name)?;
            let digest = &repository.tags.get(tag)?.digest;
            repository.manifests.get_mut(digest)?.subject = None;
            None
        }),
    fault("referrers-invalid-200")
        .violates(&["referrers-invalid-digest"])
        .title("GET on the referrers of a malformed digest returns 200 instead of 400.")
        .response(|request, response| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) && response.status == 400 {
                *response = empty_index();
            }
        }),
    fault("referrers-short-digest")
        .violates(&["referrers-invalid-digest"])
        .title("GET on the referrers of a digest that is too short returns 200 instead of 400.")
        .response(|request, response| {
            let short =
                matches!(&request.endpoint, Endpoint::Referrers(_, digest) if digest.len() == 70);
            if short && response.status == 400 {
                *response = empty_index();
            }
        }),
    fault("referrers-of-tag")
        .violates(&["referrers-invalid-digest"])
        .title("GET on the referrers of a tag returns 200 instead of 400.")
        .response(|request, response| {
            let tag = match &request.endpoint {
                Endpoint::Referrers(_, digest) => !digest.contains(':'),
                _ => false,
            };
            if tag && response.status == 400 {
                *response = empty_index();
            }
        }),
    fault("referrers-as-list")
        .violates(&["referrers-index"])
        .title("The referrers response is a bare JSON list.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| *value = value["manifests"].clone());
            }
        }),
    fault("referrers-other-key")
        .violates(&["referrers-index"])
        .title("The referrers list is in the member referrers instead of manifests.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    *value = json!({
                        "schemaVersion": 2,
                        "mediaType": value["mediaType"],
                        "referrers": value["manifests"],
                    })
                });
            }
        }),
    fault("referrers-version-1")
        .violates(&["referrers-index"])
        .title("The referrers list has schemaVersion 1 instead of 2.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| value["schemaVersion"] = json!(1));
            }
        }),
    fault("referrers-image-type")
        .violates(&["referrers-index"])
        .title("The referrers list has the mediaType of an image manifest.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    value["mediaType"] = json!("application/vnd.oci.image.manifest.v1+json")
                });
            }
        }),
    fault("referrers-no-media-type")
        .violates(&["referrers-index-type"])
        .title("The referrers list has no mediaType.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| {
                    value
                        .as_object_mut()
                        .map(|members| members.remove("mediaType"));
                });
            }
        }),
    fault("referrers-twice")
        .violates(&["referrers-page"])
        .title("The referrers list has every referrer twice.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.extend(list.clone()));
            }
        }),
    fault("referrers-once-per-tag")
        .violates(&["referrers-page"])
        .title("The referrers list has a referrer once for each of its tags.")
        .after(|store, request, response| {
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
        }),
    fault("referrers-first-alone")
        .violates(&["referrers-complete", "referrers-link"])
        .title("The referrers list has only the first referrer and no Link.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(1));
            }
        }),
    fault("referrers-link-no-relation")
        .violates(&["referrers-link-form"])
        .title("The Link of the referrers list has no rel.")
        .response(|request, response| {
            if got_referrers(request, response) && !none_listed(response) {
                response.set("Link", format!("<{}?last=zz>", request.path));
            }
        }),
];
