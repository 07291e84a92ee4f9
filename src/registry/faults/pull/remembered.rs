//! Faults of a registry that gives an answer again after it is no longer right.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::empty_index;
use crate::registry::faults::predicates::{
    by_digest, by_tag, got_blob, got_manifest, got_referrers, head_blob, head_manifest, none_listed,
};
use crate::registry::faults::rows::fault;
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("missing-manifest-remembered")
        .violates(&["manifest-get-status", "manifest-head-status"])
        .title(
            "After a 404 for the digest of a manifest, the registry returns 404 for this \
             digest for ever.",
        )
        .after(|store, request, response| {
            if matches!(request.endpoint, Endpoint::Manifest(..)) && by_digest(request) {
                remember_missing(store, request, response);
            }
        }),
    fault("missing-tag-remembered")
        .violates(&["manifest-get-status", "manifest-head-status"])
        .title("After a 404 for a tag, the registry returns 404 for this tag for ever.")
        .after(|store, request, response| {
            if by_tag(request) {
                remember_missing(store, request, response);
            }
        }),
    fault("missing-blob-remembered")
        .violates(&["blob-get-status", "blob-head-status"])
        .title("After a 404 for a blob, the registry returns 404 for this blob for ever.")
        .after(|store, request, response| {
            if matches!(request.endpoint, Endpoint::Blob(..)) {
                remember_missing(store, request, response);
            }
        }),
    fault("missing-blob-remembered-by-head")
        .violates(&["blob-head-status"])
        .title(
            "After a 404 to HEAD on a blob, the registry returns 404 to HEAD on this blob for \
             ever.",
        )
        .after(|store, request, response| {
            if matches!(request.endpoint, Endpoint::Blob(..)) && request.is("HEAD") {
                remember_missing(store, request, response);
            }
        }),
    fault("moved-tag-remembered-by-head")
        .violates(&["manifest-head-digest-matches"])
        .title("HEAD on a tag returns the digest of the manifest that the first HEAD found.")
        .after(|store, request, response| {
            if head_manifest(request, response) && by_tag(request) {
                let found = response.header("docker-content-digest");
                let found = Bytes::from(found.unwrap_or_default().to_owned());
                let first = store
                    .tombstones
                    .entry(key("head", request))
                    .or_insert(found);
                let first = String::from_utf8_lossy(first).into_owned();
                response.set("Docker-Content-Digest", first);
            }
        }),
    fault("blob-range-remembered")
        .violates(&["blob-get-content"])
        .title("After a range of a blob, GET on the whole blob returns this range.")
        .after(|store, request, response| {
            if !got_blob(request, response) {
                return;
            }
            if response.status == 206 {
                store
                    .tombstones
                    .insert(key("range", request), response.body.clone());
            } else if let Some(range) = store.tombstones.get(&key("range", request)) {
                response.body = range.clone();
            }
        }),
    fault("blob-head-remembered")
        .violates(&["blob-get-content"])
        .title("After HEAD on a blob, the next GET on the blob returns an empty body.")
        .after(|store, request, response| {
            if head_blob(request, response) {
                store.tombstones.insert(key("head", request), Bytes::new());
            } else if got_blob(request, response)
                && store.tombstones.remove(&key("head", request)).is_some()
            {
                response.body = Bytes::new();
            }
        }),
    fault("manifest-head-remembered")
        .violates(&["manifest-get-by-tag"])
        .title("After HEAD on a tag, the next GET on the tag returns an empty body.")
        .after(|store, request, response| {
            if head_manifest(request, response) && by_tag(request) {
                store.tombstones.insert(key("head", request), Bytes::new());
            } else if got_manifest(request, response)
                && store.tombstones.remove(&key("head", request)).is_some()
            {
                response.body = Bytes::new();
            }
        }),
    fault("upload-status-remembered")
        .violates(&["upload-status-range-end"])
        .title("GET on an upload session returns the Range that the first GET returned.")
        .after(|store, request, response| {
            if matches!(request.endpoint, Endpoint::Upload(..)) && response.status == 204 {
                let range = response.header("range").unwrap_or_default().to_owned();
                let first = store
                    .tombstones
                    .entry(key("status", request))
                    .or_insert(Bytes::from(range));
                let first = String::from_utf8_lossy(first).into_owned();
                response.set("Range", first);
            }
        }),
    fault("referrers-none-remembered")
        .violates(&["referrers-complete"])
        .title(
            "After an empty referrers list, the registry returns an empty list for this \
             subject for ever.",
        )
        .after(|store, request, response| {
            if !got_referrers(request, response) || request.query("artifactType").is_some() {
                return;
            }
            if none_listed(response) {
                store.tombstones.insert(key("none", request), Bytes::new());
            } else if store.tombstones.contains_key(&key("none", request)) {
                *response = empty_index();
            }
        }),
    fault("referrers-filtered-remembered")
        .violates(&["referrers-complete"])
        .title(
            "After a filtered referrers list, the registry returns this list for requests \
             without a filter too.",
        )
        .after(|store, request, response| {
            if !got_referrers(request, response) {
                return;
            }
            let key = key("filtered", request);
            if request.query("artifactType").is_some() {
                store.tombstones.insert(key, response.body.clone());
            } else if let Some(filtered) = store.tombstones.get(&key) {
                response.body = filtered.clone();
            }
        }),
    fault("referrers-whole-remembered")
        .violates(&["referrers-filter-only"])
        .title(
            "After a referrers list without a filter, the registry returns this list for \
             requests with a filter too.",
        )
        .after(|store, request, response| {
            if !got_referrers(request, response) {
                return;
            }
            let key = key("whole", request);
            if request.query("artifactType").is_none() {
                store.tombstones.insert(key, response.body.clone());
            } else if let Some(whole) = store.tombstones.get(&key) {
                response.body = whole.clone();
            }
        }),
    fault("moved-tag-digest-remembered")
        .violates(&["manifest-get-digest-matches"])
        .title(
            "GET on a tag returns the Docker-Content-Digest that the first GET on the tag \
             returned.",
        )
        .after(|store, request, response| {
            remember_header(store, request, response, "docker-content-digest")
        }),
    fault("moved-tag-type-remembered")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title("GET on a tag returns the Content-Type that the first GET on the tag returned.")
        .after(|store, request, response| {
            remember_header(store, request, response, "content-type")
        }),
];

/// Sets a header of the response to GET on a tag to its first value.
fn remember_header(
    store: &mut Store,
    request: &ApiRequest,
    response: &mut ApiResponse,
    name: &str,
) {
    if !got_manifest(request, response) || !by_tag(request) {
        return;
    }
    let found = Bytes::from(response.header(name).unwrap_or_default().to_owned());
    let first = store.tombstones.entry(key(name, request)).or_insert(found);
    let first = String::from_utf8_lossy(first).into_owned();
    response.set(name, first);
}

/// Where an answer to a request is remembered.
fn key(what: &str, request: &ApiRequest) -> (String, String) {
    (what.to_owned(), request.path.clone())
}

/// Returns 404 where the same path has returned 404 before.
fn remember_missing(store: &mut Store, request: &ApiRequest, response: &mut ApiResponse) {
    if !request.is("GET") && !request.is("HEAD") {
        return;
    }
    let code = match request.endpoint {
        Endpoint::Blob(..) => "BLOB_UNKNOWN",
        _ => "MANIFEST_UNKNOWN",
    };
    if response.status == 404 {
        store
            .tombstones
            .insert(key("missing", request), Bytes::new());
    } else if store.tombstones.contains_key(&key("missing", request)) {
        *response = ApiResponse::error(404, code, "the content was not there before");
    }
}
