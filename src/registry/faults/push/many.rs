//! Faults of manifests with many layers or unusual characters, of tags that look like digests, and of manifests that are pushed
//! several times within a moment.

use std::time::Duration;

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::replace;
use crate::registry::faults::predicates::{got_manifest, put_manifest, tag_of};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::repository_of;
use crate::registry::grammar::digest_like;

/// How close two pushes are that disturb each other.
const TOGETHER: Duration = Duration::from_secs(2);

pub const FAULTS: &[Fault] = &[
    fault("layers-above-a-hundred-500")
        .violates(&["manifest-put-status"])
        .title("PUT of a manifest with more than a hundred layers returns 500.")
        .response(|request, response| {
            if put_manifest(request, response) && listed(request, "layers") > 100 {
                *response = ApiResponse::error(500, "UNSUPPORTED", "too many layers");
            }
        }),
    fault("images-above-a-hundred-lost")
        .violates(&["manifest-get-status"])
        .title("PUT of an index with more than a hundred images returns 201 and stores nothing.")
        .after(|store, request, response| {
            if put_manifest(request, response)
                && listed(request, "manifests") > 100
                && let Some(digest) = response.header("docker-content-digest")
                && let Some(repository) = repository_of(store, request)
            {
                repository.manifests.remove(digest);
            }
        }),
    fault("manifest-null-character-lost")
        .violates(&["manifest-get-by-tag"])
        .title("GET on a manifest drops escaped null characters.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, "\\u0000", "");
            }
        }),
    fault("tag-of-digits-as-digest")
        .violates(&["manifest-get-by-tag"])
        .title(
            "A tag of 64 hexadecimal digits leads to the manifest with the sha256 digest of \
             these digits.",
        )
        .before(|store, request| {
            let Endpoint::Manifest(name, tag) = &mut request.endpoint else {
                return None;
            };
            let digest = format!("sha256:{tag}");
            let repository = store.repositories.get(name)?;
            if request.method != "PUT" && repository.manifests.contains_key(&digest) {
                *tag = digest;
            }
            None
        }),
    fault("manifest-pushed-at-once-500")
        .violates(&["manifest-put-status"])
        .title(
            "PUT of a manifest under a new tag within two seconds of another PUT of this \
             manifest returns 500.",
        )
        .before(|store, request| {
            let tag = tag_of(request)?.to_owned();
            let digest = digest_like("sha256:", &request.body)?;
            let repository = repository_of(store, request)?;
            let since = repository.manifests.get(&digest)?.since;
            let at_once = String::from_utf8_lossy(&request.body).contains("pushed at once");
            let new = !repository.tags.contains_key(&tag) && since.elapsed() < TOGETHER;
            (at_once && new).then(|| ApiResponse::error(500, "UNSUPPORTED", "it exists already"))
        }),
];

/// How many descriptors a manifest has in one of its lists.
fn listed(request: &ApiRequest, list: &str) -> usize {
    let manifest: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let list = manifest.get(list).and_then(Value::as_array);
    list.map_or(0, Vec::len)
}
