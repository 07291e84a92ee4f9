//! Faults of HEAD on manifests and blobs.

use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    MIB, WRONG_DIGEST, by_tag, head_blob, head_manifest, is_index, reference, second,
};
use crate::registry::faults::rows::{empty, header, response, status, without, without_length};
use crate::registry::response_edit::{At, HEAD_BLOB, HEAD_MANIFEST, on};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    empty("tag-of-digit-not-found-by-head", &["manifest-head-status"],
        "HEAD on a tag that starts with 0 returns 404.",
        HEAD_MANIFEST.if_request(|request| reference(request).is_some_and(|tag| tag.starts_with('0'))), 404),
    status("manifest-head-203", &["manifest-head-status"],
        "HEAD on a manifest returns 203 instead of 200.", HEAD_MANIFEST, 203),
    without("manifest-head-no-digest", &["manifest-head-digest"],
        "HEAD on a manifest returns no Docker-Content-Digest.", HEAD_MANIFEST, "docker-content-digest"),
    header("manifest-head-wrong-digest", &["manifest-head-digest-matches"],
        "HEAD on a manifest returns a wrong Docker-Content-Digest.",
        HEAD_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    without_length("manifest-head-no-length", &["manifest-head-length"],
        "HEAD on a manifest returns no Content-Length.", HEAD_MANIFEST),
    header("manifest-head-wrong-length", &["manifest-head-length-matches"],
        "HEAD on a manifest returns a wrong Content-Length.", HEAD_MANIFEST, "Content-Length", "1"),
    header("manifest-head-plain-type", &["manifest-head-content-type"],
        "HEAD on a manifest returns another Content-Type than GET.",
        HEAD_MANIFEST, "Content-Type", "application/json"),
    status("manifest-head-missing-200", &["manifest-head-missing"],
        "HEAD on a missing manifest returns 200 instead of 404.", on("HEAD", At::Manifest, 404), 200),
    status("blob-head-203", &["blob-head-status"],
        "HEAD on a blob returns 203 instead of 200.", HEAD_BLOB, 203),
    without("blob-head-no-digest", &["blob-head-digest"],
        "HEAD on a blob returns no Docker-Content-Digest.", HEAD_BLOB, "docker-content-digest"),
    header("blob-head-wrong-digest", &["blob-head-digest-matches"],
        "HEAD on a blob returns a wrong Docker-Content-Digest.", HEAD_BLOB, "Docker-Content-Digest", WRONG_DIGEST),
    without_length("blob-head-no-length", &["blob-head-length"],
        "HEAD on a blob returns no Content-Length.", HEAD_BLOB),
    header("blob-head-wrong-length", &["blob-head-length-matches"],
        "HEAD on a blob returns a wrong Content-Length.", HEAD_BLOB, "Content-Length", "1"),
    status("blob-head-missing-200", &["blob-head-missing"],
        "HEAD on a missing blob returns 200 instead of 404.", on("HEAD", At::Blob, 404), 200),
    status("second-repository-blob-head-200", &["blob-head-missing"],
        "HEAD on a missing blob in the second repository returns 200 instead of 404.",
        on("HEAD", At::Blob, 404).if_request(second), 200),
    status("index-head-404", &["manifest-head-status"],
        "HEAD on an index returns 404.", HEAD_MANIFEST.if_response(is_index), 404),
    status("tag-head-405", &["manifest-head-status"],
        "HEAD on a manifest by tag returns 405.", on("HEAD", At::ManifestByTag, 200), 405),
    without("index-head-no-digest", &["manifest-head-digest"],
        "HEAD on an index returns no Docker-Content-Digest.",
        HEAD_MANIFEST.if_response(is_index), "docker-content-digest"),
    without_length("index-head-no-length", &["manifest-head-length"],
        "HEAD on an index returns no Content-Length.", HEAD_MANIFEST.if_response(is_index)),
    status("tag-head-missing-405", &["manifest-head-missing"],
        "HEAD on a missing tag returns 405 instead of 404.", on("HEAD", At::ManifestByTag, 404), 405),
];

pub const FAULTS: &[Fault] = &[
    response(
        "blob-large-head-length",
        &["blob-head-length-matches"],
        "HEAD on a blob returns a Content-Length of at most 1 MiB.",
        |request, response| {
            if head_blob(request, response) {
                response.set("Content-Length", response.body.len().min(MIB).to_string());
            }
        },
    ),
    response(
        "tag-head-length-off",
        &["manifest-head-length-matches"],
        "HEAD on a manifest by tag returns a Content-Length that is one byte too high.",
        |request, response| {
            if head_manifest(request, response) && by_tag(request) {
                response.set("Content-Length", (response.body.len() + 1).to_string());
            }
        },
    ),
];
