//! Faults of PUT of a manifest.

use std::collections::HashSet;

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    WRONG_DIGEST, digest_of, has_empty_object, has_subject, pushes_index, put_manifest, tag_of,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{pushed_manifest, repository_of, reserialize};
use crate::registry::response_edit::{ANY, At, PUT_MANIFEST};

pub const FAULTS: &[Fault] = &[
    fault("manifest-put-location-empty")
        .violates(&["manifest-put-location"])
        .title("The Location of a pushed manifest is empty.")
        .header(PUT_MANIFEST, "Location", ""),
    fault("subject-put-other-digest")
        .violates(&["manifest-put-digest"])
        .title("PUT of a manifest with a subject returns a wrong Docker-Content-Digest.")
        .header(
            PUT_MANIFEST.if_response(has_subject),
            "Docker-Content-Digest",
            WRONG_DIGEST,
        ),
    fault("subject-put-lost-location")
        .violates(&["manifest-put-location-pullable"])
        .title("The Location of a pushed manifest with a subject returns 404.")
        .header(
            PUT_MANIFEST.if_response(has_subject),
            "Location",
            "/v2/nowhere/manifests/nothing",
        ),
    fault("manifest-type-parameters-refused")
        .violates(&["manifest-put-content-type-parameters"])
        .title("The registry refuses a manifest whose Content-Type has parameters.")
        .switch(|switches| switches.refuse_media_type_parameters = true),
    fault("manifest-no-layers-refused")
        .violates(&["manifest-put-no-blobs"])
        .title("The registry refuses a manifest without layers.")
        .switch(|switches| switches.refuse_manifests_without_layers = true),
    fault("manifest-rewritten")
        .violates(&["manifest-put-bytes"])
        .title("The registry stores a manifest in another JSON serialization.")
        .switch(|switches| switches.reserialize_manifests = true),
    fault("manifest-put-502")
        .violates(&["manifest-put-status"])
        .title("Every PUT of a manifest returns 502.")
        .error(PUT_MANIFEST, 502, "UNKNOWN", "no response"),
    fault("manifest-put-200")
        .violates(&["manifest-put-status"])
        .title("PUT of a manifest returns 200 instead of 201.")
        .status(PUT_MANIFEST, 200),
    fault("manifest-put-202")
        .violates(&["manifest-put-status"])
        .title("PUT of a manifest returns 202 instead of 201.")
        .status(PUT_MANIFEST, 202),
    fault("index-put-500")
        .violates(&["manifest-put-status"])
        .title("PUT of an index returns 500.")
        .error(
            PUT_MANIFEST.if_request(pushes_index),
            500,
            "UNSUPPORTED",
            "no",
        ),
    fault("manifest-empty-config-500")
        .violates(&["manifest-put-status"])
        .title("PUT of a manifest with the empty JSON object returns 500.")
        .error(
            PUT_MANIFEST.if_request(has_empty_object),
            500,
            "UNSUPPORTED",
            "no",
        ),
    fault("manifest-empty-config-404")
        .violates(&["manifest-put-status"])
        .title(
            "PUT of a manifest with the empty JSON object returns 404, although its blobs \
             were pushed.",
        )
        .error(
            PUT_MANIFEST.if_request(has_empty_object),
            404,
            "MANIFEST_BLOB_UNKNOWN",
            "a blob is missing",
        ),
    fault("manifest-put-no-location")
        .violates(&["manifest-put-location"])
        .title("PUT of a manifest returns no Location.")
        .without(PUT_MANIFEST, "location"),
    fault("manifest-put-dead-location")
        .violates(&["manifest-put-location-pullable"])
        .title("The Location of a pushed manifest returns 404.")
        .header(PUT_MANIFEST, "Location", "/v2/nowhere/manifests/latest"),
    fault("manifest-put-wrong-digest")
        .violates(&["manifest-put-digest"])
        .title("PUT of a manifest returns a wrong Docker-Content-Digest.")
        .header(PUT_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    fault("manifest-put-no-digest")
        .violates(&["manifest-put-digest-present"])
        .title("PUT of a manifest returns no Docker-Content-Digest.")
        .without(PUT_MANIFEST, "docker-content-digest"),
    fault("manifest-small")
        .violates(&["manifest-size-accepted"])
        .title("The registry refuses a manifest of 4 MB.")
        .switch(|switches| switches.refuse_manifests_above_1_mib = true),
    fault("manifest-large-500")
        .violates(&["manifest-limit-status"])
        .title("PUT of a manifest of more than 1 MB returns 400 instead of 413.")
        .error(
            ANY.method("PUT")
                .at(At::Manifest)
                .if_request(|request| request.body.len() > 1_000_000),
            400,
            "SIZE_INVALID",
            "too large",
        ),
    fault("manifest-again-409")
        .violates(&["manifest-put-again"])
        .title("PUT of a manifest that exists, under its digest, returns 409.")
        .before(|store, request| {
            let Endpoint::Manifest(name, digest) = &request.endpoint else {
                return None;
            };
            let there = store.repositories.get(name)?.manifests.contains_key(digest);
            (request.is("PUT") && there)
                .then(|| ApiResponse::error(409, "MANIFEST_INVALID", "it is there already"))
        }),
    fault("manifest-html-escaped")
        .violates(&["manifest-put-bytes"])
        .title("The registry stores a manifest with each < as a JSON escape.")
        .request(|request| rewrite_manifest(request, "<", "\\u003c")),
    fault("manifest-nulls-dropped")
        .violates(&["manifest-get-by-tag"])
        .title("The registry drops the null fields of a manifest.")
        .request(|request| rewrite_manifest(request, "\"org.example.null\":null,", "")),
    fault("manifest-escapes-decoded")
        .violates(&["manifest-put-bytes"])
        .title("The registry stores a manifest with the JSON escape of a letter decoded.")
        .request(|request| rewrite_manifest(request, "\\u0041", "A")),
    fault("manifest-normalized")
        .violates(&["manifest-put-bytes"])
        .title("The registry stores a manifest in the Unicode normalization form NFC.")
        .request(|request| rewrite_manifest(request, "e\u{301}", "\u{e9}")),
    fault("index-rewritten")
        .violates(&["manifest-put-bytes"])
        .title("The registry stores an index in another JSON serialization.")
        .after(|store, request, response| {
            if put_manifest(request, response) && pushes_index(request) {
                reserialize(store, request, response);
            }
        }),
    fault("manifest-rewritten-by-tag")
        .violates(&["manifest-put-bytes", "manifest-get-content"])
        .title(
            "The registry stores a manifest that is pushed by tag in another JSON serialization.",
        )
        .after(|store, request, response| {
            if put_manifest(request, response) && tag_of(request).is_some() {
                reserialize(store, request, response);
            }
        }),
    fault("manifest-trimmed")
        .violates(&["manifest-put-bytes"])
        .title("The registry removes white space around a manifest.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some(manifest) = pushed_manifest(store, request, response)
            {
                manifest.bytes = manifest.bytes.trim_ascii().to_vec().into();
            }
        }),
    fault("manifest-digest-after-tag-409")
        .violates(&["manifest-put-again"])
        .title("PUT by digest of a manifest that was pushed by tag returns 409.")
        .before(|store, request| {
            let digest = digest_of(request)?.to_owned();
            let known = repository_of(store, request)?;
            let tagged = known.tags.values().any(|tag| tag.digest == digest);
            tagged.then(|| ApiResponse::error(409, "MANIFEST_INVALID", "the manifest exists"))
        }),
    fault("manifest-digest-push-untags")
        .violates(&["manifest-get-status"])
        .title("PUT by digest of a manifest removes its tags.")
        .after(|store, request, response| {
            if let Some(digest) = digest_of(request).filter(|_| response.status == 201)
                && let Some(repository) = repository_of(store, request)
            {
                repository.tags.retain(|_, tag| tag.digest != digest);
            }
        }),
    fault("layer-twice-500")
        .violates(&["manifest-put-status"])
        .title("PUT of a manifest that lists one layer twice returns 500.")
        .before(|_, request| refuse_twice(request, "/layers")),
    fault("image-twice-500")
        .violates(&["manifest-put-status"])
        .title("PUT of an index that lists one image twice returns 500.")
        .before(|_, request| refuse_twice(request, "/manifests")),
];

/// Replaces a part of a manifest before it is stored.
fn rewrite_manifest(request: &mut ApiRequest, part: &str, other: &str) {
    if request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..)) {
        let text = String::from_utf8_lossy(&request.body);
        request.body = text.replace(part, other).into();
    }
}

/// Returns 500 to a manifest that has two descriptors with one digest in a list.
fn refuse_twice(request: &ApiRequest, list: &str) -> Option<ApiResponse> {
    let manifest: Value = serde_json::from_slice(&request.body).ok()?;
    let mut seen = HashSet::new();
    let mut digests = manifest.pointer(list)?.as_array()?.iter();
    let twice = digests.any(|one| !seen.insert(one.get("digest").map(Value::to_string)));
    (twice && request.is("PUT")).then(|| ApiResponse::new(500))
}
