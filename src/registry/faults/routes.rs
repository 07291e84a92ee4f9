//! Faults of pulling that show on one route, or for one kind of content, alone.

use super::*;
use crate::registry::server::NO_LENGTH;

pub const FAULTS: &[Fault] = &[
    answer(
        "index-get-206",
        &["manifest-get-status"],
        "An index is served with 206.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                a.status = 206;
            }
        },
    ),
    answer(
        "tag-get-202",
        &["manifest-get-status"],
        "By its tag, a manifest is served with 202.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) {
                a.status = 202;
            }
        },
    ),
    answer(
        "index-written-anew",
        &["manifest-get-content", "manifest-get-by-tag"],
        "Indexes are served as JSON written anew; images are not.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                edit(a, |_| {});
            }
        },
    ),
    answer(
        "manifest-stripped",
        &["manifest-get-content", "manifest-get-by-tag"],
        "White space at the end of a manifest is cut off.",
        |c, a| {
            if got_manifest(c, a) {
                a.body = a.body.trim_ascii_end().to_vec().into();
            }
        },
    ),
    answer(
        "manifest-cut",
        &["manifest-get-content", "manifest-get-by-tag"],
        "Manifests are cut after a MiB.",
        |c, a| {
            if got_manifest(c, a) {
                a.body = a.body.slice(..a.body.len().min(MIB));
            }
        },
    ),
    answer(
        "tag-gives-child",
        &["manifest-get-digest-matches"],
        "By its tag, an index is served with its first image's digest.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) && is_index(a) {
                let child = serde_json::from_slice::<Value>(&a.body).ok();
                let child = child.and_then(|v| {
                    v.pointer("/manifests/0/digest")?
                        .as_str()
                        .map(str::to_owned)
                });
                a.set("Docker-Content-Digest", child.unwrap_or_default());
            }
        },
    ),
    answer(
        "docker-type-lost",
        &["manifest-get-content-type-as-pushed"],
        "Docker's manifests are served with the type of OCI images.",
        |c, a| {
            if got_manifest(c, a) && kind_of(a).contains("docker") {
                a.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        },
    ),
    answer(
        "unregistered-type-lost",
        &["manifest-get-content-type-as-pushed"],
        "Manifests of unregistered types are served as plain JSON.",
        |c, a| {
            if got_manifest(c, a) && kind_of(a).contains("example") {
                a.set("Content-Type", "application/json");
            }
        },
    ),
    answer(
        "index-type-lost",
        &["manifest-get-content-type-as-pushed"],
        "Indexes are served with the type of images.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                a.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        },
    ),
    answer(
        "index-type-parameters",
        &["manifest-get-content-type-bare"],
        "The type of an index has a parameter.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                let kind = kind_of(a) + ";charset=utf-8";
                a.set("Content-Type", kind);
            }
        },
    ),
    answer(
        "first-accept-alone",
        &["manifest-get-accept"],
        "Only the first type of an Accept header is looked at.",
        |c, a| {
            let first = c
                .header("accept")
                .and_then(|accept| accept.split(',').next());
            let other = first.is_some_and(|first| first != "*/*" && first.trim() != kind_of(a));
            if got_manifest(c, a) && other {
                *a = Answer::error(404, "MANIFEST_UNKNOWN", "not of this type");
            }
        },
    ),
    answer(
        "accept-needed",
        &["manifest-get-any-accept"],
        "A manifest is not found without an Accept header.",
        |c, a| {
            if got_manifest(c, a) && c.header("accept").is_none_or(|accept| accept == "*/*") {
                *a = Answer::error(404, "MANIFEST_UNKNOWN", "say what you accept");
            }
        },
    ),
    answer(
        "tag-get-no-digest",
        &["manifest-get-digest"],
        "By its tag, a manifest is served without its digest.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) {
                a.remove("docker-content-digest");
            }
        },
    ),
    answer(
        "tag-get-config-digest",
        &["manifest-get-digest-matches"],
        "By its tag, an image is served with the digest of its config.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) {
                let config = serde_json::from_slice::<Value>(&a.body).ok();
                let config =
                    config.and_then(|v| v.pointer("/config/digest")?.as_str().map(str::to_owned));
                if let Some(config) = config {
                    a.set("Docker-Content-Digest", config);
                }
            }
        },
    ),
    answer(
        "manifest-digest-quoted",
        &["manifest-get-digest-matches"],
        "The digest of a manifest stands in quotes.",
        |c, a| {
            if got_manifest(c, a) {
                let digest = a.header("docker-content-digest").unwrap_or_default();
                let quoted = format!("\"{digest}\"");
                a.set("Docker-Content-Digest", quoted);
            }
        },
    ),
    answer(
        "manifest-digest-bare",
        &[
            "manifest-get-digest-matches",
            "manifest-head-digest-matches",
        ],
        "The digest of a manifest lacks its algorithm.",
        |c, a| {
            if got_manifest(c, a) || head_manifest(c, a) {
                bare_digest(a);
            }
        },
    ),
    answer(
        "sha512-manifest-no-digest",
        &["manifest-get-digest"],
        "By sha512, a manifest is served without its digest.",
        |c, a| {
            if got_manifest(c, a) && sha512(c) {
                a.remove("docker-content-digest");
            }
        },
    ),
    answer(
        "manifest-missing-empty",
        &["manifest-get-missing"],
        "A missing tag is answered with 200 and an empty object.",
        |c, a| {
            if c.is("GET") && a.status == 404 && by_tag(c) {
                *a = Answer::json(
                    200,
                    "application/vnd.oci.image.manifest.v1+json",
                    &serde_json::json!({}),
                );
            }
        },
    ),
    answer(
        "digest-missing-400",
        &["manifest-get-missing"],
        "A missing digest is answered with 400, a missing tag is not.",
        |c, a| {
            let by_digest = matches!(c.endpoint, Endpoint::Manifest(..)) && !by_tag(c);
            if c.is("GET") && a.status == 404 && by_digest {
                a.status = 400;
            }
        },
    ),
    answer(
        "second-repository-missing-403",
        &["manifest-get-missing"],
        "A missing manifest of the second repository is answered with 403.",
        |c, a| {
            let manifest = matches!(c.endpoint, Endpoint::Manifest(..));
            if c.is("GET") && a.status == 404 && manifest && second(c) {
                *a = Answer::error(403, "DENIED", "no");
            }
        },
    ),
    answer(
        "second-repository-500",
        &["manifest-get-status"],
        "Manifests of the second repository are answered with 500.",
        |c, a| {
            if got_manifest(c, a) && second(c) {
                *a = Answer::new(500);
            }
        },
    ),
    answer(
        "unknown-repository-head-400",
        &["pull-unknown-repository"],
        "HEAD in an unknown repository is answered with 400.",
        |c, a| {
            if c.is("HEAD")
                && a.status == 404
                && c.endpoint
                    .repository()
                    .is_some_and(|name| name.contains("absent"))
            {
                a.status = 400;
            }
        },
    ),
    answer(
        "marks-in-names-400",
        &["pull-unknown-repository"],
        "Names with two underscores are refused.",
        |c, a| {
            if c.endpoint
                .repository()
                .is_some_and(|name| name.contains("__"))
            {
                *a = Answer::error(400, "NAME_INVALID", "no");
            }
        },
    ),
    answer(
        "index-head-404",
        &["manifest-head-status"],
        "HEAD of an index is answered with 404.",
        |c, a| {
            if head_manifest(c, a) && is_index(a) {
                a.status = 404;
            }
        },
    ),
    answer(
        "tag-head-405",
        &["manifest-head-status"],
        "HEAD of a tag is answered with 405.",
        |c, a| {
            if head_manifest(c, a) && by_tag(c) {
                a.status = 405;
            }
        },
    ),
    answer(
        "index-head-no-digest",
        &["manifest-head-digest"],
        "HEAD of an index has no digest.",
        |c, a| {
            if head_manifest(c, a) && is_index(a) {
                a.remove("docker-content-digest");
            }
        },
    ),
    answer(
        "index-head-no-length",
        &["manifest-head-length"],
        "HEAD of an index has no length.",
        |c, a| {
            if head_manifest(c, a) && is_index(a) {
                a.set(NO_LENGTH, "1");
            }
        },
    ),
    answer(
        "tag-head-length-off",
        &["manifest-head-length-matches"],
        "HEAD of a tag has a length of one byte more.",
        |c, a| {
            if head_manifest(c, a) && by_tag(c) {
                a.set("Content-Length", (a.body.len() + 1).to_string());
            }
        },
    ),
    answer(
        "tag-head-missing-405",
        &["manifest-head-missing"],
        "HEAD of a missing tag is answered with 405.",
        |c, a| {
            if c.is("HEAD") && a.status == 404 && by_tag(c) {
                a.status = 405;
            }
        },
    ),
    answer(
        "blob-large-500",
        &["blob-get-status"],
        "Blobs of more than a MiB are answered with 500.",
        |c, a| {
            if got_blob(c, a) && a.body.len() > MIB {
                *a = Answer::new(500);
            }
        },
    ),
    answer(
        "blob-large-cut",
        &["blob-get-content"],
        "Blobs are cut after a MiB.",
        |c, a| {
            if got_blob(c, a) {
                a.body = a.body.slice(..a.body.len().min(MIB));
            }
        },
    ),
    answer(
        "blob-json-anew",
        &["blob-get-content"],
        "Blobs of JSON are served as JSON written anew.",
        |c, a| {
            if got_blob(c, a) && a.status == 200 {
                edit(a, |_| {});
            }
        },
    ),
    answer(
        "blob-line-ends",
        &["blob-get-content"],
        "Line ends in blobs are changed.",
        |c, a| {
            if got_blob(c, a) && a.status == 200 && a.body.starts_with(b"{") {
                a.body = String::from_utf8_lossy(&a.body)
                    .replace("\r\n", "\n")
                    .into();
            }
        },
    ),
    answer(
        "blob-empty-404",
        &["blob-get-status"],
        "The empty blob is not found, though it was pushed.",
        |c, a| {
            if got_blob(c, a) && a.body.is_empty() {
                *a = Answer::error(404, "BLOB_UNKNOWN", "no");
            }
        },
    ),
    answer(
        "blob-empty-204",
        &["blob-get-status"],
        "The empty blob is answered with 204.",
        |c, a| {
            if got_blob(c, a) && a.body.is_empty() {
                a.status = 204;
            }
        },
    ),
    answer(
        "second-repository-blob-cut",
        &["blob-get-content"],
        "Blobs of the second repository lack their last byte.",
        |c, a| {
            if got_blob(c, a) && second(c) {
                a.body = a.body.slice(..a.body.len().saturating_sub(1));
            }
        },
    ),
    answer(
        "blob-large-no-digest",
        &["blob-get-digest"],
        "Blobs of more than a MiB are served without their digests.",
        |c, a| {
            if got_blob(c, a) && a.body.len() > MIB {
                a.remove("docker-content-digest");
            }
        },
    ),
    answer(
        "blob-sha512-label",
        &["blob-get-digest-matches"],
        "A sha512 digest is called sha256.",
        |c, a| {
            if got_blob(c, a) && sha512(c) {
                let digest = a.header("docker-content-digest").unwrap_or_default();
                let digest = digest.replace("sha512", "sha256");
                a.set("Docker-Content-Digest", digest);
            }
        },
    ),
    answer(
        "blob-digest-twice",
        &["blob-get-digest-matches"],
        "A second digest, that of nothing, follows the right one.",
        |c, a| {
            if got_blob(c, a) {
                a.headers
                    .push(("Docker-Content-Digest".to_owned(), WRONG.to_owned()));
            }
        },
    ),
    answer(
        "blob-missing-empty",
        &["blob-get-missing"],
        "A missing blob is answered with 200 and nothing.",
        |c, a| {
            if c.is("GET") && a.status == 404 && matches!(c.endpoint, Endpoint::Blob(..)) {
                *a = Answer::new(200);
            }
        },
    ),
    answer(
        "blob-large-head-length",
        &["blob-head-length-matches"],
        "HEAD of a blob says a MiB at most.",
        |c, a| {
            if head_blob(c, a) {
                a.set("Content-Length", a.body.len().min(MIB).to_string());
            }
        },
    ),
    answer(
        "second-repository-blob-head-200",
        &["blob-head-missing"],
        "HEAD of a missing blob of the second repository is answered with 200.",
        |c, a| {
            if c.is("HEAD")
                && a.status == 404
                && second(c)
                && matches!(c.endpoint, Endpoint::Blob(..))
            {
                a.status = 200;
            }
        },
    ),
    answer(
        "range-whole",
        &["blob-range-content"],
        "A range is answered with 206 and the first bytes of the blob.",
        |_, a| {
            if a.status == 206 {
                let (other, length) = (vec![0; a.body.len()], a.body.len());
                a.body = other.into();
                a.set("X-Length", length.to_string());
            }
        },
    ),
    answer(
        "range-200-part",
        &["blob-range-status"],
        "A part of a blob is served with 200.",
        |_, a| {
            if a.status == 206 {
                a.status = 200;
                a.remove("content-range");
            }
        },
    ),
    answer(
        "range-total",
        &["blob-range-content-range"],
        "The Content-Range of a part names another length.",
        |_, a| {
            if a.status == 206 {
                let said = a.header("content-range").unwrap_or_default().to_owned();
                a.set("Content-Range", said + "0");
            }
        },
    ),
    answer(
        "range-open-short",
        &["blob-range-content"],
        "A range without an end lacks the last byte.",
        |c, a| {
            if a.status == 206 && c.header("range").is_some_and(|range| range.ends_with('-')) {
                a.body = a.body.slice(..a.body.len().saturating_sub(1));
            }
        },
    ),
    answer(
        "range-beyond-416",
        &["blob-range-clipped"],
        "A range that ends after the end of the blob is refused.",
        |c, a| {
            let beyond = c.header("range").and_then(|range| range.rsplit_once('-'));
            let beyond = beyond.is_some_and(|(_, end)| end.starts_with('9') && end.len() > 4);
            if a.status == 206 && beyond {
                *a = Answer::error(416, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
        "range-outside-no-length",
        &["blob-range-unsatisfiable-length"],
        "A 416 does not say how long the blob is.",
        |_, a| {
            if a.status == 416 {
                a.remove("content-range");
            }
        },
    ),
    answer(
        "range-outside-206",
        &["blob-range-unsatisfiable"],
        "A range after the end is answered with 206 and nothing.",
        |c, a| {
            if a.status == 416 && c.is("GET") {
                *a = Answer::new(206);
            }
        },
    ),
    answer(
        "range-malformed-500",
        &["blob-range-malformed"],
        "A range that means nothing is answered with 500.",
        |c, a| {
            let range = c.header("range").unwrap_or_default();
            if matches!(range, "bytes=9-3" | "bytes=a-b" | "lines=0-3") {
                *a = Answer::new(500);
            }
        },
    ),
    answer(
        "range-part-digest",
        &["blob-get-digest-matches"],
        "A part of a blob is served with the digest of nothing.",
        |_, a| {
            if a.status == 206 {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
];

const MIB: usize = 1024 * 1024;

fn by_tag(call: &Call) -> bool {
    matches!(&call.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'))
}

fn sha512(call: &Call) -> bool {
    call.path.contains("sha512:")
}

fn kind_of(answer: &Answer) -> String {
    answer.header("content-type").unwrap_or_default().to_owned()
}

fn is_index(answer: &Answer) -> bool {
    kind_of(answer).contains("index")
}

fn bare_digest(answer: &mut Answer) {
    let digest = answer.header("docker-content-digest").unwrap_or_default();
    let bare = digest.split(':').nth(1).unwrap_or_default().to_owned();
    answer.set("Docker-Content-Digest", bare);
}
