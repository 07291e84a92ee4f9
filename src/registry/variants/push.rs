//! Legal deviations in pushing and in content management.

use std::time::{Duration, Instant};

use super::{Variant, legal};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::Deviation;
use crate::registry::options::{Deletion, Locations, Options};
use crate::registry::store::{Repository, Store, Upload};

pub const VARIANTS: &[Variant] = &[
    legal(
        "uploads-rotate",
        "Every answer of an upload session gives a new Location, and the old one ends.",
        |o| {
            o.locations = Locations::Query;
            after(o, |s, c, a| {
                let old = session(s, c).map(|upload| upload.state.clone());
                if let (204 | 416, Some(old)) = (a.status, old) {
                    let state = format!("r{}", s.next());
                    if let Some(upload) = session(s, c) {
                        upload.state.clone_from(&state);
                    }
                    let (from, to) = (format!("state={old}"), format!("state={state}"));
                    let here = format!("{}{}?{to}", c.origin, c.path);
                    let known = a.header("location").map(|at| at.replace(&from, &to));
                    a.set("Location", known.unwrap_or(here));
                }
            });
        },
    ),
    legal(
        "chunk-minimum-strict",
        "A chunk of less than 64 KiB is refused, but for the last in the closing PUT.",
        |o| {
            o.chunk_min = 64 * 1024;
            before(o, |_, c| {
                let short = c.is("PATCH") && c.body.len() < 64 * 1024;
                short.then(|| ApiResponse::error(400, "SIZE_INVALID", "the chunk is too small"))
            });
        },
    ),
    legal(
        "chunk-minimum-416",
        "A chunk of less than 64 KiB is refused with 416.",
        |o| {
            o.chunk_min = 64 * 1024;
            before(o, |_, c| {
                let short = c.is("PATCH") && c.body.len() < 64 * 1024;
                short.then(|| ApiResponse::error(416, "SIZE_INVALID", "the chunk is too small"))
            });
        },
    ),
    legal(
        "streams-refused",
        "A chunk without a Content-Range is refused with 411.",
        |o| {
            before(o, |_, c| {
                let streamed = c.is("PATCH") && c.header("content-range").is_none();
                streamed
                    .then(|| ApiResponse::error(411, "SIZE_INVALID", "a Content-Range is needed"))
            });
        },
    ),
    legal(
        "overlap-409",
        "Chunks that overlap are refused with 409.",
        |o| {
            after(o, |s, c, a| {
                let there = session(s, c).map_or(0, |upload| upload.bytes.len());
                let first = c
                    .header("content-range")
                    .and_then(|range| range.split('-').next());
                let first = first.and_then(|first| first.parse::<usize>().ok());
                if a.status == 416 && first.is_some_and(|first| first < there) {
                    a.status = 409;
                }
            });
        },
    ),
    legal(
        "length-416",
        "A chunk of a wrong length is refused with 416.",
        |o| {
            answers(o, |c, a| {
                if c.is("PATCH") && a.status == 400 {
                    a.status = 416;
                }
            });
        },
    ),
    legal(
        "length-ends",
        "A chunk of a wrong length ends its upload.",
        |o| {
            after(o, |s, c, a| {
                if c.is("PATCH") && a.status == 400 {
                    end(s, c);
                }
            });
        },
    ),
    legal(
        "range-absent",
        "There is no Range while nothing was uploaded.",
        |o| {
            after(o, |s, c, a| {
                let empty = session(s, c).is_none_or(|upload| upload.bytes.is_empty());
                if empty && a.header("range") == Some("0-0") {
                    a.remove("range");
                }
            });
        },
    ),
    legal(
        "mismatch-ends",
        "A closing PUT under a wrong digest ends its upload.",
        |o| {
            after(o, |s, c, a| {
                if c.is("PUT") && a.status == 400 {
                    end(s, c);
                }
            });
        },
    ),
    legal(
        "mismatch-422",
        "Content under a wrong digest is refused with 422.",
        |o| {
            answers(o, |c, a| {
                if c.is("PUT") && a.status == 400 {
                    a.status = 422;
                }
            });
        },
    ),
    legal(
        "known-blobs-unread",
        "A blob that is there already is answered with 201, whatever is sent.",
        |o| {
            before(o, |s, c| {
                let Endpoint::Upload(name, _) = &c.endpoint else {
                    return None;
                };
                let digest = c.query("digest").filter(|_| c.is("PUT"))?;
                s.blob(name, digest)?;
                session(s, c)?;
                let at = format!("/v2/{name}/blobs/{digest}");
                end(s, c);
                Some(ApiResponse::new(201).with("Location", at))
            });
        },
    ),
    legal(
        "single-post-small",
        "A single POST takes no more than 4 KiB; otherwise it opens a session.",
        |o| {
            o.quirks.push(Deviation::ApiRequest(|c| {
                if c.is("POST") && c.body.len() > 4096 {
                    c.query.retain(|(name, _)| name != "digest");
                }
            }));
        },
    ),
    legal(
        "sha512-refused-late",
        "A sha512 digest is refused when the upload is closed.",
        |o| {
            before(o, |_, c| {
                let sha512 = c
                    .query("digest")
                    .is_some_and(|one| one.starts_with("sha512:"));
                (c.is("PUT") && sha512)
                    .then(|| ApiResponse::error(400, "DIGEST_INVALID", "sha256 only"))
            });
        },
    ),
    legal(
        "sha512-blobs-only",
        "Manifests have sha256 digests alone.",
        |o| {
            before(o, |_, c| {
                let sha512 =
                    matches!(&c.endpoint, Endpoint::Manifest(_, at) if at.starts_with("sha512:"));
                (c.is("PUT") && sha512)
                    .then(|| ApiResponse::error(400, "DIGEST_INVALID", "sha256 only"))
            });
        },
    ),
    legal(
        "algorithm-201",
        "A session for an algorithm is opened with 201.",
        |o| {
            answers(o, |c, a| {
                if c.query("digest-algorithm").is_some() && a.status == 202 {
                    a.status = 201;
                }
            });
        },
    ),
    legal(
        "mount-from-anywhere",
        "A mount takes the blob from wherever it is.",
        |o| {
            o.quirks.push(Deviation::ApiRequest(|c| {
                if c.query("mount").is_some() {
                    c.query.retain(|(name, _)| name != "from");
                }
            }));
        },
    ),
    legal("tags-stay-403", "Tags cannot be moved: 403.", |o| {
        o.moving_tags = false;
        answers(o, |c, a| {
            if c.is("PUT") && a.status == 409 {
                a.status = 403;
            }
        });
    }),
    legal(
        "tags-keep-their-type",
        "A tag is not moved to a manifest of another media type: 400.",
        |o| {
            before(o, |s, c| {
                let Endpoint::Manifest(name, at) = &c.endpoint else {
                    return None;
                };
                let repository = s.repositories.get(name)?;
                let known = &repository.tags.get(at)?.digest;
                let known = &repository.manifests.get(known)?.media_type;
                let other = c.is("PUT") && c.header("content-type") != Some(known.as_str());
                other.then(|| {
                    ApiResponse::error(400, "MANIFEST_INVALID", "the tag has another type")
                })
            });
        },
    ),
    legal(
        "missing-content-400",
        "A manifest that names missing content is refused with 400.",
        |o| {
            answers(o, |c, a| {
                if c.is("PUT") && a.status == 404 && matches!(c.endpoint, Endpoint::Manifest(..)) {
                    a.status = 400;
                }
            });
        },
    ),
    legal(
        "missing-content-footnote",
        "A manifest that names missing content is refused with the code of the footnote.",
        |o| {
            answers(o, |c, a| {
                if c.is("PUT") && a.status == 404 && matches!(c.endpoint, Endpoint::Manifest(..)) {
                    *a = ApiResponse::error(404, "BLOB_UNKNOWN", "it is not there");
                }
            });
        },
    ),
    legal("manifests-any", "Anything is taken as a manifest.", |o| {
        o.sparse_manifests = true;
        o.breaks.any_manifest = true;
    }),
    legal(
        "types-by-body",
        "The mediaType field says what a manifest is, not the Content-Type.",
        |o| {
            o.quirks.push(Deviation::ApiRequest(|c| {
                let body: Option<serde_json::Value> = serde_json::from_slice(&c.body).ok();
                let kind = body
                    .as_ref()
                    .and_then(|body| body.get("mediaType")?.as_str());
                let of_manifest = matches!(c.endpoint, Endpoint::Manifest(..));
                if let Some(kind) = kind.filter(|_| of_manifest && c.is("PUT")) {
                    c.headers.retain(|(name, _)| name != "content-type");
                    c.headers.push(("content-type".to_owned(), kind.to_owned()));
                }
            }));
        },
    ),
    legal("manifest-limit", "Manifests have at most 4 MB.", |o| {
        o.manifest_limit = 4_000_000
    }),
    legal(
        "manifest-no-limit",
        "Manifests have no limit of their own.",
        |o| o.manifest_limit = o.body_limit,
    ),
    legal(
        "manifest-location-by-digest",
        "The Location of a manifest is by digest.",
        |o| {
            answers(o, |c, a| {
                let digest = a.header("docker-content-digest").map(str::to_owned);
                if let (true, 201, Endpoint::Manifest(name, _), Some(digest)) =
                    (c.is("PUT"), a.status, &c.endpoint, digest)
                {
                    a.set(
                        "Location",
                        format!("{}/v2/{name}/manifests/{digest}", c.origin),
                    );
                }
            });
        },
    ),
    legal(
        "tag-params-some",
        "Of many tag parameters, the first four are accepted.",
        |o| {
            o.quirks.push(Deviation::ApiRequest(|c| {
                let mut tags = 0;
                c.query.retain(|(name, _)| {
                    tags += usize::from(name == "tag");
                    name != "tag" || tags <= 4
                });
            }));
        },
    ),
    legal(
        "tag-params-414",
        "More than ten tag parameters are refused with 414.",
        |o| {
            before(o, |_, c| {
                let tags = c.query.iter().filter(|(name, _)| name == "tag").count();
                (tags > 10).then(|| ApiResponse::new(414))
            });
        },
    ),
    legal(
        "tag-params-one-header",
        "All tags are named in one OCI-Tag header.",
        |o| {
            answers(o, |_, a| {
                let tags = a.headers.iter().filter(|(name, _)| name == "OCI-Tag");
                let tags: Vec<&str> = tags.map(|(_, tag)| tag.as_str()).collect();
                if tags.len() > 1 {
                    let tags = tags.join(", ");
                    a.set("OCI-Tag", tags);
                }
            });
        },
    ),
    legal(
        "subject-index-silent",
        "An index with a subject is answered without an OCI-Subject.",
        |o| {
            answers(o, |c, a| {
                let kind = c.header("content-type").unwrap_or_default();
                if c.is("PUT") && kind.contains("index") {
                    a.remove("oci-subject");
                }
            });
        },
    ),
    legal("cancel-501", "Uploads cannot be cancelled: 501.", |o| {
        before(o, |_, c| {
            let cancels = c.is("DELETE") && matches!(c.endpoint, Endpoint::Upload(..));
            cancels.then(|| ApiResponse::error(501, "UNSUPPORTED", "no"))
        });
    }),
    legal(
        "deletion-slow",
        "What is deleted is gone after 300 ms.",
        |o| {
            before(o, |s, c| {
                let due = |(when, ..): &(Instant, String, String)| when.elapsed() > SLOW;
                let pending_deletes: Vec<_> =
                    s.pending_deletes.extract_if(.., |one| due(one)).collect();
                for (_, name, at) in pending_deletes {
                    forget(s, &name, &at);
                }
                let (name, at) = deleted(c)?;
                let there = s.repositories.get(&name).is_some_and(|one| has(one, &at));
                there.then(|| {
                    s.pending_deletes.push((Instant::now(), name, at));
                    ApiResponse::new(202)
                })
            });
        },
    ),
    legal(
        "deletion-not-in-use",
        "A manifest that a tag leads to cannot be deleted: 409.",
        |o| {
            before(o, |s, c| {
                let (name, at) = deleted(c)?;
                let tags = &s.repositories.get(&name)?.tags;
                let in_use = tags.values().any(|tag| tag.digest == at);
                in_use.then(|| ApiResponse::error(409, "DENIED", "tags lead to it"))
            });
        },
    ),
    legal(
        "deletion-off-after-404",
        "Nothing can be deleted, and what is not there is missed first.",
        |o| {
            o.delete_tags = Deletion::Off(405);
            o.delete_manifests = Deletion::Off(405);
            o.delete_blobs = Deletion::Off(405);
            before(o, |s, c| {
                let (name, at) = deleted(c)?;
                let there = s.repositories.get(&name).is_some_and(|one| has(one, &at));
                (!there).then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "it is not there"))
            });
        },
    ),
    legal("no-blob-deletion", "Blobs cannot be deleted: 405.", |o| {
        o.delete_blobs = Deletion::Off(405)
    }),
    legal(
        "no-manifest-deletion",
        "Manifests cannot be deleted: 400.",
        |o| o.delete_manifests = Deletion::Off(400),
    ),
    legal(
        "untagged-collected",
        "With its last tag, a manifest is deleted.",
        |o| {
            before(o, |s, c| {
                let (name, at) = deleted(c)?;
                let repository = s.repositories.get_mut(&name)?;
                let digest = repository.tags.get(&at)?.digest.clone();
                let tags = repository.tags.values();
                if tags.filter(|tag| tag.digest == digest).count() == 1 {
                    repository.manifests.remove(&digest);
                }
                None
            });
        },
    ),
    legal(
        "unavailable-now-and-then",
        "Every fiftieth request is answered with 503.",
        |o| {
            before(o, |s, _| {
                let busy = s.counter.is_multiple_of(50);
                busy.then(|| ApiResponse::new(503).with("Retry-After", "0"))
            });
        },
    ),
    legal(
        "connections-closed",
        "The connection is closed after every answer.",
        |o| answers(o, |_, a| a.set("Connection", "close")),
    ),
    legal(
        "docker-headers",
        "Answers carry headers of Docker's.",
        |o| {
            answers(o, |_, a| {
                a.set("Docker-Distribution-Api-Version", "registry/2.0")
            })
        },
    ),
];

