//! Faults of the referrers list that show only with many referrers, or with long and unusual values.

use serde_json::{Value, json};

use crate::registry::fault::Fault;
use crate::registry::faults::edits::{
    drop_key, each_referrer, edit_annotations, edit_json, edit_list,
};
use crate::registry::faults::predicates::got_referrers;
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::repository_of;
use crate::registry::response_edit::REFERRERS_LIST;

pub const FAULTS: &[Fault] = &[
    fault("referrers-accept-index-406")
        .violates(&["referrers-status"])
        .title("GET on the referrers list with the type of an index in Accept returns 406.")
        .error(
            REFERRERS_LIST.if_request(|request| {
                request
                    .header("accept")
                    .is_some_and(|types| types.contains("image.index"))
            }),
            406,
            "UNSUPPORTED",
            "no such type",
        ),
    fault("referrers-fifty-at-most")
        .violates(&["referrers-complete"])
        .title("The referrers list has at most fifty referrers.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(50));
            }
        }),
    fault("referrers-hundred-at-most")
        .violates(&["referrers-complete"])
        .title("The referrers list has at most a hundred referrers.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", |list| list.truncate(100));
            }
        }),
    fault("referrers-filter-twenty-at-most")
        .violates(&["referrers-filter-complete"])
        .title("The filtered referrers list has at most twenty referrers.")
        .response(|request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", |list| list.truncate(20));
            }
        }),
    fault("referrers-type-cut")
        .violates(&["referrers-artifact-type"])
        .title("The referrers list cuts artifactType after 128 characters.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(Value::String(kind)) = descriptor.get_mut("artifactType") {
                    *kind = kind.chars().take(128).collect();
                }
            });
        }),
    fault("referrers-annotations-cut-at-4096")
        .violates(&["referrers-annotations"])
        .title("The referrers list cuts annotations after 4096 characters.")
        .response(|request, response| {
            edit_annotations(request, response, |text| text.chars().take(4096).collect());
        }),
    fault("referrers-annotations-unquoted")
        .violates(&["referrers-annotations"])
        .title("The referrers list drops quotation marks from annotations.")
        .response(|request, response| {
            edit_annotations(request, response, |text| text.replace('"', ""))
        }),
    fault("referrers-annotations-no-backslash")
        .violates(&["referrers-annotations"])
        .title("The referrers list drops backslashes from annotations.")
        .response(|request, response| {
            edit_annotations(request, response, |text| text.replace('\\', ""))
        }),
    fault("referrers-annotations-no-paths")
        .violates(&["referrers-annotations"])
        .title("The referrers list omits annotations with a slash in the key.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                let keys = descriptor.get("annotations").and_then(Value::as_object);
                let paths = keys.into_iter().flat_map(|all| all.keys());
                let paths: Vec<String> = paths.filter(|key| key.contains('/')).cloned().collect();
                if let Some(annotations) = descriptor.get_mut("annotations") {
                    paths.iter().for_each(|key| drop_key(annotations, key));
                }
            });
        }),
    fault("referrers-media-type-of-body")
        .violates(&["referrers-descriptor"])
        .title(
            "The referrers list takes the mediaType from the field in the manifest, and omits \
             it if there is none.",
        )
        .after(|store, request, response| {
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
        }),
    fault("referrers-version-text")
        .violates(&["referrers-index"])
        .title("The referrers list has schemaVersion as a string.")
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_json(response, |value| value["schemaVersion"] = json!("2"));
            }
        }),
];
