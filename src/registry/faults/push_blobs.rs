//! Faults of pushing blobs whole, and of mounting them, that need what the registry holds.

use bytes::{Bytes, BytesMut};

use super::*;
use crate::registry::grammar::digest_like;
use crate::registry::store::Upload;

pub const FAULTS: &[Fault] = &[
    before(
        "blob-again-409",
        &["blob-put-status"],
        "A blob that is there already is refused with 409.",
        |s, c| {
            let there = s.blob(c.endpoint.repository()?, revocation(c)?).is_some();
            there.then(|| ApiResponse::error(409, "BLOB_UPLOAD_INVALID", "it is there already"))
        },
    ),
    before(
        "blob-overwritten",
        &["blob-put-kept"],
        "A blob that is there already is overwritten by whatever is sent.",
        |s, c| {
            let there = s.blob(c.endpoint.repository()?, revocation(c)?).is_some();
            there.then(|| close_unseen(s, c))?
        },
    ),
    response(
        "blob-put-wrong-digest-header",
        &["blob-put-digest-matches"],
        "A blob that was pushed is answered with another digest.",
        |c, a| {
            if on_upload(c, a, "PUT", 201) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    response(
        "blob-empty-refused",
        &["blob-put-status"],
        "An empty blob is refused.",
        |c, a| {
            let empty = digest_like("sha256:", b"");
            if on_upload(c, a, "PUT", 201) && c.query("digest") == empty.as_deref() {
                *a = ApiResponse::error(400, "SIZE_INVALID", "nothing was sent");
            }
        },
    ),
    response(
        "blob-large-refused",
        &["blob-put-status"],
        "A blob of more than a MiB is refused.",
        |c, a| {
            if on_upload(c, a, "PUT", 201) && c.body.len() > MIB {
                *a = ApiResponse::error(413, "SIZE_INVALID", "too large");
            }
        },
    ),
    after(
        "blob-truncated",
        &["blob-get-content"],
        "Of a blob, no more than a MiB is stored.",
        |s, c, a| {
            if on_upload(c, a, "PUT", 201)
                && let Some(bytes) = blob_named(s, c)
            {
                bytes.truncate(MIB);
            }
        },
    ),
    after(
        "blob-put-in-words",
        &["blob-get-status"],
        "A blob of one byte is answered with 201, and lost.",
        |s, c, a| {
            if on_upload(c, a, "PUT", 201) && c.body.len() == 1 {
                lose_blob(s, c);
            }
        },
    ),
    before(
        "blob-sha512-trusted",
        &["blob-verify"],
        "A blob is stored under whatever sha512 digest is named.",
        |s, c| {
            let sha512 = revocation(c)?.starts_with("sha512:");
            sha512.then(|| close_unseen(s, c))?
        },
    ),
    before(
        "blob-nothing-trusted",
        &["blob-verify"],
        "Nothing is stored under whatever digest is named.",
        |s, c| {
            revocation(c)?;
            let empty = c.body.is_empty() && session(s, c)?.bytes.is_empty();
            empty.then(|| close_unseen(s, c))?
        },
    ),
    before(
        "blob-any-digest",
        &["blob-verify"],
        "A blob is stored under what is no digest.",
        |s, c| {
            let known = digest_like(revocation(c)?, b"").is_some_and(|one| {
                one.len() == c.query("digest").map_or(0, str::len)
                    && c.query("digest").map(str::to_lowercase).as_deref() == c.query("digest")
            });
            (!known).then(|| close_unseen(s, c))?
        },
    ),
    after(
        "upload-gone-put-stored",
        &["blob-put-session-unknown"],
        "What is put into no session is refused, and stored.",
        |s, c, a| {
            if on_upload(c, a, "PUT", 404)
                && let (Some(name), Some(digest)) = (c.endpoint.repository(), c.query("digest"))
            {
                s.put_blob(name, digest, c.body.clone());
            }
        },
    ),
    after(
        "blob-no-digest-stored",
        &["blob-put-digest-missing"],
        "A PUT without a digest is refused, and its blob stored.",
        |s, c, a| {
            if on_upload(c, a, "PUT", 400) && c.query("digest").is_none() {
                store_as_is(s, c, c.body.clone());
            }
        },
    ),
    switch(
        "upload-never-ends",
        &["blob-put-session-unknown"],
        "An upload session that was closed can be used again.",
        |b| b.sessions_never_end = true,
    ),
    after(
        "upload-ends-others",
        &["upload-apart"],
        "When an upload is closed, all others of the repository end.",
        |s, c, a| {
            if on_upload(c, a, "PUT", 201) {
                let name = c.endpoint.repository().unwrap_or_default();
                s.uploads.retain(|(of, _), _| of != name);
            }
        },
    ),
    after(
        "single-post-in-words",
        &["blob-get-status", "single-post-location-pullable"],
        "A single POST is answered with 201, and its blob lost.",
        |s, c, a| {
            if single_post(c, a) {
                lose_blob(s, c);
            }
        },
    ),
    after(
        "single-post-truncated",
        &["blob-get-content", "single-post-location-pullable"],
        "Of a single POST, no more than a MiB is stored.",
        |s, c, a| {
            if single_post(c, a)
                && let Some(bytes) = blob_named(s, c)
            {
                bytes.truncate(MIB);
            }
        },
    ),
    after(
        "single-post-half",
        &["blob-put-status"],
        "A single POST is declined, and what was sent is kept in the session.",
        |s, c, a| {
            if single_post(c, a)
                && let Some(name) = c.endpoint.repository()
            {
                lose_blob(s, c);
                let id = format!("half-{}", s.next());
                *a = ApiResponse::new(202)
                    .with("Location", format!("/v2/{name}/blobs/uploads/{id}"));
                let upload = Upload {
                    bytes: BytesMut::from(c.body.as_ref()),
                    state: String::new(),
                    over: false,
                    used: std::time::Instant::now(),
                };
                s.uploads.insert((name.to_owned(), id), upload);
            }
        },
    ),
    after(
        "mount-nothing",
        &["mount-served"],
        "A mount is answered as done, and the blob is not there.",
        |s, c, a| {
            if a.status == 201
                && let (Some(name), Some(digest)) = (c.endpoint.repository(), c.query("mount"))
                && let Some(repository) = s.repositories.get_mut(name)
            {
                repository.blobs.remove(digest);
            }
        },
    ),
    after(
        "mount-moves",
        &["mount-source-kept"],
        "A mount takes the blob from where it was.",
        |s, c, a| {
            if a.status == 201
                && let (Some(from), Some(digest)) = (c.query("from"), c.query("mount"))
                && c.endpoint.repository() != Some(from)
                && let Some(repository) = s.repositories.get_mut(from)
            {
                repository.blobs.remove(digest);
            }
        },
    ),
];

const MIB: usize = 1024 * 1024;

/// The digest of a PUT that closes an upload.
fn revocation(request: &ApiRequest) -> Option<&str> {
    let closes = request.is("PUT") && matches!(request.endpoint, Endpoint::Upload(..));
    request.query("digest").filter(|_| closes)
}

fn single_post(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("POST") && response.status == 201 && request.query("digest").is_some()
}

/// The blob that a push names.
fn blob_named<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Bytes> {
    let repository = store.repositories.get_mut(request.endpoint.repository()?)?;
    repository.blobs.get_mut(request.query("digest")?)
}

fn lose_blob(store: &mut Store, request: &ApiRequest) {
    if let (Some(name), Some(digest)) = (request.endpoint.repository(), request.query("digest"))
        && let Some(repository) = store.repositories.get_mut(name)
    {
        repository.blobs.remove(digest);
    }
}

/// Closes an upload under the digest that is named, whatever its bytes.
pub(super) fn close_unseen(store: &mut Store, request: &ApiRequest) -> Option<ApiResponse> {
    let Endpoint::Upload(name, id) = &request.endpoint else {
        return None;
    };
    let digest = request.query("digest")?;
    let upload = store.uploads.remove(&(name.clone(), id.clone()))?;
    let mut bytes = upload.bytes;
    bytes.extend_from_slice(&request.body);
    store.put_blob(name, digest, bytes.freeze());
    Some(ApiResponse::new(201).with("Location", format!("/v2/{name}/blobs/{digest}")))
}

/// Stores bytes under the digest that they have.
pub(super) fn store_as_is(store: &mut Store, request: &ApiRequest, bytes: Bytes) {
    if let (Some(name), Some(digest)) = (
        request.endpoint.repository(),
        digest_like("sha256:", &bytes),
    ) {
        store.put_blob(name, &digest, bytes);
    }
}

/// The upload session that a call names.
pub(super) fn session<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Upload> {
    match &request.endpoint {
        Endpoint::Upload(name, id) => store.uploads.get_mut(&(name.clone(), id.clone())),
        _ => None,
    }
}
