//! Faults of mounting blobs.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    EMPTY_DIGEST, MIB, MISSING_BLOB, WRONG_DIGEST, closes_upload, mounted_digest,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{delete_blob, mark_mounted};
use crate::registry::response_edit::{MOUNT, MOUNTED};

pub const FAULTS: &[Fault] = &[
    fault("mount-200")
        .violates(&["mount-status"])
        .title("A mount returns 200 instead of 201.")
        .status(MOUNTED, 200),
    fault("mount-no-location")
        .violates(&["mount-location"])
        .title("A mount returns no Location.")
        .without(MOUNTED, "location"),
    fault("mount-dead-location")
        .violates(&["mount-location-pullable"])
        .title("The Location of a mounted blob returns 404.")
        .header(MOUNTED, "Location", MISSING_BLOB),
    fault("mount-wrong-digest")
        .violates(&["mount-digest-matches"])
        .title("A mount returns a wrong Docker-Content-Digest.")
        .header(MOUNTED, "Docker-Content-Digest", WRONG_DIGEST),
    fault("mount-in-words")
        .violates(&["mount-missing"])
        .title("Every mount returns 201 and no blob is mounted.")
        .switch(|switches| switches.ignore_mount = true),
    fault("mount-declined-400")
        .violates(&["mount-declined-status"])
        .title("A mount returns 400 instead of 201 or 202.")
        .error(MOUNT, 400, "UNSUPPORTED", "no"),
    fault("mount-declined-nowhere")
        .violates(&["mount-declined-location"])
        .title("A mount returns 202 without a Location.")
        .empty(MOUNT, 202),
    fault("mount-anonymous-400")
        .violates(&["anonymous-mount-status"])
        .title("A mount without the from parameter returns 400.")
        .error(
            MOUNT.if_request(|request| request.query("from").is_none()),
            400,
            "UNSUPPORTED",
            "no",
        ),
    fault("mount-of-deleted")
        .violates(&["mount-served"])
        .title("A mount of a blob that does not exist returns 201.")
        .before(|store, request| {
            let digest = request.query("mount")?;
            let mounts = matches!(request.endpoint, Endpoint::Uploads(_)) && request.is("POST");
            let unknown =
                mounts && store.blob_anywhere(digest).is_none() && digest != "sha256:nonsense";
            let place = format!("/v2/{}/blobs/{digest}", request.endpoint.repository()?);
            unknown.then(|| ApiResponse::new(201).with("Location", place))
        }),
    fault("mount-nothing")
        .violates(&["mount-served"])
        .title("A mount returns 201 and the blob is missing.")
        .after(|store, request, response| {
            if response.status == 201
                && let (Some(name), Some(digest)) =
                    (request.endpoint.repository(), request.query("mount"))
                && let Some(repository) = store.repositories.get_mut(name)
            {
                repository.blobs.remove(digest);
            }
        }),
    fault("mount-moves")
        .violates(&["mount-source-kept"])
        .title("A mount removes the blob from the source repository.")
        .after(|store, request, response| {
            if response.status == 201
                && let (Some(from), Some(digest)) = (request.query("from"), request.query("mount"))
                && request.endpoint.repository() != Some(from)
                && let Some(repository) = store.repositories.get_mut(from)
            {
                repository.blobs.remove(digest);
            }
        }),
    fault("mount-empty-lost")
        .violates(&["mount-served"])
        .title("A mount of the empty blob returns 201 and the blob is missing.")
        .after(|store, request, response| {
            if mounted_digest(request, response) == Some(EMPTY_DIGEST) {
                delete_blob(store, request, EMPTY_DIGEST);
            }
        }),
    fault("mount-large-lost")
        .violates(&["mount-served"])
        .title("A mount of a blob of more than 1 MiB returns 201 and the blob is missing.")
        .after(|store, request, response| {
            if let Some(digest) = mounted_digest(request, response) {
                let blob = store.blob_anywhere(digest);
                if blob.is_some_and(|blob| blob.len() > MIB) {
                    delete_blob(store, request, digest);
                }
            }
        }),
    fault("mount-of-own-lost")
        .violates(&["mount-source-kept"])
        .title("A mount from the same repository deletes the blob.")
        .after(|store, request, response| {
            let own = request.query("from") == request.endpoint.repository();
            if let Some(digest) = mounted_digest(request, response).filter(|_| own) {
                delete_blob(store, request, digest);
            }
        }),
    fault("mounted-pushed-again-lost")
        .violates(&["manifest-put-status"])
        .title("A push of a mounted blob deletes the blob.")
        .before(|store, request| {
            let digest = mark_mounted(store, request)?.to_owned();
            if closes_upload(request) {
                let place = format!("/v2/{}/blobs/{digest}", request.endpoint.repository()?);
                delete_blob(store, request, &digest);
                return Some(ApiResponse::new(201).with("Location", place));
            }
            None
        }),
    fault("mounted-not-for-manifests")
        .violates(&["manifest-put-status"])
        .title("The registry refuses a manifest that names a mounted blob.")
        .before(|store, request| {
            mark_mounted(store, request);
            let name = request.endpoint.repository()?;
            let manifest = request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..));
            let text = String::from_utf8_lossy(&request.body);
            let mut marked = store.tombstones.keys();
            let names = manifest && marked.any(|(of, at)| of == name && text.contains(&**at));
            names.then(|| ApiResponse::error(400, "MANIFEST_BLOB_UNKNOWN", "a blob is not there"))
        }),
    fault("mount-declined-elsewhere")
        .violates(&["mount-declined-upload"])
        .title("A mount returns 202 with an upload session of the source repository.")
        .request(|request| {
            let from = request.query("from").map(str::to_owned);
            if let (Some(from), Endpoint::Uploads(name)) = (from, &mut request.endpoint) {
                *name = from;
                request.query.clear();
            }
        }),
    fault("mount-declined-dead")
        .violates(&["mount-declined-upload"])
        .title("A mount returns 202 with the Location of an unknown upload session.")
        .response(|request, response| {
            if let Endpoint::Uploads(name) = &request.endpoint
                && request.query("mount").is_some()
            {
                *response = ApiResponse::new(202)
                    .with("Location", format!("/v2/{name}/blobs/uploads/none"));
            }
        }),
];
