//! Behaviour of real registries: in deletion, in upload sessions, in what is refused and how.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::variant::{Variant, permitted};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::{after, before, on_response};
use crate::registry::store::{Repository, Store, Upload};

/// How long a deletion takes that shows after the time of `--settle`.
const LATE: Duration = Duration::from_secs(5);

/// For how long a tag list does not show a new tag.
const CACHED: Duration = Duration::from_millis(700);

/// The config and layer types that a registry of images knows begin with these.
const IMAGE_TYPES: [&str; 3] = [
    "application/vnd.oci.image.",
    "application/vnd.docker.container.image.",
    "application/vnd.docker.image.",
];

/// The digest of an empty blob.
const EMPTY_DIGEST: &str =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub const VARIANTS: &[Variant] = &[
    permitted(
        "moved-manifests-collected",
        "A manifest is deleted when its last tag moves.",
        |options| {
            after(options, |store, request, response| {
                let Endpoint::Manifest(name, at) = &request.endpoint else {
                    return;
                };
                let Some(repository) = store.repositories.get_mut(name) else {
                    return;
                };
                if request.is("PUT") && response.status == 201 {
                    let named = request.query.iter().filter(|(key, _)| key == "tag");
                    let tags = named.map(|(_, tag)| tag).chain([at]);
                    for tag in tags {
                        collect_moved(repository, tag);
                    }
                }
            });
        },
    ),
    permitted(
        "deletion-denied-403",
        "This user may not delete anything: 403.",
        |options| {
            before(options, |_, request| {
                request
                    .is("DELETE")
                    .then(|| ApiResponse::error(403, "DENIED", "you may not delete"))
            });
        },
    ),
    permitted(
        "deletion-denied-401",
        "This user may not delete content: 401.",
        |options| {
            before(options, |_, request| {
                let content = matches!(
                    request.endpoint,
                    Endpoint::Manifest(..) | Endpoint::Blob(..)
                );
                (request.is("DELETE") && content).then(|| {
                    ApiResponse::error(401, "UNAUTHORIZED", "you may not delete")
                        .with("WWW-Authenticate", "Basic realm=\"r\"")
                })
            });
        },
    ),
    permitted(
        "deletion-late",
        "What is deleted is gone after five seconds.",
        |options| {
            before(options, |store, request| {
                forget_due(store);
                let (Endpoint::Manifest(name, at) | Endpoint::Blob(name, at)) = &request.endpoint
                else {
                    return None;
                };
                let repository = store.repositories.get(name)?;
                let there = repository.tags.contains_key(at)
                    || repository.manifests.contains_key(at)
                    || repository.blobs.contains_key(at);
                (request.is("DELETE") && there).then(|| {
                    store
                        .pending_deletes
                        .push((Instant::now(), name.clone(), at.clone()));
                    ApiResponse::new(202)
                })
            });
        },
    ),
    permitted(
        "deletion-of-tagged-only",
        "A manifest that no tag leads to cannot be deleted: 404.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Manifest(name, at) = &request.endpoint else {
                    return None;
                };
                let tags = &store.repositories.get(name)?.tags;
                let tagged = tags.contains_key(at) || tags.values().any(|tag| &tag.digest == at);
                (request.is("DELETE") && !tagged)
                    .then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "no tag leads to it"))
            });
        },
    ),
    permitted(
        "blobs-pruned",
        "The blobs of a deleted manifest are deleted with it.",
        |options| {
            before(options, |store, request| {
                if let Endpoint::Manifest(name, at) = &request.endpoint
                    && request.is("DELETE")
                {
                    prune(store.repositories.get_mut(name)?, at);
                }
                None
            });
        },
    ),
    permitted(
        "uploads-stateless",
        "Every upload URL is an empty upload session, used or not.",
        |options| {
            before(options, |store, request| {
                if let Endpoint::Upload(name, id) = &request.endpoint {
                    let upload = || Upload {
                        bytes: bytes::BytesMut::new(),
                        state: String::new(),
                        used: Instant::now(),
                    };
                    let key = (name.clone(), id.clone());
                    store.uploads.entry(key).or_insert_with(upload);
                }
                None
            });
        },
    ),
    permitted(
        "empty-blob-refused",
        "An empty blob is refused with 400.",
        |options| {
            on_response(options, |request, response| {
                let closing = matches!(request.endpoint, Endpoint::Upload(..)) && request.is("PUT");
                if closing
                    && response.status == 201
                    && request.query("digest") == Some(EMPTY_DIGEST)
                {
                    *response = ApiResponse::error(400, "SIZE_INVALID", "an empty blob is refused");
                }
            });
        },
    ),
    permitted(
        "refusals-501",
        "An upload with a digest that is wrong, malformed or of another algorithm is refused with 501.",
        |options| {
            on_response(options, |request, response| {
                let uploads = matches!(
                    request.endpoint,
                    Endpoint::Uploads(_) | Endpoint::Upload(..)
                );
                if uploads && !request.is("PATCH") && response.status == 400 {
                    response.status = 501;
                }
            });
        },
    ),
    permitted(
        "refusals-500",
        "A manifest under a wrong digest, an invalid tag or an invalid name is refused with 500.",
        |options| {
            on_response(options, |request, response| {
                let manifests = matches!(request.endpoint, Endpoint::Manifest(..));
                if manifests && !request.is("DELETE") && response.status == 400 {
                    response.status = 500;
                }
            });
        },
    ),
    permitted(
        "strangers-403",
        "Every request in an unknown repository is refused with 403.",
        |options| {
            on_response(options, |request, response| {
                let name = request.endpoint.repository();
                if name.is_some_and(|name| name.contains("absent")) && response.status == 404 {
                    *response = ApiResponse::error(403, "DENIED", "you may not");
                }
            });
        },
    ),
    permitted("base-404", "There is nothing at /v2/.", |options| {
        before(options, |_, request| {
            (request.endpoint == Endpoint::Base)
                .then(|| ApiResponse::error(404, "UNSUPPORTED", "there is nothing here"))
        });
    }),
    permitted(
        "artifact-type-empty-refused",
        "A manifest with an empty artifactType is refused.",
        |options| {
            before(options, |_, request| {
                let body = manifest(request)?;
                let kind = body.get("artifactType").and_then(Value::as_str);
                (kind == Some("")).then(refused)
            });
        },
    ),
    permitted(
        "nested-indexes-refused",
        "An index that lists an index is refused.",
        |options| {
            before(options, |_, request| {
                let body = manifest(request)?;
                let mut listed = body.get("manifests")?.as_array()?.iter();
                let nested = |one: &Value| media_type(one).contains("index");
                listed.any(nested).then(refused)
            });
        },
    ),
    permitted(
        "artifacts-refused",
        "A manifest with a config or a layer that is not of an image is refused.",
        |options| {
            before(options, |_, request| {
                let body = manifest(request)?;
                let layers = body.get("layers").and_then(Value::as_array);
                let mut parts = body
                    .get("config")
                    .into_iter()
                    .chain(layers.into_iter().flatten());
                let known =
                    |one: &Value| IMAGE_TYPES.iter().any(|of| media_type(one).starts_with(of));
                (!parts.all(known)).then(refused)
            });
        },
    ),
    permitted(
        "chunks-equal",
        "A chunk that is longer than the first chunk is refused.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Upload(name, id) = &request.endpoint else {
                    return None;
                };
                let there = store.uploads.get(&(name.clone(), id.clone()))?.bytes.len();
                let range = request.header("content-range")?;
                let first: usize = range.split('-').next()?.parse().ok()?;
                let longer = there > 0 && first == there && request.body.len() > there;
                (request.is("PATCH") && longer)
                    .then(|| ApiResponse::error(400, "SIZE_INVALID", "chunks have one length"))
            });
        },
    ),
    permitted(
        "tag-lists-cached",
        "A tag list without parameters shows a new tag after 700 ms.",
        |options| {
            after(options, |store, request, response| {
                let Endpoint::Tags(name) = &request.endpoint else {
                    return;
                };
                let Some(repository) = store.repositories.get(name) else {
                    return;
                };
                let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else {
                    return;
                };
                let listed = body.get_mut("tags").and_then(Value::as_array_mut);
                if let Some(tags) = listed.filter(|_| request.query.is_empty()) {
                    let old = |tag: &Value| {
                        let tag = tag.as_str().and_then(|tag| repository.tags.get(tag));
                        tag.is_none_or(|tag| tag.since.elapsed() > CACHED)
                    };
                    tags.retain(old);
                    response.body = body.to_string().into();
                }
            });
        },
    ),
];

