//! Faults of HEAD on manifests and blobs.

use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    MIB, WRONG_DIGEST, by_tag, head_blob, head_manifest, is_index, reference, second,
};
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::{At, HEAD_BLOB, HEAD_MANIFEST, on};

pub const FAULTS: &[Fault] = &[
    fault("tag-of-digit-not-found-by-head")
        .violates(&["manifest-head-status"])
        .title("HEAD on a tag that starts with 0 returns 404.")
        .empty(
            HEAD_MANIFEST
                .if_request(|request| reference(request).is_some_and(|tag| tag.starts_with('0'))),
            404,
        ),
    fault("manifest-head-203")
        .violates(&["manifest-head-status"])
        .title("HEAD on a manifest returns 203 instead of 200.")
        .status(HEAD_MANIFEST, 203),
    fault("manifest-head-no-digest")
        .violates(&["manifest-head-digest"])
        .title("HEAD on a manifest returns no Docker-Content-Digest.")
        .without(HEAD_MANIFEST, "docker-content-digest"),
    fault("manifest-head-wrong-digest")
        .violates(&["manifest-head-digest-matches"])
        .title("HEAD on a manifest returns a wrong Docker-Content-Digest.")
        .header(HEAD_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    fault("manifest-head-no-length")
        .violates(&["manifest-head-length"])
        .title("HEAD on a manifest returns no Content-Length.")
        .without_length(HEAD_MANIFEST),
    fault("manifest-head-wrong-length")
        .violates(&["manifest-head-length-matches"])
        .title("HEAD on a manifest returns a wrong Content-Length.")
        .header(HEAD_MANIFEST, "Content-Length", "1"),
    fault("manifest-head-plain-type")
        .violates(&["manifest-head-content-type"])
        .title("HEAD on a manifest returns another Content-Type than GET.")
        .header(HEAD_MANIFEST, "Content-Type", "application/json"),
    fault("manifest-head-missing-200")
        .violates(&["manifest-head-missing"])
        .title("HEAD on a missing manifest returns 200 instead of 404.")
        .status(on("HEAD", At::Manifest, 404), 200),
    fault("blob-head-203")
        .violates(&["blob-head-status"])
        .title("HEAD on a blob returns 203 instead of 200.")
        .status(HEAD_BLOB, 203),
    fault("blob-head-no-digest")
        .violates(&["blob-head-digest"])
        .title("HEAD on a blob returns no Docker-Content-Digest.")
        .without(HEAD_BLOB, "docker-content-digest"),
    fault("blob-head-wrong-digest")
        .violates(&["blob-head-digest-matches"])
        .title("HEAD on a blob returns a wrong Docker-Content-Digest.")
        .header(HEAD_BLOB, "Docker-Content-Digest", WRONG_DIGEST),
    fault("blob-head-no-length")
        .violates(&["blob-head-length"])
        .title("HEAD on a blob returns no Content-Length.")
        .without_length(HEAD_BLOB),
    fault("blob-head-wrong-length")
        .violates(&["blob-head-length-matches"])
        .title("HEAD on a blob returns a wrong Content-Length.")
        .header(HEAD_BLOB, "Content-Length", "1"),
    fault("blob-head-missing-200")
        .violates(&["blob-head-missing"])
        .title("HEAD on a missing blob returns 200 instead of 404.")
        .status(on("HEAD", At::Blob, 404), 200),
    fault("second-repository-blob-head-200")
        .violates(&["blob-head-missing"])
        .title("HEAD on a missing blob in the second repository returns 200 instead of 404.")
        .status(on("HEAD", At::Blob, 404).if_request(second), 200),
    fault("index-head-404")
        .violates(&["manifest-head-status"])
        .title("HEAD on an index returns 404.")
        .status(HEAD_MANIFEST.if_response(is_index), 404),
    fault("tag-head-405")
        .violates(&["manifest-head-status"])
        .title("HEAD on a manifest by tag returns 405.")
        .status(on("HEAD", At::ManifestByTag, 200), 405),
    fault("index-head-no-digest")
        .violates(&["manifest-head-digest"])
        .title("HEAD on an index returns no Docker-Content-Digest.")
        .without(HEAD_MANIFEST.if_response(is_index), "docker-content-digest"),
    fault("index-head-no-length")
        .violates(&["manifest-head-length"])
        .title("HEAD on an index returns no Content-Length.")
        .without_length(HEAD_MANIFEST.if_response(is_index)),
    fault("tag-head-missing-405")
        .violates(&["manifest-head-missing"])
        .title("HEAD on a missing tag returns 405 instead of 404.")
        .status(on("HEAD", At::ManifestByTag, 404), 405),
    fault("blob-large-head-length")
        .violates(&["blob-head-length-matches"])
        .title("HEAD on a blob returns a Content-Length of at most 1 MiB.")
        .response(|request, response| {
            if head_blob(request, response) {
                response.set("Content-Length", response.body.len().min(MIB).to_string());
            }
        }),
    fault("tag-head-length-off")
        .violates(&["manifest-head-length-matches"])
        .title("HEAD on a manifest by tag returns a Content-Length that is one byte too high.")
        .response(|request, response| {
            if head_manifest(request, response) && by_tag(request) {
                response.set("Content-Length", (response.body.len() + 1).to_string());
            }
        }),
];
