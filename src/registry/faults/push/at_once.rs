//! Faults of content that is pushed several times, or to one tag, within a moment.

use std::time::Duration;

use crate::registry::api_request::ApiRequest;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{closing_digest, got_manifest, reference, tag_of};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{repository_of, store_refused};
use crate::registry::grammar::digest_like;
use crate::registry::store::Store;

/// How close two pushes are that disturb each other.
const TOGETHER: Duration = Duration::from_secs(2);

pub const FAULTS: &[Fault] = &[
    fault("blob-pushed-at-once-500")
        .violates(&["blob-put-status"])
        .title(
            "A closing PUT within two seconds of another PUT of this digest to the repository \
             returns 500.",
        )
        .before(|store, request| {
            let name = request.endpoint.repository()?.to_owned();
            blob_pushed_at_once(store, request, |other| other == name)
        }),
    fault("blob-pushed-at-once-elsewhere-500")
        .violates(&["blob-put-status"])
        .title(
            "A closing PUT within two seconds of a PUT of this digest to another repository \
             returns 500.",
        )
        .before(|store, request| {
            let name = request.endpoint.repository()?.to_owned();
            blob_pushed_at_once(store, request, |other| other != name)
        }),
    fault("tag-pushed-at-once-500")
        .violates(&["manifest-put-status"])
        .title(
            "PUT of a manifest under a tag within two seconds of another PUT under this tag \
             returns 500.",
        )
        .before(|store, request| {
            tag_pushed_at_once(store, request)
                .then(|| ApiResponse::error(500, "UNSUPPORTED", "another client pushes this tag"))
        }),
    fault("tag-pushed-at-once-lost")
        .violates(&["manifest-get-by-tag"])
        .title(
            "PUT of a manifest under a tag within two seconds of another PUT under this tag \
             deletes the tag.",
        )
        .before(|store, request| {
            if !tag_pushed_at_once(store, request) {
                return None;
            }
            store_refused(store, request);
            let tag = tag_of(request)?;
            repository_of(store, request)?.tags.remove(tag);
            let digest = digest_like("sha256:", &request.body)?;
            let response = ApiResponse::new(201).with("Location", request.path.clone());
            Some(response.with("Docker-Content-Digest", digest))
        }),
    fault("tag-pushed-at-once-mixed-up")
        .violates(&["manifest-get-digest-matches"])
        .title(
            "GET on a tag that was pushed with two manifests within two seconds returns the \
             digest of the other manifest.",
        )
        .after(|store, request, response| {
            if got_manifest(request, response)
                && names_writer(&response.body)
                && let Some(tag) = reference(request)
                && let Some(repository) = repository_of(store, request)
                && let Some(other) = repository.tags.get(tag).and_then(|tag| tag.before.clone())
            {
                response.set("Docker-Content-Digest", other);
            }
        }),
];

/// Answers with 500 where one of these repositories got the blob of a closing PUT just before.
fn blob_pushed_at_once(
    store: &Store,
    request: &ApiRequest,
    such: impl Fn(&str) -> bool,
) -> Option<ApiResponse> {
    let digest = closing_digest(request)?;
    let mut repositories = store.repositories.iter().filter(|(name, _)| such(name));
    let young = repositories.any(|(_, repository)| {
        let since = repository.blobs_since.get(digest);
        repository.blobs.contains_key(digest)
            && since.is_some_and(|since| since.elapsed() < TOGETHER)
    });
    let at_once = String::from_utf8_lossy(&request.body).contains("at once");
    (young && at_once).then(|| ApiResponse::error(500, "UNSUPPORTED", "another client pushes it"))
}

/// Whether a request pushes a manifest of several writers under a tag that another writer pushed just before.
fn tag_pushed_at_once(store: &Store, request: &ApiRequest) -> bool {
    let repository = request
        .endpoint
        .repository()
        .and_then(|name| store.repositories.get(name));
    let tag = tag_of(request).and_then(|tag| repository?.tags.get(tag));
    tag.is_some_and(|tag| tag.since.elapsed() < TOGETHER) && names_writer(&request.body)
}

/// Whether a manifest names one of several writers.
fn names_writer(manifest: &[u8]) -> bool {
    String::from_utf8_lossy(manifest).contains("to one tag by writer")
}
