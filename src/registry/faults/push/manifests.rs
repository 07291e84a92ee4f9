//! Faults of PUT of a manifest.

use std::collections::HashSet;

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    WRONG_DIGEST, digest_of, has_empty_object, has_subject, pushes_index, put_manifest, tag_of,
};
use crate::registry::faults::rows::{
    after, before, error, header, request, status, switch, without,
};
use crate::registry::faults::store_edits::{pushed_manifest, repository_of, reserialize};
use crate::registry::response_edit::{ANY, At, PUT_MANIFEST};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    header("manifest-put-location-empty", &["manifest-put-location"],
        "The Location of a pushed manifest is empty.", PUT_MANIFEST, "Location", ""),
    header("subject-put-other-digest", &["manifest-put-digest"],
        "PUT of a manifest with a subject returns a wrong Docker-Content-Digest.",
        PUT_MANIFEST.if_response(has_subject), "Docker-Content-Digest", WRONG_DIGEST),
    header("subject-put-lost-location", &["manifest-put-location-pullable"],
        "The Location of a pushed manifest with a subject returns 404.",
        PUT_MANIFEST.if_response(has_subject), "Location", "/v2/nowhere/manifests/nothing"),
    switch("manifest-type-parameters-refused", &["manifest-put-content-type-parameters"],
        "The registry refuses a manifest whose Content-Type has parameters.",
        |switches| switches.refuse_media_type_parameters = true),
    switch("manifest-no-layers-refused", &["manifest-put-no-blobs"],
        "The registry refuses a manifest without layers.", |switches| switches.refuse_manifests_without_layers = true),
    switch("manifest-rewritten", &["manifest-put-bytes"],
        "The registry stores a manifest in another JSON serialization.",
        |switches| switches.reserialize_manifests = true),
    error("manifest-put-502", &["manifest-put-status"],
        "Every PUT of a manifest returns 502.", PUT_MANIFEST, 502, "UNKNOWN", "no response"),
    status("manifest-put-200", &["manifest-put-status"],
        "PUT of a manifest returns 200 instead of 201.", PUT_MANIFEST, 200),
    status("manifest-put-202", &["manifest-put-status"],
        "PUT of a manifest returns 202 instead of 201.", PUT_MANIFEST, 202),
    error("index-put-500", &["manifest-put-status"],
        "PUT of an index returns 500.", PUT_MANIFEST.if_request(pushes_index), 500, "UNSUPPORTED", "no"),
    error("manifest-empty-config-500", &["manifest-put-status"],
        "PUT of a manifest with the empty JSON object returns 500.",
        PUT_MANIFEST.if_request(has_empty_object), 500, "UNSUPPORTED", "no"),
    error("manifest-empty-config-404", &["manifest-put-status"],
        "PUT of a manifest with the empty JSON object returns 404, although its blobs were pushed.",
        PUT_MANIFEST.if_request(has_empty_object), 404, "MANIFEST_BLOB_UNKNOWN", "a blob is missing"),
    without("manifest-put-no-location", &["manifest-put-location"],
        "PUT of a manifest returns no Location.", PUT_MANIFEST, "location"),
    header("manifest-put-dead-location", &["manifest-put-location-pullable"],
        "The Location of a pushed manifest returns 404.", PUT_MANIFEST, "Location", "/v2/nowhere/manifests/latest"),
    header("manifest-put-wrong-digest", &["manifest-put-digest"],
        "PUT of a manifest returns a wrong Docker-Content-Digest.",
        PUT_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    without("manifest-put-no-digest", &["manifest-put-digest-present"],
        "PUT of a manifest returns no Docker-Content-Digest.", PUT_MANIFEST, "docker-content-digest"),
    switch("manifest-small", &["manifest-size-accepted"],
        "The registry refuses a manifest of 4 MB.", |switches| switches.refuse_manifests_above_1_mib = true),
    error("manifest-large-500", &["manifest-limit-status"],
        "PUT of a manifest of more than 1 MB returns 400 instead of 413.",
        ANY.method("PUT").at(At::Manifest).if_request(|request| request.body.len() > 1_000_000),
        400, "SIZE_INVALID", "too large"),
];

