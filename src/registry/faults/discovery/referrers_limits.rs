//! Faults of the referrers list that show only with many referrers, or with long and unusual values.

use serde_json::{Value, json};

use crate::registry::fault::Fault;
use crate::registry::faults::edits::{
    drop_key, each_referrer, edit_annotations, edit_json, edit_list,
};
use crate::registry::faults::predicates::got_referrers;
use crate::registry::faults::rows::{after, error, response};
use crate::registry::faults::store_edits::repository_of;
use crate::registry::response_edit::REFERRERS_LIST;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    error("referrers-accept-index-406", &["referrers-status"],
        "GET on the referrers list with the type of an index in Accept returns 406.",
        REFERRERS_LIST.if_request(|request| request.header("accept").is_some_and(|types| types.contains("image.index"))),
        406, "UNSUPPORTED", "no such type"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "referrers-fifty-at-most",
        &["referrers-complete"],
        "The referrers list has at most fifty referrers.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(50));
            }
        },
    ),
    response(
        "referrers-hundred-at-most",
        &["referrers-complete"],
        "The referrers list has at most a hundred referrers.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(100));
            }
        },
    ),
    response(
        "referrers-filter-twenty-at-most",
        &["referrers-filter-complete"],
        "The filtered referrers list has at most twenty referrers.",
        |request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", |list| list.truncate(20));
            }
        },
    ),
    response(
        "referrers-type-cut",
        &["referrers-artifact-type"],
        "The referrers list cuts artifactType after 128 characters.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(Value::String(kind)) = descriptor.get_mut("artifactType") {
                    *kind = kind.chars().take(128).collect();
                }
            });
        },
    ),
    response(
        "referrers-annotations-cut-at-4096",
        &["referrers-annotations"],
        "The referrers list cuts annotations after 4096 characters.",
        |request, response| {
            edit_annotations(request, response, |text| text.chars().take(4096).collect());
        },
    ),
    response(
        "referrers-annotations-unquoted",
        &["referrers-annotations"],
        "The referrers list drops quotation marks from annotations.",
        |request, response| edit_annotations(request, response, |text| text.replace('"', "")),
    ),
    response(
        "referrers-annotations-no-backslash",
        &["referrers-annotations"],
        "The referrers list drops backslashes from annotations.",
        |request, response| edit_annotations(request, response, |text| text.replace('\\', "")),
    ),
    response(
        "referrers-annotations-no-paths",
        &["referrers-annotations"],
        "The referrers list omits annotations with a slash in the key.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                let keys = descriptor.get("annotations").and_then(Value::as_object);
                let paths = keys.into_iter().flat_map(|all| all.keys());
                let paths: Vec<String> = paths.filter(|key| key.contains('/')).cloned().collect();
                if let Some(annotations) = descriptor.get_mut("annotations") {
                    paths.iter().for_each(|key| drop_key(annotations, key));
                }
            });
        },
    ),
    after(
        "referrers-media-type-of-body",
        &["referrers-descriptor"],
        "The referrers list takes the mediaType from the field in the manifest, and omits it if there is none.",
        |store, request, response| {
            let Some(repository) = repository_of(store, request) else {
                return;
            };
            each_referrer(request, response, |descriptor| {
                let digest = descriptor.get("digest").and_then(Value::as_str);
                let manifest = digest.and_then(|digest| repository.manifests.get(digest));
                let bytes = manifest.map(|one| one.bytes.clone()).unwrap_or_default();
                let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                if body.get("mediaType").is_none() {
                    drop_key(descriptor, "mediaType");
                }
            });
        },
    ),
    response(
        "referrers-version-text",
        &["referrers-index"],
        "The referrers list has schemaVersion as a string.",
        |request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| value["schemaVersion"] = json!("2"));
            }
        },
    ),
];
