//! Uploads: end-4, 5, 6, 11, 13 and 14 (section "Pushing blobs" and those after it).

use std::time::Instant;

use bytes::{Bytes, BytesMut};

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::grammar::{DigestKind, digest_kind, digest_like};
use super::locations::url_for;
use super::options::{Locations, Options};
use super::store::{Store, Upload};

/// POST: opens an upload session, mounts a blob, or pushes a blob with a single POST.
pub fn open(store: &mut Store, options: &Options, request: &ApiRequest, name: &str) -> ApiResponse {
    if let Some(algorithm) = request.query("digest-algorithm")
        && !supports_algorithm(options, algorithm)
    {
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the digest algorithm is not supported",
        );
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
        if options.switches.ignore_mount {
            return blob_created(options, request, name, &digest);
        }
        if let Some(bytes) = blob {
            store.put_blob(name, &digest, bytes);
            return blob_created(options, request, name, &digest);
        }
    } else if let Some(digest) = request.query("digest")
        && options.single_post
    {
        let digest = digest.to_owned();
        let trusted = options.switches.skip_single_post_digest_check;
        return commit_blob(
            store,
            options,
            request,
            name,
            &digest,
            request.body.clone(),
            trusted,
        );
    }
    open_session(store, options, request, name)
}

fn open_session(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
) -> ApiResponse {
    remove_idle_sessions(store, options);
    if store.uploads.len() >= options.upload_limit {
        return ApiResponse::error(429, "TOOMANYREQUESTS", "too many upload sessions are open")
            .with("Retry-After", "60");
    }
    let id = match options.switches.share_one_upload_session {
        true => "00000000-0000-4000-8000-000000000000".to_owned(),
        false => uuid(),
    };
    let upload = Upload {
        bytes: BytesMut::new(),
        state: format!("{:x}", store.next()),
        used: Instant::now(),
    };
    let mut response = ApiResponse::new(202)
        .with(
            "Location",
            session_url(options, request, name, &id, &upload),
        )
        .with("Docker-Upload-UUID", id.clone())
        .with("Range", "0-0");
    if options.chunk_min > 0 {
        response = response.with("OCI-Chunk-Min-Length", options.chunk_min.to_string());
    }
    let key = (name.to_owned(), id);
    if !(options.switches.share_one_upload_session && store.uploads.contains_key(&key)) {
        store.uploads.insert(key, upload);
    }
    response
}

/// An upload session may be idle for so many seconds once [`Options::upload_limit`] is reached.
const IDLE_LIMIT: u64 = 3600;

fn remove_idle_sessions(store: &mut Store, options: &Options) {
    if store.uploads.len() >= options.upload_limit {
        let now = Instant::now();
        store
            .uploads
            .retain(|_, upload| now.duration_since(upload.used).as_secs() < IDLE_LIMIT);
    }
}

/// GET: the progress of an upload session.
pub fn status(
    store: &Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    match find_session(store, options, request, name, id) {
        Some(upload) => ApiResponse::new(204)
            .with("Location", session_url(options, request, name, id, upload))
            .with("Range", range_header(upload.bytes.len())),
        None => upload_unknown(),
    }
}

/// PATCH: appends a chunk.
pub fn append_chunk(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    let Some(upload) = find_session(store, options, request, name, id) else {
        return upload_unknown();
    };
    let received = upload.bytes.len();
    if let Err(error) = check_content_range(
        options,
        request,
        received,
        options.switches.accept_chunks_in_any_order,
    ) {
        apply_refusal_faults(store, options, request, name, id);
        return error.with("Range", range_header(received));
    }
    if received.saturating_add(request.body.len()) > options.body_limit {
        return ApiResponse::error(
            413,
            "SIZE_INVALID",
            "the blob is larger than this registry accepts",
        );
    }
    if store.is_full(options.total_limit, request.body.len()) {
        return storage_full();
    }
    let key = (name.to_owned(), id.to_owned());
    let number = store.next();
    let Some(upload) = store.uploads.get_mut(&key) else {
        return upload_unknown();
    };
    upload.bytes.extend_from_slice(&request.body);
    upload.state = format!("{number:x}");
    upload.used = Instant::now();
    ApiResponse::new(202)
        .with("Location", session_url(options, request, name, id, upload))
        .with("Range", range_header(upload.bytes.len()))
}

