//! Variants that refuse some kinds of manifests, or more of something than a limit.

use serde_json::Value;

use super::variant::{Variant, permitted};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::before;

/// The longest value of an annotation, in bytes.
const LONGEST_ANNOTATION: usize = 4096;

/// The most annotations of a manifest.
const MOST_ANNOTATIONS: usize = 32;

/// The most referrers of a subject.
const MOST_REFERRERS: usize = 10;

/// The config types that a registry knows begin with these.
const CONFIG_TYPES: [&str; 3] = [
    "application/vnd.oci.image.",
    "application/vnd.docker.container.image.",
    "application/vnd.oci.empty.",
];

pub const VARIANTS: &[Variant] = &[
    permitted(
        "config-types-refused",
        "A manifest without an `artifactType` is refused if the media type of its config is not known.",
        |options| {
            before(options, |_, request| {
                let manifest = sent_manifest(request)?;
                let kind = manifest.get("artifactType").and_then(Value::as_str);
                let config = manifest.pointer("/config/mediaType")?.as_str()?;
                let known = CONFIG_TYPES.iter().any(|of| config.starts_with(of));
                (kind.is_none_or(str::is_empty) && !known)
                    .then(|| refused("this type of config is not known"))
            });
        },
    ),
    permitted(
        "indexes-empty-refused",
        "An index that lists no manifest is refused.",
        |options| {
            before(options, |_, request| {
                let listed = sent_manifest(request)?;
                let none = listed.get("manifests")?.as_array()?.is_empty();
                none.then(|| refused("the index is empty"))
            });
        },
    ),
    permitted(
        "tags-of-small-letters",
        "Tags with capitals or full stops are refused with 400.",
        |options| {
            before(options, |_, request| match &request.endpoint {
                Endpoint::Manifest(_, tag) if request.is("PUT") && !tag.contains(':') => {
                    let odd = |one: char| one.is_ascii_uppercase() || one == '.';
                    tag.contains(odd)
                        .then(|| ApiResponse::error(400, "MANIFEST_INVALID", "the tag is refused"))
                }
                _ => None,
            });
        },
    ),
    permitted(
        "annotations-limited",
        "A manifest with more than 32 annotations, or with one of more than 4096 bytes, is refused.",
        |options| {
            before(options, |_, request| {
                let manifest = sent_manifest(request)?;
                let all = manifest.get("annotations")?.as_object()?;
                let long = |value: &Value| {
                    value
                        .as_str()
                        .is_some_and(|text| text.len() > LONGEST_ANNOTATION)
                };
                (all.len() > MOST_ANNOTATIONS || all.values().any(long))
                    .then(|| refused("too many annotations, or one that is too long"))
            });
        },
    ),
    permitted(
        "referrers-limited",
        "A subject has at most ten referrers; more are refused with 403.",
        |options| {
            before(options, |store, request| {
                let manifest = sent_manifest(request)?;
                let subject = manifest.pointer("/subject/digest")?.as_str()?;
                let repository = store.repositories.get(request.endpoint.repository()?)?;
                let all = repository.manifests.values();
                let others = all.filter(|one| {
                    one.subject.as_deref() == Some(subject) && one.bytes != request.body
                });
                (others.count() >= MOST_REFERRERS)
                    .then(|| ApiResponse::error(403, "DENIED", "the subject has ten referrers"))
            });
        },
    ),
];

/// The manifest that a request pushes, if it is JSON.
fn sent_manifest(request: &ApiRequest) -> Option<Value> {
    let pushes = request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..));
    pushes.then(|| serde_json::from_slice(&request.body).ok())?
}

fn refused(why: &str) -> ApiResponse {
    ApiResponse::error(400, "MANIFEST_INVALID", why)
}
