//! Legal deviations that real registries have: in deletion, in upload sessions, in what is refused and how.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::push::before;
use super::{Variant, legal};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::Deviation;
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

pub const VARIANTS: &[Variant] = &[
    legal(
        "moved-manifests-collected",
        "A manifest is deleted when its last tag moves.",
        |o| {
            o.quirks.push(Deviation::After(|s, c, a| {
                let Endpoint::Manifest(name, at) = &c.endpoint else {
                    return;
                };
                let Some(repository) = s.repositories.get_mut(name) else {
                    return;
                };
                if c.is("PUT") && a.status == 201 {
                    let named = c.query.iter().filter(|(key, _)| key == "tag");
                    let tags = named.map(|(_, tag)| tag).chain([at]);
                    for tag in tags {
                        collect_moved(repository, tag);
                    }
                }
            }));
        },
    ),
    legal(
        "deletion-denied-403",
        "This user may not delete anything: 403.",
        |o| {
            before(o, |_, c| {
                c.is("DELETE")
                    .then(|| ApiResponse::error(403, "DENIED", "you may not delete"))
            });
        },
    ),
    legal(
        "deletion-denied-401",
        "This user may not delete content: 401.",
        |o| {
            before(o, |_, c| {
                let content = matches!(c.endpoint, Endpoint::Manifest(..) | Endpoint::Blob(..));
                (c.is("DELETE") && content).then(|| {
                    ApiResponse::error(401, "UNAUTHORIZED", "you may not delete")
                        .with("WWW-Authenticate", "Basic realm=\"r\"")
                })
            });
        },
    ),
    legal(
        "deletion-late",
        "What is deleted is gone after five seconds.",
        |o| {
            before(o, |s, c| {
                forget_due(s);
                let (Endpoint::Manifest(name, at) | Endpoint::Blob(name, at)) = &c.endpoint else {
                    return None;
                };
                let repository = s.repositories.get(name)?;
                let there = repository.tags.contains_key(at)
                    || repository.manifests.contains_key(at)
                    || repository.blobs.contains_key(at);
                (c.is("DELETE") && there).then(|| {
                    s.pending_deletes
                        .push((Instant::now(), name.clone(), at.clone()));
                    ApiResponse::new(202)
                })
            });
        },
    ),
    legal(
        "deletion-of-tagged-only",
        "A manifest that no tag leads to cannot be deleted: 404.",
        |o| {
            before(o, |s, c| {
                let Endpoint::Manifest(name, at) = &c.endpoint else {
                    return None;
                };
                let tags = &s.repositories.get(name)?.tags;
                let tagged = tags.contains_key(at) || tags.values().any(|tag| &tag.digest == at);
                (c.is("DELETE") && !tagged)
                    .then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "no tag leads to it"))
            });
        },
    ),
    legal(
        "blobs-pruned",
        "The blobs of a deleted manifest are deleted with it.",
        |o| {
            before(o, |s, c| {
                if let Endpoint::Manifest(name, at) = &c.endpoint
                    && c.is("DELETE")
                {
                    prune(s.repositories.get_mut(name)?, at);
                }
                None
            });
        },
    ),
    legal(
        "uploads-stateless",
        "Every upload URL is an empty upload session, used or not.",
        |o| {
            before(o, |s, c| {
                if let Endpoint::Upload(name, id) = &c.endpoint {
                    let upload = || Upload {
                        bytes: bytes::BytesMut::new(),
                        state: String::new(),
                        over: false,
                        used: Instant::now(),
                    };
                    let key = (name.clone(), id.clone());
                    s.uploads.entry(key).or_insert_with(upload);
                }
                None
            });
        },
    ),
    legal(
        "refusals-501",
        "An upload with a digest that is wrong, malformed or of another algorithm is refused with 501.",
        |o| {
            o.quirks.push(Deviation::ApiResponse(|c, a| {
                let uploads = matches!(c.endpoint, Endpoint::Uploads(_) | Endpoint::Upload(..));
                if uploads && !c.is("PATCH") && a.status == 400 {
                    a.status = 501;
                }
            }));
        },
    ),
    legal(
        "refusals-500",
        "A manifest under a wrong digest, an invalid tag or an invalid name is refused with 500.",
        |o| {
            o.quirks.push(Deviation::ApiResponse(|c, a| {
                let manifests = matches!(c.endpoint, Endpoint::Manifest(..));
                if manifests && !c.is("DELETE") && a.status == 400 {
                    a.status = 500;
                }
            }));
        },
    ),
    legal(
        "strangers-403",
        "Every request in an unknown repository is refused with 403.",
        |o| {
            o.quirks.push(Deviation::ApiResponse(|c, a| {
                let name = c.endpoint.repository();
                if name.is_some_and(|name| name.contains("absent")) && a.status == 404 {
                    *a = ApiResponse::error(403, "DENIED", "you may not");
                }
            }));
        },
    ),
    legal("base-404", "There is nothing at /v2/.", |o| {
        before(o, |_, c| {
            (c.endpoint == Endpoint::Base)
                .then(|| ApiResponse::error(404, "UNSUPPORTED", "there is nothing here"))
        });
    }),
    legal(
        "artifact-type-empty-refused",
        "A manifest with an empty artifactType is refused.",
        |o| {
            before(o, |_, c| {
                let body = manifest(c)?;
                let kind = body.get("artifactType").and_then(Value::as_str);
                (kind == Some("")).then(refused)
            });
        },
    ),
    legal(
        "nested-indexes-refused",
        "An index that lists an index is refused.",
        |o| {
            before(o, |_, c| {
                let body = manifest(c)?;
                let mut listed = body.get("manifests")?.as_array()?.iter();
                let nested = |one: &Value| media_type(one).contains("index");
                listed.any(nested).then(refused)
            });
        },
    ),
    legal(
        "artifacts-refused",
        "A manifest with a config or a layer that is not of an image is refused.",
        |o| {
            before(o, |_, c| {
                let body = manifest(c)?;
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
    legal(
        "chunks-equal",
        "A chunk that is longer than the first chunk is refused.",
        |o| {
            before(o, |s, c| {
                let Endpoint::Upload(name, id) = &c.endpoint else {
                    return None;
                };
                let there = s.uploads.get(&(name.clone(), id.clone()))?.bytes.len();
                let range = c.header("content-range")?;
                let first: usize = range.split('-').next()?.parse().ok()?;
                let longer = there > 0 && first == there && c.body.len() > there;
                (c.is("PATCH") && longer)
                    .then(|| ApiResponse::error(400, "SIZE_INVALID", "chunks have one length"))
            });
        },
    ),
    legal(
        "tag-lists-cached",
        "A tag list without parameters shows a new tag after 700 ms.",
        |o| {
            o.quirks.push(Deviation::After(|s, c, a| {
                let Endpoint::Tags(name) = &c.endpoint else {
                    return;
                };
                let Some(repository) = s.repositories.get(name) else {
                    return;
                };
                let Ok(mut body) = serde_json::from_slice::<Value>(&a.body) else {
                    return;
                };
                let listed = body.get_mut("tags").and_then(Value::as_array_mut);
                if let Some(tags) = listed.filter(|_| c.query.is_empty()) {
                    let old = |tag: &Value| {
                        let tag = tag.as_str().and_then(|tag| repository.tags.get(tag));
                        tag.is_none_or(|tag| tag.since.elapsed() > CACHED)
                    };
                    tags.retain(old);
                    a.body = body.to_string().into();
                }
            }));
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
