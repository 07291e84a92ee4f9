//! Variants of upload sessions and mounts.

use super::variant::{Variant, permitted};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::options::Locations;
use crate::registry::quirks::{after, before, on_request, on_response};
use crate::registry::store::{Store, Upload};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "uploads-rotate",
        "Every response of an upload session has a new `Location`, and the previous one is invalid.",
        |options| {
            options.locations = Locations::Query;
            after(options, |store, request, response| {
                let old = session(store, request).map(|upload| upload.state.clone());
                if let (204 | 416, Some(old)) = (response.status, old) {
                    let state = format!("r{}", store.next());
                    if let Some(upload) = session(store, request) {
                        upload.state.clone_from(&state);
                    }
                    let (from, to) = (format!("state={old}"), format!("state={state}"));
                    let here = format!("{}{}?{to}", request.origin, request.path);
                    let known = response.header("location").map(|at| at.replace(&from, &to));
                    response.set("Location", known.unwrap_or(here));
                }
            });
        },
    ),
    permitted(
        "stream-without-range",
        "PATCH without a Content-Range is answered without Range.",
        |options| {
            on_response(options, |request, response| {
                if streams(request) {
                    response.remove("range");
                }
            });
        },
    ),
    permitted(
        "chunk-minimum-strict",
        "A PATCH with less than 64 KiB is refused with 400; the closing PUT may have less.",
        |options| {
            options.chunk_min = 64 * 1024;
            before(options, |_, request| {
                let short = request.is("PATCH") && request.body.len() < 64 * 1024;
                short.then(|| {
                    ApiResponse::error(
                        400,
                        "SIZE_INVALID",
                        "the chunk is shorter than OCI-Chunk-Min-Length",
                    )
                })
            });
        },
    ),
    permitted(
        "chunk-minimum-416",
        "A PATCH with less than 64 KiB is refused with 416; the closing PUT may have less.",
        |options| {
            options.chunk_min = 64 * 1024;
            before(options, |_, request| {
                let short = request.is("PATCH") && request.body.len() < 64 * 1024;
                short.then(|| {
                    ApiResponse::error(
                        416,
                        "SIZE_INVALID",
                        "the chunk is shorter than OCI-Chunk-Min-Length",
                    )
                })
            });
        },
    ),
    permitted(
        "streams-refused",
        "A PATCH without `Content-Range` is refused with 411.",
        |options| {
            before(options, |_, request| {
                streams(request)
                    .then(|| ApiResponse::error(411, "SIZE_INVALID", "a Content-Range is required"))
            });
        },
    ),
    permitted(
        "second-stream-replaces",
        "A PATCH without `Content-Range` replaces what was uploaded before.",
        |options| {
            before(options, |store, request| {
                if streams(request) {
                    session(store, request)?.bytes.clear();
                }
                None
            });
        },
    ),
    permitted(
        "overlap-409",
        "A chunk that overlaps the uploaded bytes is refused with 409.",
        |options| {
            after(options, |store, request, response| {
                let there = session(store, request).map_or(0, |upload| upload.bytes.len());
                let first = request
                    .header("content-range")
                    .and_then(|range| range.split('-').next());
                let first = first.and_then(|first| first.parse::<usize>().ok());
                if response.status == 416 && first.is_some_and(|first| first < there) {
                    response.status = 409;
                }
            });
        },
    ),
    permitted(
        "length-416",
        "A chunk whose length differs from its `Content-Range` is refused with 416.",
        |options| {
            on_response(options, |request, response| {
                if request.is("PATCH") && response.status == 400 {
                    response.status = 416;
                }
            });
        },
    ),
    permitted(
        "length-ends",
        "A chunk whose length differs from its `Content-Range` ends the upload session.",
        |options| {
            after(options, |store, request, response| {
                if request.is("PATCH") && response.status == 400 {
                    end_session(store, request);
                }
            });
        },
    ),
    permitted(
        "range-absent",
        "`Range` is absent while the upload session is empty.",
        |options| {
            after(options, |store, request, response| {
                let empty = session(store, request).is_none_or(|upload| upload.bytes.is_empty());
                if empty && response.header("range") == Some("0-0") {
                    response.remove("range");
                }
            });
        },
    ),
    permitted(
        "mismatch-ends",
        "A closing PUT with a wrong digest ends the upload session.",
        |options| {
            after(options, |store, request, response| {
                if request.is("PUT") && response.status == 400 {
                    end_session(store, request);
                }
            });
        },
    ),
    permitted(
        "mismatch-422",
        "Content with a wrong digest is refused with 422.",
        |options| {
            on_response(options, |request, response| {
                if request.is("PUT") && response.status == 400 {
                    response.status = 422;
                }
            });
        },
    ),
    permitted(
        "known-blobs-unread",
        "A closing PUT for a blob that exists is answered with 201, and its body is not checked.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Upload(name, _) = &request.endpoint else {
                    return None;
                };
                let digest = request.query("digest").filter(|_| request.is("PUT"))?;
                store.blob(name, digest)?;
                session(store, request)?;
                let at = format!("/v2/{name}/blobs/{digest}");
                end_session(store, request);
                Some(ApiResponse::new(201).with("Location", at))
            });
        },
    ),
    permitted(
        "single-post-small",
        "A single POST with more than 4 KiB opens an upload session.",
        |options| {
            on_request(options, |request| {
                if request.is("POST") && request.body.len() > 4096 {
                    request.query.retain(|(name, _)| name != "digest");
                }
            });
        },
    ),
    permitted(
        "sha512-refused-late",
        "A sha512 digest is refused by the closing PUT.",
        |options| {
            before(options, |_, request| {
                let sha512 = request
                    .query("digest")
                    .is_some_and(|one| one.starts_with("sha512:"));
                (request.is("PUT") && sha512)
                    .then(|| ApiResponse::error(400, "DIGEST_INVALID", "only sha256 is supported"))
            });
        },
    ),
    permitted(
        "sha512-blobs-only",
        "sha512 digests are supported for blobs only.",
        |options| {
            before(options, |_, request| {
                let sha512 = matches!(&request.endpoint, Endpoint::Manifest(_, at) if at.starts_with("sha512:"));
                (request.is("PUT") && sha512)
                    .then(|| ApiResponse::error(400, "DIGEST_INVALID", "only sha256 is supported"))
            });
        },
    ),
    permitted(
        "algorithm-201",
        "A POST with `digest-algorithm` opens an upload session with 201.",
        |options| {
            on_response(options, |request, response| {
                if request.query("digest-algorithm").is_some() && response.status == 202 {
                    response.status = 201;
                }
            });
        },
    ),
    permitted(
        "mount-from-anywhere",
        "A mount ignores `from`: it takes the blob from any repository.",
        |options| {
            on_request(options, |request| {
                if request.query("mount").is_some() {
                    request.query.retain(|(name, _)| name != "from");
                }
            });
        },
    ),
    permitted(
        "lengths-required",
        "Bodies in chunked transfer coding are refused with 411.",
        |options| {
            before(options, |_, request| {
                let streamed = request.header("transfer-encoding").is_some();
                streamed
                    .then(|| ApiResponse::error(411, "SIZE_INVALID", "Content-Length is required"))
            });
        },
    ),
    permitted(
        "mount-unknown-404",
        "A mount of a blob that cannot be mounted is refused with 404.",
        |options| {
            on_response(options, |request, response| {
                if request.query("mount").is_some() && response.status == 202 {
                    *response = ApiResponse::error(404, "BLOB_UNKNOWN", "there is no such blob");
                }
            });
        },
    ),
];

/// Whether a request is a PATCH without Content-Range.
fn streams(request: &ApiRequest) -> bool {
    request.is("PATCH") && request.header("content-range").is_none()
}

pub(super) fn session<'a>(store: &'a mut Store, request: &ApiRequest) -> Option<&'a mut Upload> {
    match &request.endpoint {
        Endpoint::Upload(name, id) => store.uploads.get_mut(&(name.clone(), id.clone())),
        _ => None,
    }
}

fn end_session(store: &mut Store, request: &ApiRequest) {
    if let Endpoint::Upload(name, id) = &request.endpoint {
        store.uploads.remove(&(name.clone(), id.clone()));
    }
}
