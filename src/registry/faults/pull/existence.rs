//! Faults of HEAD on manifests and blobs.

use crate::registry::faults::matching::{At, HEAD_BLOB, HEAD_MANIFEST, on};
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{
    MIB, WRONG_DIGEST, by_tag, head_blob, head_manifest, is_index, reference, second,
};
use crate::registry::faults::rows::{empty, header, response, status, without};
use crate::registry::server::NO_LENGTH;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    empty("tag-of-digit-not-found-by-head", &["manifest-head-status"],
        "A tag that starts with 0 cannot be looked for.",
        HEAD_MANIFEST.if_request(|request| reference(request).is_some_and(|tag| tag.starts_with('0'))), 404),
    status("manifest-head-203", &["manifest-head-status"],
        "HEAD of a manifest is answered with 203.", HEAD_MANIFEST, 203),
    without("manifest-head-no-digest", &["manifest-head-digest"],
        "HEAD of a manifest has no digest.", HEAD_MANIFEST, "docker-content-digest"),
    header("manifest-head-wrong-digest", &["manifest-head-digest-matches"],
        "HEAD of a manifest has another digest.", HEAD_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    header("manifest-head-no-length", &["manifest-head-length"],
        "HEAD of a manifest has no length.", HEAD_MANIFEST, NO_LENGTH, "1"),
    header("manifest-head-wrong-length", &["manifest-head-length-matches"],
        "HEAD of a manifest has another length.", HEAD_MANIFEST, "Content-Length", "1"),
    header("manifest-head-plain-type", &["manifest-head-content-type"],
        "HEAD of a manifest has another type than GET.", HEAD_MANIFEST, "Content-Type", "application/json"),
    status("manifest-head-missing-200", &["manifest-head-missing"],
        "HEAD of a missing manifest is answered with 200.", on("HEAD", At::Manifest, 404), 200),
    status("blob-head-203", &["blob-head-status"],
        "HEAD of a blob is answered with 203.", HEAD_BLOB, 203),
    without("blob-head-no-digest", &["blob-head-digest"],
        "HEAD of a blob has no digest.", HEAD_BLOB, "docker-content-digest"),
    header("blob-head-wrong-digest", &["blob-head-digest-matches"],
        "HEAD of a blob has another digest.", HEAD_BLOB, "Docker-Content-Digest", WRONG_DIGEST),
    header("blob-head-no-length", &["blob-head-length"],
        "HEAD of a blob has no length.", HEAD_BLOB, NO_LENGTH, "1"),
    header("blob-head-wrong-length", &["blob-head-length-matches"],
        "HEAD of a blob has another length.", HEAD_BLOB, "Content-Length", "1"),
    status("blob-head-missing-200", &["blob-head-missing"],
        "HEAD of a missing blob is answered with 200.", on("HEAD", At::Blob, 404), 200),
    status("second-repository-blob-head-200", &["blob-head-missing"],
        "HEAD of a missing blob of the second repository is answered with 200.",
        on("HEAD", At::Blob, 404).if_request(second), 200),
    status("index-head-404", &["manifest-head-status"],
        "HEAD of an index is answered with 404.", HEAD_MANIFEST.if_response(is_index), 404),
    status("tag-head-405", &["manifest-head-status"],
        "HEAD of a tag is answered with 405.", on("HEAD", At::Tag, 200), 405),
    without("index-head-no-digest", &["manifest-head-digest"],
        "HEAD of an index has no digest.", HEAD_MANIFEST.if_response(is_index), "docker-content-digest"),
    header("index-head-no-length", &["manifest-head-length"],
        "HEAD of an index has no length.", HEAD_MANIFEST.if_response(is_index), NO_LENGTH, "1"),
    status("tag-head-missing-405", &["manifest-head-missing"],
        "HEAD of a missing tag is answered with 405.", on("HEAD", At::Tag, 404), 405),
];

pub const FAULTS: &[Fault] = &[
    response(
        "blob-large-head-length",
        &["blob-head-length-matches"],
        "HEAD of a blob says a MiB at most.",
        |request, response| {
            if head_blob(request, response) {
                response.set("Content-Length", response.body.len().min(MIB).to_string());
            }
        },
    ),
    response(
        "tag-head-length-off",
        &["manifest-head-length-matches"],
        "HEAD of a tag has a length of one byte more.",
        |request, response| {
            if head_manifest(request, response) && by_tag(request) {
                response.set("Content-Length", (response.body.len() + 1).to_string());
            }
        },
    ),
];
