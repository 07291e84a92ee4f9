//! Uploads: end-4, 5, 6, 11, 13 and 14 (section "Pushing blobs" and those after it).

use std::time::Instant;

use bytes::{Bytes, BytesMut};

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::grammar::{DigestKind, digest_kind, digest_like};
use super::options::{Locations, Options};
use super::router::reference;
use super::store::{Store, Upload};

/// POST: opens a session, mounts a blob, or takes a whole one.
pub fn open(store: &mut Store, options: &Options, request: &ApiRequest, name: &str) -> ApiResponse {
    if let Some(algorithm) = request.query("digest-algorithm")
        && !knows(options, algorithm)
    {
        return ApiResponse::error(400, "DIGEST_INVALID", "this algorithm is not supported");
    }
    if let Some(digest) = request.query("mount") {
        let digest = digest.to_owned();
        let blob = match request.query("from") {
            Some(from) if options.mount => store.blob(from, &digest).cloned(),
            None if options.mount && options.anonymous_mount => {
                store.blob_anywhere(&digest).cloned()
            }
            _ => None,
        };
        if options.breaks.mount_in_words {
            return stored(options, request, name, &digest);
        }
        if let Some(bytes) = blob {
            store.put_blob(name, &digest, bytes);
            return stored(options, request, name, &digest);
        }
    } else if let Some(digest) = request.query("digest")
        && options.single_post
    {
        let digest = digest.to_owned();
        let trusted = options.breaks.trust_single_post;
        return finish(
            store,
            options,
            request,
            name,
            &digest,
            request.body.clone(),
            trusted,
        );
    }
    if store.uploads.len() >= options.upload_limit {
        let now = Instant::now();
        store
            .uploads
            .retain(|_, upload| now.duration_since(upload.used).as_secs() < 3600);
        if store.uploads.len() >= options.upload_limit {
            return ApiResponse::error(429, "TOOMANYREQUESTS", "too many uploads are open")
                .with("Retry-After", "60");
        }
    }
    let id = match options.breaks.one_session {
        true => "00000000-0000-4000-8000-000000000000".to_owned(),
        false => uuid(),
    };
    let upload = Upload {
        bytes: BytesMut::new(),
        state: format!("{:x}", store.next()),
        over: false,
        used: Instant::now(),
    };
    let mut response = ApiResponse::new(202)
        .with("Location", location(options, request, name, &id, &upload))
        .with("Docker-Upload-UUID", id.clone())
        .with("Range", "0-0");
    if options.chunk_min > 0 {
        response = response.with("OCI-Chunk-Min-Length", options.chunk_min.to_string());
    }
    let key = (name.to_owned(), id);
    if !(options.breaks.one_session && store.uploads.contains_key(&key)) {
        store.uploads.insert(key, upload);
    }
    response
}

/// GET: how much is there.
pub fn state(
    store: &Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    match session(store, options, request, name, id) {
        Some(upload) => ApiResponse::new(204)
            .with("Location", location(options, request, name, id, upload))
            .with("Range", range(upload)),
        None => gone(),
    }
}

/// PATCH: a chunk more.
pub fn chunk(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    let Some(upload) = session(store, options, request, name, id) else {
        return gone();
    };
    let there = upload.bytes.len();
    if let Err(refusal) = check_range(options, request, there, options.breaks.any_order) {
        after_refusal(store, options, request, name, id);
        return refusal.with("Range", range_of(there));
    }
    if there.saturating_add(request.body.len()) > options.body_limit {
        return ApiResponse::error(
            413,
            "SIZE_INVALID",
            "the blob is larger than this registry takes",
        );
    }
    let key = (name.to_owned(), id.to_owned());
    let number = store.next();
    let Some(upload) = store.uploads.get_mut(&key) else {
        return gone();
    };
    upload.bytes.extend_from_slice(&request.body);
    upload.state = format!("{number:x}");
    upload.used = Instant::now();
    let upload = upload.clone();
    ApiResponse::new(202)
        .with("Location", location(options, request, name, id, &upload))
        .with("Range", range(&upload))
}

/// PUT: the end, perhaps with the last chunk.
pub fn close(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    let Some(upload) = session(store, options, request, name, id) else {
        return gone();
    };
    let mut bytes = upload.bytes.clone();
    let Some(digest) = request.query("digest").map(str::to_owned) else {
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "a digest is needed to close an upload",
        );
    };
    if let Err(refusal) = check_range(
        options,
        request,
        bytes.len(),
        options.breaks.close_any_order,
    ) {
        return refusal.with("Range", range_of(bytes.len()));
    }
    if bytes.is_empty() || !options.breaks.drop_final_chunk {
        bytes.extend_from_slice(&request.body);
    }
    let dropped = options.breaks.drop_final_chunk;
    let trusted = options.breaks.trust_blob_digests || dropped;
    let response = finish(
        store,
        options,
        request,
        name,
        &digest,
        bytes.freeze(),
        trusted,
    );
    if response.succeeds() {
        end(store, options, name, id);
    }
    response
}

