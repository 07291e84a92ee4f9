//! Faults of pulling.

use super::*;
use crate::registry::api_response::NO_LENGTH;

pub const FAULTS: &[Fault] = &[
    response(
        "manifest-get-203",
        &["manifest-get-status"],
        "A manifest is served with 203.",
        |c, a| {
            if got_manifest(c, a) {
                a.status = 203;
            }
        },
    ),
    response(
        "manifest-get-other-bytes",
        &["manifest-get-content"],
        "A manifest is served with a space more.",
        |c, a| {
            if got_manifest(c, a) {
                a.body = [&a.body[..], b" "].concat().into();
            }
        },
    ),
    response(
        "manifest-get-without-data",
        &["manifest-get-content"],
        "The content that a descriptor holds is left out when its manifest is served.",
        |c, a| {
            if got_manifest(c, a) {
                replace(a, ",\"data\":\"e30=\"", "");
            }
        },
    ),
    response(
        "manifest-get-null-for-empty",
        &["manifest-get-content"],
        "The empty list of an index is served as null.",
        |c, a| {
            if got_manifest(c, a) {
                replace(a, "\"manifests\":[]", "\"manifests\":null");
            }
        },
    ),
    response(
        "manifest-get-without-artifact-type",
        &["manifest-get-content"],
        "The type of an artifact is left out when its manifest is served.",
        |c, a| {
            if got_manifest(c, a) {
                replace(
                    a,
                    "\"artifactType\":\"application/vnd.example.assay.v1\",",
                    "",
                );
            }
        },
    ),
    response(
        "manifest-get-compressed-layers",
        &["manifest-get-content"],
        "Layers that are not compressed are said to be when their manifest is served.",
        |c, a| {
            if got_manifest(c, a) {
                replace(a, "layer.v1.tar\"", "layer.v1.tar+gzip\"");
            }
        },
    ),
    response(
        "manifest-get-without-urls",
        &["manifest-put-bytes"],
        "Where a layer is to be had elsewhere is left out when its manifest is served.",
        |c, a| {
            if got_manifest(c, a) {
                replace(a, ",\"urls\":", ",\"unnamed\":");
            }
        },
    ),
    response(
        "manifest-get-tag-other-bytes",
        &["manifest-get-by-tag"],
        "By its tag, a manifest is served with a space more.",
        |c, a| {
            let by_tag = matches!(&c.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'));
            if by_tag && got_manifest(c, a) {
                a.body = [&a.body[..], b" "].concat().into();
            }
        },
    ),
    response(
        "manifest-get-no-digest",
        &["manifest-get-digest"],
        "A manifest is served without its digest.",
        |c, a| {
            if got_manifest(c, a) {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
        "manifest-get-wrong-digest",
        &["manifest-get-digest-matches"],
        "A manifest is served with another digest.",
        |c, a| {
            if got_manifest(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    response(
        "manifest-get-no-type",
        &["manifest-get-content-type"],
        "A manifest is served without its type.",
        |c, a| {
            if got_manifest(c, a) {
                a.remove("content-type");
            }
        },
    ),
    response(
        "manifest-get-plain-type",
        &["manifest-get-content-type-as-pushed"],
        "A manifest is served as plain JSON.",
        |c, a| {
            if got_manifest(c, a) {
                a.set("Content-Type", "application/json");
            }
        },
    ),
    response(
        "manifest-get-type-parameters",
        &["manifest-get-content-type-bare"],
        "The type of a manifest has a parameter.",
        |c, a| {
            if got_manifest(c, a) {
                let kind = a.header("content-type").unwrap_or_default().to_owned();
                a.set("Content-Type", kind + "; charset=utf-8");
            }
        },
    ),
    response(
        "manifest-missing-400",
        &["manifest-get-missing"],
        "A missing manifest is answered with 400.",
        |c, a| {
            if c.is("GET") && a.status == 404 && matches!(c.endpoint, Endpoint::Manifest(..)) {
                a.status = 400;
            }
        },
    ),
    switch(
        "manifests-in-all-repositories",
        &["manifest-get-other-repository"],
        "A manifest of one repository is served in all.",
        |b| b.shared_manifests = true,
    ),
    switch(
        "tags-regardless-of-case",
        &["manifest-get-missing"],
        "A tag is found in capitals and small letters alike.",
        |b| b.fold_tags = true,
    ),
    response(
        "unknown-repository-403",
        &["pull-unknown-repository"],
        "A pull from an unknown repository is answered with 403.",
        |c, a| {
            if c.is("GET")
                && a.status == 404
                && String::from_utf8_lossy(&a.body).contains("NAME_UNKNOWN")
            {
                a.status = 403;
            }
        },
    ),
    switch(
        "any-name",
        &["name-grammar"],
        "Names of any form are taken.",
        |b| b.any_name = true,
    ),
    switch(
        "any-tag",
        &["tag-grammar", "tag-length"],
        "Tags of any form are taken.",
        |b| b.any_tag = true,
    ),
    request(
        "longest-tag-cut",
        &["tag-grammar-accepted"],
        "Tags of more than 100 characters are refused.",
        |c| {
            let long = matches!(&c.endpoint, Endpoint::Manifest(_, at) if at.len() > 100 && !at.contains(':'));
            if long {
                c.endpoint = Endpoint::Unknown;
            }
        },
    ),
    response(
        "blob-get-203",
        &["blob-get-status"],
        "A blob is served with 203.",
        |c, a| {
            if got_blob(c, a) && a.status == 200 {
                a.status = 203;
            }
        },
    ),
    response(
        "blob-get-cut",
        &["blob-get-content"],
        "A blob is served without its last byte.",
        |c, a| {
            if got_blob(c, a) && a.status == 200 {
                let end = a.body.len().saturating_sub(1);
                a.body = a.body.slice(..end);
            }
        },
    ),
    response(
        "blob-get-no-digest",
        &["blob-get-digest"],
        "A blob is served without its digest.",
        |c, a| {
            if got_blob(c, a) {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
        "blob-get-wrong-digest",
        &["blob-get-digest-matches"],
        "A blob is served with another digest.",
        |c, a| {
            if got_blob(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    response(
        "blob-missing-400",
        &["blob-get-missing"],
        "A missing blob is answered with 400.",
        |c, a| {
            if c.is("GET") && a.status == 404 && matches!(c.endpoint, Endpoint::Blob(..)) {
                a.status = 400;
            }
        },
    ),
    switch(
        "blobs-in-all-repositories",
        &["blob-get-other-repository"],
        "A blob of one repository is served in all.",
        |b| b.shared_blobs = true,
    ),
    request(
        "range-ignored",
        &["blob-range-status"],
        "A range of a blob is ignored.",
        |c| c.headers.retain(|(name, _)| name != "range"),
    ),
    response(
        "range-too-much",
        &["blob-range-content"],
        "A range is answered with a byte more.",
        |_, a| {
            if a.status == 206 {
                a.body = [&a.body[..], b"!"].concat().into();
            }
        },
    ),
    response(
        "range-not-said",
        &["blob-range-content-range"],
        "A range is answered without saying which.",
        |_, a| {
            if a.status == 206 {
                a.remove("content-range");
            }
        },
    ),
    request(
        "range-open-ignored",
        &["blob-range-open"],
        "A range without an end is ignored.",
        |c| {
            c.headers
                .retain(|(name, value)| name != "range" || !value.ends_with('-'))
        },
    ),
    request(
        "range-suffix-ignored",
        &["blob-range-suffix"],
        "A range from the end is ignored.",
        |c| {
            c.headers
                .retain(|(name, value)| name != "range" || !value.contains("=-"))
        },
    ),
    response(
        "range-outside-400",
        &["blob-range-unsatisfiable"],
        "A range after the end is answered with 400.",
        |_, a| {
            if a.status == 416 && a.header("content-range").is_some() {
                a.status = 400;
            }
        },
    ),
    response(
        "manifest-head-203",
        &["manifest-head-status"],
        "HEAD of a manifest is answered with 203.",
        |c, a| {
            if head_manifest(c, a) {
                a.status = 203;
            }
        },
    ),
    response(
        "manifest-head-no-digest",
        &["manifest-head-digest"],
        "HEAD of a manifest has no digest.",
        |c, a| {
            if head_manifest(c, a) {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
        "manifest-head-wrong-digest",
        &["manifest-head-digest-matches"],
        "HEAD of a manifest has another digest.",
        |c, a| {
            if head_manifest(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    response(
        "manifest-head-no-length",
        &["manifest-head-length"],
        "HEAD of a manifest has no length.",
        |c, a| {
            if head_manifest(c, a) {
                a.set(NO_LENGTH, "1");
            }
        },
    ),
    response(
        "manifest-head-wrong-length",
        &["manifest-head-length-matches"],
        "HEAD of a manifest has another length.",
        |c, a| {
            if head_manifest(c, a) {
                a.set("Content-Length", "1");
            }
        },
    ),
    response(
        "manifest-head-plain-type",
        &["manifest-head-content-type"],
        "HEAD of a manifest has another type than GET.",
        |c, a| {
            if head_manifest(c, a) {
                a.set("Content-Type", "application/json");
            }
        },
    ),
    response(
        "manifest-head-missing-200",
        &["manifest-head-missing"],
        "HEAD of a missing manifest is answered with 200.",
        |c, a| {
            if c.is("HEAD") && a.status == 404 && matches!(c.endpoint, Endpoint::Manifest(..)) {
                a.status = 200;
            }
        },
    ),
    response(
        "blob-head-203",
        &["blob-head-status"],
        "HEAD of a blob is answered with 203.",
        |c, a| {
            if head_blob(c, a) {
                a.status = 203;
            }
        },
    ),
    response(
        "blob-head-no-digest",
        &["blob-head-digest"],
        "HEAD of a blob has no digest.",
        |c, a| {
            if head_blob(c, a) {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
        "blob-head-wrong-digest",
        &["blob-head-digest-matches"],
        "HEAD of a blob has another digest.",
        |c, a| {
            if head_blob(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    response(
        "blob-head-no-length",
        &["blob-head-length"],
        "HEAD of a blob has no length.",
        |c, a| {
            if head_blob(c, a) {
                a.set(NO_LENGTH, "1");
            }
        },
    ),
    response(
        "blob-head-wrong-length",
        &["blob-head-length-matches"],
        "HEAD of a blob has another length.",
        |c, a| {
            if head_blob(c, a) {
                a.set("Content-Length", "1");
            }
        },
    ),
    response(
        "blob-head-missing-200",
        &["blob-head-missing"],
        "HEAD of a missing blob is answered with 200.",
        |c, a| {
            if c.is("HEAD") && a.status == 404 && matches!(c.endpoint, Endpoint::Blob(..)) {
                a.status = 200;
            }
        },
    ),
];

/// Puts something else into a body for a part of it.
fn replace(response: &mut ApiResponse, part: &str, other: &str) {
    let text = String::from_utf8_lossy(&response.body);
    if text.contains(part) {
        response.body = text.replace(part, other).into();
    }
}