/// PUT: closes an upload session; the body may hold the last chunk.
pub fn close(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    let Some(upload) = find_session(store, options, request, name, id) else {
        return upload_unknown();
    };
    let received = upload.bytes.len();
    let Some(digest) = request.query("digest").map(str::to_owned) else {
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the closing PUT needs a digest parameter",
        );
    };
    if let Err(error) = check_content_range(
        options,
        request,
        received,
        options.switches.accept_final_chunk_in_any_order,
    ) {
        return error.with("Range", range_header(received));
    }
    let dropped = options.switches.drop_final_chunk;
    let bytes = match received {
        0 => request.body.clone(),
        _ if dropped => Bytes::copy_from_slice(&upload.bytes),
        _ => [upload.bytes.as_ref(), request.body.as_ref()]
            .concat()
            .into(),
    };
    let trusted = options.switches.skip_blob_digest_check || dropped;
    let response = commit_blob(store, options, request, name, &digest, bytes, trusted);
    if response.succeeds() {
        end_session(store, options, name, id);
    }
    response
}

/// DELETE: cancels an upload session.
pub fn cancel(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> ApiResponse {
    if !options.cancel {
        return ApiResponse::error(405, "UNSUPPORTED", "uploads cannot be cancelled")
            .with("Allow", "GET, PATCH, PUT");
    }
    if find_session(store, options, request, name, id).is_none() {
        return upload_unknown();
    }
    if !options.switches.ignore_cancel {
        store.uploads.remove(&(name.to_owned(), id.to_owned()));
    }
    ApiResponse::new(204)
}

fn commit_blob(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    digest: &str,
    bytes: Bytes,
    trusted: bool,
) -> ApiResponse {
    let algorithm = digest.split(':').next().unwrap_or_default();
    if digest_kind(digest) != DigestKind::Known || !supports_algorithm(options, algorithm) {
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the digest is invalid, or its algorithm is not supported",
        );
    }
    if !trusted && digest_like(digest, &bytes).as_deref() != Some(digest) {
        if options.switches.store_despite_wrong_digest {
            store.put_blob(name, digest, bytes);
        }
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the digest of the content differs from the digest parameter",
        );
    }
    // Those of an open upload session are counted already.
    if store.is_full(options.total_limit, request.body.len()) {
        return storage_full();
    }
    store.put_blob(name, digest, bytes);
    blob_created(options, request, name, digest)
}

fn blob_created(options: &Options, request: &ApiRequest, name: &str, digest: &str) -> ApiResponse {
    let path = format!("/v2/{name}/blobs/{digest}");
    ApiResponse::new(201)
        .with("Location", url_for(options, request, &path, ""))
        .with("Docker-Content-Digest", digest)
}

/// Compares a chunk's `Content-Range` with the received bytes and the length of the chunk (section "Pushing a blob in chunks").
fn check_content_range(
    options: &Options,
    request: &ApiRequest,
    received: usize,
    any_order: bool,
) -> Result<(), ApiResponse> {
    let refuse = |status, why| Err(ApiResponse::error(status, "BLOB_UPLOAD_INVALID", why));
    let Some(range) = request.header("content-range") else {
        return Ok(());
    };
    let ends = range.split_once('-');
    let numbers = ends.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let Some((first, last)): Option<(usize, usize)> = numbers else {
        return refuse(400, "the Content-Range is invalid");
    };
    let length = last.saturating_add(1).saturating_sub(first);
    if length != request.body.len() && !options.switches.skip_chunk_length_check {
        return refuse(400, "the Content-Range and the length of the chunk differ");
    }
    let overlaps = first < received;
    let allowed = any_order || (overlaps && options.switches.accept_overlapping_chunks);
    if first != received && !allowed {
        return refuse(
            416,
            "the chunk does not start at the end of the uploaded bytes",
        );
    }
    Ok(())
}