pub const FAULTS: &[Fault] = &[
    before(
        "manifest-again-409",
        &["manifest-put-again"],
        "PUT of a manifest that exists, under its digest, returns 409.",
        |store, request| {
            let Endpoint::Manifest(name, digest) = &request.endpoint else {
                return None;
            };
            let there = store.repositories.get(name)?.manifests.contains_key(digest);
            (request.is("PUT") && there)
                .then(|| ApiResponse::error(409, "MANIFEST_INVALID", "it is there already"))
        },
    ),
    request(
        "manifest-html-escaped",
        &["manifest-put-bytes"],
        "The registry stores a manifest with each < as a JSON escape.",
        |request| rewrite_manifest(request, "<", "\\u003c"),
    ),
    request(
        "manifest-nulls-dropped",
        &["manifest-get-by-tag"],
        "The registry drops the null fields of a manifest.",
        |request| rewrite_manifest(request, "\"org.example.null\":null,", ""),
    ),
    request(
        "manifest-escapes-decoded",
        &["manifest-put-bytes"],
        "The registry stores a manifest with the JSON escape of a letter decoded.",
        |request| rewrite_manifest(request, "\\u0041", "A"),
    ),
    request(
        "manifest-normalized",
        &["manifest-put-bytes"],
        "The registry stores a manifest in the Unicode normalization form NFC.",
        |request| rewrite_manifest(request, "e\u{301}", "\u{e9}"),
    ),
    after(
        "index-rewritten",
        &["manifest-put-bytes"],
        "The registry stores an index in another JSON serialization.",
        |store, request, response| {
            if put_manifest(request, response) && pushes_index(request) {
                reserialize(store, request, response);
            }
        },
    ),
    after(
        "manifest-rewritten-by-tag",
        &["manifest-put-bytes", "manifest-get-content"],
        "The registry stores a manifest that is pushed by tag in another JSON serialization.",
        |store, request, response| {
            if put_manifest(request, response) && tag_of(request).is_some() {
                reserialize(store, request, response);
            }
        },
    ),
    after(
        "manifest-trimmed",
        &["manifest-put-bytes"],
        "The registry removes white space around a manifest.",
        |store, request, response| {
            if put_manifest(request, response)
                && let Some(manifest) = pushed_manifest(store, request, response)
            {
                manifest.bytes = manifest.bytes.trim_ascii().to_vec().into();
            }
        },
    ),
    before(
        "manifest-digest-after-tag-409",
        &["manifest-put-again"],
        "PUT by digest of a manifest that was pushed by tag returns 409.",
        |store, request| {
            let digest = digest_of(request)?.to_owned();
            let known = repository_of(store, request)?;
            let tagged = known.tags.values().any(|tag| tag.digest == digest);
            tagged.then(|| ApiResponse::error(409, "MANIFEST_INVALID", "the manifest exists"))
        },
    ),
    after(
        "manifest-digest-push-untags",
        &["manifest-get-status"],
        "PUT by digest of a manifest removes its tags.",
        |store, request, response| {
            if let Some(digest) = digest_of(request).filter(|_| response.status == 201)
                && let Some(repository) = repository_of(store, request)
            {
                repository.tags.retain(|_, tag| tag.digest != digest);
            }
        },
    ),
    before(
        "layer-twice-500",
        &["manifest-put-status"],
        "PUT of a manifest that lists one layer twice returns 500.",
        |_, request| refuse_twice(request, "/layers"),
    ),
    before(
        "image-twice-500",
        &["manifest-put-status"],
        "PUT of an index that lists one image twice returns 500.",
        |_, request| refuse_twice(request, "/manifests"),
    ),
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
