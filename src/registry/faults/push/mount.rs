//! Faults of mounting blobs.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    EMPTY_DIGEST, MIB, MISSING_BLOB, WRONG_DIGEST, closes_upload, mounted_digest,
};
use crate::registry::faults::rows::{
    after, before, empty, error, header, request, response, status, switch, without,
};
use crate::registry::faults::store_edits::{delete_blob, mark_mounted};
use crate::registry::response_edit::{MOUNT, MOUNTED};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("mount-200", &["mount-status"],
        "A mount returns 200 instead of 201.", MOUNTED, 200),
    without("mount-no-location", &["mount-location"],
        "A mount returns no Location.", MOUNTED, "location"),
    header("mount-dead-location", &["mount-location-pullable"],
        "The Location of a mounted blob returns 404.", MOUNTED, "Location", MISSING_BLOB),
    header("mount-wrong-digest", &["mount-digest-matches"],
        "A mount returns a wrong Docker-Content-Digest.", MOUNTED, "Docker-Content-Digest", WRONG_DIGEST),
    switch("mount-in-words", &["mount-missing"],
        "Every mount returns 201 and no blob is mounted.", |switches| switches.ignore_mount = true),
    error("mount-declined-400", &["mount-declined-status"],
        "A mount returns 400 instead of 201 or 202.", MOUNT, 400, "UNSUPPORTED", "no"),
    empty("mount-declined-nowhere", &["mount-declined-location"],
        "A mount returns 202 without a Location.", MOUNT, 202),
    error("mount-anonymous-400", &["anonymous-mount-status"],
        "A mount without the from parameter returns 400.",
        MOUNT.if_request(|request| request.query("from").is_none()), 400, "UNSUPPORTED", "no"),
];

pub const FAULTS: &[Fault] = &[
    before(
        "mount-of-deleted",
        &["mount-served"],
        "A mount of a blob that does not exist returns 201.",
        |store, request| {
            let digest = request.query("mount")?;
            let mounts = matches!(request.endpoint, Endpoint::Uploads(_)) && request.is("POST");
            let unknown =
                mounts && store.blob_anywhere(digest).is_none() && digest != "sha256:nonsense";
            let place = format!("/v2/{}/blobs/{digest}", request.endpoint.repository()?);
            unknown.then(|| ApiResponse::new(201).with("Location", place))
        },
    ),
    after(
        "mount-nothing",
        &["mount-served"],
        "A mount returns 201 and the blob is missing.",
        |store, request, response| {
            if response.status == 201
                && let (Some(name), Some(digest)) =
                    (request.endpoint.repository(), request.query("mount"))
                && let Some(repository) = store.repositories.get_mut(name)
            {
                repository.blobs.remove(digest);
            }
        },
    ),
    after(
        "mount-moves",
        &["mount-source-kept"],
        "A mount removes the blob from the source repository.",
        |store, request, response| {
            if response.status == 201
                && let (Some(from), Some(digest)) = (request.query("from"), request.query("mount"))
                && request.endpoint.repository() != Some(from)
                && let Some(repository) = store.repositories.get_mut(from)
            {
                repository.blobs.remove(digest);
            }
        },
    ),
    after(
        "mount-empty-lost",
        &["mount-served"],
        "A mount of the empty blob returns 201 and the blob is missing.",
        |store, request, response| {
            if mounted_digest(request, response) == Some(EMPTY_DIGEST) {
                delete_blob(store, request, EMPTY_DIGEST);
            }
        },
    ),
    after(
        "mount-large-lost",
        &["mount-served"],
        "A mount of a blob of more than 1 MiB returns 201 and the blob is missing.",
        |store, request, response| {
            if let Some(digest) = mounted_digest(request, response) {
                let blob = store.blob_anywhere(digest);
                if blob.is_some_and(|blob| blob.len() > MIB) {
                    delete_blob(store, request, digest);
                }
            }
        },
    ),
    after(
        "mount-of-own-lost",
        &["mount-source-kept"],
        "A mount from the same repository deletes the blob.",
        |store, request, response| {
            let own = request.query("from") == request.endpoint.repository();
            if let Some(digest) = mounted_digest(request, response).filter(|_| own) {
                delete_blob(store, request, digest);
            }
        },
    ),
    before(
        "mounted-pushed-again-lost",
        &["manifest-put-status"],
        "A push of a mounted blob deletes the blob.",
        |store, request| {
            let digest = mark_mounted(store, request)?.to_owned();
            if closes_upload(request) {
                let place = format!("/v2/{}/blobs/{digest}", request.endpoint.repository()?);
                delete_blob(store, request, &digest);
                return Some(ApiResponse::new(201).with("Location", place));
            }
            None
        },
    ),
    before(
        "mounted-not-for-manifests",
        &["manifest-put-status"],
        "The registry refuses a manifest that names a mounted blob.",
        |store, request| {
            mark_mounted(store, request);
            let name = request.endpoint.repository()?;
            let manifest = request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..));
            let text = String::from_utf8_lossy(&request.body);
            let mut marked = store.tombstones.keys();
            let names = manifest && marked.any(|(of, at)| of == name && text.contains(&**at));
            names.then(|| ApiResponse::error(400, "MANIFEST_BLOB_UNKNOWN", "a blob is not there"))
        },
    ),
    request(
        "mount-declined-elsewhere",
        &["mount-declined-upload"],
        "A mount returns 202 with an upload session of the source repository.",
        |request| {
            let from = request.query("from").map(str::to_owned);
            if let (Some(from), Endpoint::Uploads(name)) = (from, &mut request.endpoint) {
                *name = from;
                request.query.clear();
            }
        },
    ),
    response(
        "mount-declined-dead",
        &["mount-declined-upload"],
        "A mount returns 202 with the Location of an unknown upload session.",
        |request, response| {
            if let Endpoint::Uploads(name) = &request.endpoint
                && request.query("mount").is_some()
            {
                *response = ApiResponse::new(202)
                    .with("Location", format!("/v2/{name}/blobs/uploads/none"));
            }
        },
    ),
];