/// The JSON of a manifest that a request pushes.
fn manifest(request: &ApiRequest) -> Option<Value> {
    let pushes = request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..));
    pushes.then(|| serde_json::from_slice(&request.body).ok())?
}

fn refused() -> ApiResponse {
    ApiResponse::error(400, "MANIFEST_INVALID", "this kind of manifest is refused")
}

fn media_type(descriptor: &Value) -> &str {
    let kind = descriptor.get("mediaType").and_then(Value::as_str);
    kind.unwrap_or_default()
}

/// Deletes what was to be deleted and is due.
fn forget_due(store: &mut Store) {
    let due = |(when, ..): &(Instant, String, String)| when.elapsed() > LATE;
    let all: Vec<_> = store
        .pending_deletes
        .extract_if(.., |one| due(one))
        .collect();
    for (_, name, at) in all {
        if let Some(repository) = store.repositories.get_mut(&name) {
            repository.blobs.remove(&at);
            repository.manifests.remove(&at);
            repository
                .tags
                .retain(|tag, leads| *tag != at && leads.digest != at);
        }
    }
}

/// Deletes the blobs that this manifest alone names.
fn prune(repository: &mut Repository, digest: &str) {
    let names = |bytes: &[u8], blob: &str| String::from_utf8_lossy(bytes).contains(blob);
    let Some(manifest) = repository.manifests.get(digest) else {
        return;
    };
    let bytes = manifest.bytes.clone();
    let others = repository.manifests.iter();
    let others: Vec<_> = others
        .filter(|(at, _)| *at != digest)
        .map(|(_, other)| other.bytes.clone())
        .collect();
    repository
        .blobs
        .retain(|blob, _| !names(&bytes, blob) || others.iter().any(|other| names(other, blob)));
}

/// Deletes the manifest that a tag led to before, if no other tag leads to it.
fn collect_moved(repository: &mut Repository, tag: &str) {
    let before = repository.tags.get(tag).and_then(|tag| tag.before.clone());
    if let Some(digest) = before
        && !repository.tags.values().any(|tag| tag.digest == digest)
    {
        repository.manifests.remove(&digest);
    }
}