fn apply_refusal_faults(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) {
    let key = (name.to_owned(), id.to_owned());
    if options.switches.end_session_on_refused_chunk {
        store.uploads.remove(&key);
    } else if options.switches.append_refused_chunks
        && let Some(upload) = store.uploads.get_mut(&key)
    {
        upload.bytes.extend_from_slice(&request.body);
    }
}

fn end_session(store: &mut Store, options: &Options, name: &str, id: &str) {
    let key = (name.to_owned(), id.to_owned());
    if !options.switches.keep_closed_sessions {
        store.uploads.remove(&key);
    } else if let Some(upload) = store.uploads.get_mut(&key) {
        upload.bytes.clear();
    }
}

/// An open upload session whose current `state` the request repeats, where its `Location` has one.
fn find_session<'a>(
    store: &'a Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
) -> Option<&'a Upload> {
    let upload = store.uploads.get(&(name.to_owned(), id.to_owned()))?;
    let has_state = options.locations == Locations::Query;
    let repeated = request.query("state") == Some(upload.state.as_str());
    (!has_state || repeated).then_some(upload)
}

fn session_url(
    options: &Options,
    request: &ApiRequest,
    name: &str,
    id: &str,
    upload: &Upload,
) -> String {
    let path = match options.uploads_outside_v2 {
        true => format!("/uploads-elsewhere/{name}/{id}"),
        false => format!("/v2/{name}/blobs/uploads/{id}"),
    };
    let query = match options.locations {
        Locations::Query => format!("state={}", upload.state),
        Locations::Host | Locations::Absolute | Locations::Request => String::new(),
    };
    url_for(options, request, &path, &query)
}

/// The `Range` of that many received bytes; `0-0` also for none.
fn range_header(received: usize) -> String {
    format!("0-{}", received.saturating_sub(1))
}

fn supports_algorithm(options: &Options, algorithm: &str) -> bool {
    algorithm == "sha256" || (algorithm == "sha512" && options.sha512)
}

fn storage_full() -> ApiResponse {
    ApiResponse::error(413, "SIZE_INVALID", "the storage limit is reached")
}

fn upload_unknown() -> ApiResponse {
    ApiResponse::error(
        404,
        "BLOB_UPLOAD_UNKNOWN",
        "the upload session does not exist",
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::registry::api_request::Endpoint;

    fn request(method: &str, body: usize, query: &[(&str, &str)]) -> ApiRequest {
        let pairs = query.iter();
        ApiRequest {
            method: method.to_owned(),
            endpoint: Endpoint::of("/v2/a/blobs/uploads/"),
            in_second_repository: false,
            path: "/v2/a/blobs/uploads/".to_owned(),
            query: pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            headers: Vec::new(),
            body: vec![0; body].into(),
            origin: "http://h".to_owned(),
        }
    }

    #[test]
    fn the_bytes_of_upload_sessions_are_stored_content() {
        let options = Options {
            total_limit: 100,
            ..Options::default()
        };
        let mut store = Store::default();
        let mut opened = || {
            let response = open(&mut store, &options, &request("POST", 0, &[]), "a");
            response.header("docker-upload-uuid").unwrap().to_owned()
        };
        let ids = [opened(), opened()];
        let mut append = |id: &str, bytes| {
            let chunk = request("PATCH", bytes, &[]);
            append_chunk(&mut store, &options, &chunk, "a", id).status
        };
        assert_eq!(append(&ids[0], 60), 202);
        assert_eq!(append(&ids[1], 60), 413);
        assert_eq!(append(&ids[1], 40), 202);
        // What was taken is stored, although no byte more would be.
        let digest = digest_like("sha256:", &[0; 60]).unwrap();
        let last = request("PUT", 0, &[("digest", digest.as_str())]);
        assert_eq!(close(&mut store, &options, &last, "a", &ids[0]).status, 201);
        assert!(store.is_full(options.total_limit, 1));
    }
}