/// Deviation long a slow deletion takes.
const SLOW: Duration = Duration::from_millis(300);

fn answers(options: &mut Options, change: fn(&ApiRequest, &mut ApiResponse)) {
    options.quirks.push(Deviation::ApiResponse(change));
}

pub fn before(options: &mut Options, act: fn(&mut Store, &mut ApiRequest) -> Option<ApiResponse>) {
    options.quirks.push(Deviation::Before(act));
}

fn after(options: &mut Options, act: fn(&mut Store, &ApiRequest, &mut ApiResponse)) {
    options.quirks.push(Deviation::After(act));
}

fn session<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Upload> {
    match &request.endpoint {
        Endpoint::Upload(name, id) => store.uploads.get_mut(&(name.clone(), id.clone())),
        _ => None,
    }
}

/// Ends the upload session that a call names.
fn end(store: &mut Store, request: &ApiRequest) {
    if let Endpoint::Upload(name, id) = &request.endpoint {
        store.uploads.remove(&(name.clone(), id.clone()));
    }
}

/// The repository and the reference that a call deletes.
fn deleted(request: &ApiRequest) -> Option<(String, String)> {
    match &request.endpoint {
        Endpoint::Manifest(name, at) | Endpoint::Blob(name, at) if request.is("DELETE") => {
            Some((name.clone(), at.clone()))
        }
        _ => None,
    }
}

fn has(repository: &Repository, at: &str) -> bool {
    repository.tags.contains_key(at)
        || repository.manifests.contains_key(at)
        || repository.blobs.contains_key(at)
}

fn forget(store: &mut Store, name: &str, at: &str) {
    if let Some(repository) = store.repositories.get_mut(name) {
        repository.blobs.remove(at);
        repository.manifests.remove(at);
        repository
            .tags
            .retain(|tag, leads| tag != at && leads.digest != at);
    }
}