/// DELETE: cancels.
pub fn cancel(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    if !options.cancel {
        return ApiResponse::error(405, "UNSUPPORTED", "uploads cannot be cancelled");
    }
    if session(store, options, request, name, id).is_none() {
        return gone();
    }
    if !options.breaks.cancel_in_words {
        store.uploads.remove(&(name.to_owned(), id.to_owned()));
    }
    ApiResponse::new(204)
}

fn finish(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    digest: &str,
    bytes: Bytes,
    trusted: bool,
) -> ApiResponse {
    let algorithm = digest.split(':').next().unwrap_or_default();
    if digest_kind(digest) != DigestKind::Known || !knows(options, algorithm) {
        return ApiResponse::error(400, "DIGEST_INVALID", "this is no digest that is supported");
    }
    if !trusted && digest_like(digest, &bytes).as_deref() != Some(digest) {
        if options.breaks.store_refused {
            store.put_blob(name, digest, bytes);
        }
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the content does not have this digest",
        );
    }
    if store.total.saturating_add(bytes.len()) > options.total_limit {
        return ApiResponse::error(413, "SIZE_INVALID", "this registry is full");
    }
    store.put_blob(name, digest, bytes);
    stored(options, request, name, digest)
}

fn stored(options: &Options, request: &ApiRequest, name: &str, digest: &str) -> ApiResponse {
    let path = format!("/v2/{name}/blobs/{digest}");
    ApiResponse::new(201)
        .with("Location", reference(options, request, &path, ""))
        .with("Docker-Content-Digest", digest)
}

/// Checks a chunk's Content-Range against what is there and what is sent (sections "Pushing a blob in chunks").
fn check_range(
    options: &Options,
    request: &ApiRequest,
    there: usize,
    any_order: bool,
) -> Result<(), ApiResponse> {
    let refuse = |status, why| Err(ApiResponse::error(status, "BLOB_UPLOAD_INVALID", why));
    let Some(range) = request.header("content-range") else {
        return Ok(());
    };
    let ends = range.split_once('-');
    let numbers = ends.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let Some((first, last)): Option<(usize, usize)> = numbers else {
        return refuse(400, "the Content-Range is not understood");
    };
    let length = last.saturating_add(1).saturating_sub(first);
    if length != request.body.len() && !options.breaks.length_unchecked {
        return refuse(
            400,
            "the Content-Range does not have the length of the chunk",
        );
    }
    let overlaps = first < there;
    let allowed = any_order || (overlaps && options.breaks.overlap);
    if first != there && !allowed {
        return refuse(416, "the chunk does not start where the upload ends");
    }
    Ok(())
}

fn after_refusal(store: &mut Store, options: &Options, request: &ApiRequest, name: &str, id: &str) {
    let key = (name.to_owned(), id.to_owned());
    if options.breaks.refused_chunk_ends {
        store.uploads.remove(&key);
    } else if options.breaks.keep_refused_chunks
        && let Some(upload) = store.uploads.get_mut(&key)
    {
        upload.bytes.extend_from_slice(&request.body);
    }
}

fn end(store: &mut Store, options: &Options, name: &str, id: &str) {
    let key = (name.to_owned(), id.to_owned());
    if options.breaks.sessions_never_end {
        if let Some(upload) = store.uploads.get_mut(&key) {
            upload.bytes.clear();
        }
    } else if let Some(upload) = store.uploads.get_mut(&key) {
        upload.over = true;
        store.uploads.remove(&key);
    }
}

fn session<'a>(
    store: &'a Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> Option<&'a Upload> {
    let upload = store.uploads.get(&(name.to_owned(), id.to_owned()))?;
    let carries_state = options.locations == Locations::Query;
    let came_back = request.query("state") == Some(upload.state.as_str());
    (!upload.over && (!carries_state || came_back)).then_some(upload)
}

fn location(
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
    upload: &Upload,
) -> String {
    let path = match options.uploads_outside {
        true => format!("/uploads-elsewhere/{name}/{id}"),
        false => format!("/v2/{name}/blobs/uploads/{id}"),
    };
    let query = match options.locations {
        Locations::Query => format!("state={}", upload.state),
        Locations::Host | Locations::Absolute | Locations::Request => String::new(),
    };
    reference(options, request, &path, &query)
}

fn range(upload: &Upload) -> String {
    range_of(upload.bytes.len())
}

fn range_of(there: usize) -> String {
    format!("0-{}", there.saturating_sub(1))
}

fn knows(options: &Options, algorithm: &str) -> bool {
    algorithm == "sha256" || (algorithm == "sha512" && options.sha512)
}

fn gone() -> ApiResponse {
    ApiResponse::error(
        404,
        "BLOB_UPLOAD_UNKNOWN",
        "there is no such upload session",
    )
}

/// A random UUID (RFC 9562, version 4).
fn uuid() -> String {
    let number: u128 = rand::random();
    let text = format!("{number:032x}");
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-4{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}
