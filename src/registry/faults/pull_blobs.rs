//! Faults of pulling that show on one route to blobs, or for one kind of them alone.

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "blob-large-500",
        &["blob-get-status"],
        "Blobs of more than a MiB are answered with 500.",
        |c, a| {
            if got_blob(c, a) && a.body.len() > MIB {
                *a = ApiResponse::new(500);
            }
        },
    ),
    response(
        "blob-large-cut",
        &["blob-get-content"],
        "Blobs are cut after a MiB.",
        |c, a| {
            if got_blob(c, a) {
                a.body = a.body.slice(..a.body.len().min(MIB));
            }
        },
    ),
    response(
        "blob-json-anew",
        &["blob-get-content"],
        "Blobs of JSON are served as JSON written anew.",
        |c, a| {
            if got_blob(c, a) && a.status == 200 {
                edit(a, |_| {});
            }
        },
    ),
    response(
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
    response(
        "blob-empty-404",
        &["blob-get-status"],
        "The empty blob is not found, though it was pushed.",
        |c, a| {
            if got_blob(c, a) && a.body.is_empty() {
                *a = ApiResponse::error(404, "BLOB_UNKNOWN", "no");
            }
        },
    ),
    response(
        "blob-empty-204",
        &["blob-get-status"],
        "The empty blob is answered with 204.",
        |c, a| {
            if got_blob(c, a) && a.body.is_empty() {
                a.status = 204;
            }
        },
    ),
    response(
        "second-repository-blob-cut",
        &["blob-get-content"],
        "Blobs of the second repository lack their last byte.",
        |c, a| {
            if got_blob(c, a) && second(c) {
                a.body = a.body.slice(..a.body.len().saturating_sub(1));
            }
        },
    ),
    response(
        "blob-large-no-digest",
        &["blob-get-digest"],
        "Blobs of more than a MiB are served without their digests.",
        |c, a| {
            if got_blob(c, a) && a.body.len() > MIB {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
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
    response(
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
    response(
        "blob-missing-empty",
        &["blob-get-missing"],
        "A missing blob is answered with 200 and nothing.",
        |c, a| {
            if c.is("GET") && a.status == 404 && matches!(c.endpoint, Endpoint::Blob(..)) {
                *a = ApiResponse::new(200);
            }
        },
    ),
    response(
        "blob-large-head-length",
        &["blob-head-length-matches"],
        "HEAD of a blob says a MiB at most.",
        |c, a| {
            if head_blob(c, a) {
                a.set("Content-Length", a.body.len().min(MIB).to_string());
            }
        },
    ),
    response(
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
    response(
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
    response(
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
    response(
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
    response(
        "range-open-short",
        &["blob-range-content"],
        "A range without an end lacks the last byte.",
        |c, a| {
            if a.status == 206 && c.header("range").is_some_and(|range| range.ends_with('-')) {
                a.body = a.body.slice(..a.body.len().saturating_sub(1));
            }
        },
    ),
    response(
        "range-beyond-416",
        &["blob-range-clipped"],
        "A range that ends after the end of the blob is refused.",
        |c, a| {
            let beyond = c.header("range").and_then(|range| range.rsplit_once('-'));
            let beyond = beyond.is_some_and(|(_, end)| end.starts_with('9') && end.len() > 4);
            if a.status == 206 && beyond {
                *a = ApiResponse::error(416, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
        "range-outside-no-length",
        &["blob-range-unsatisfiable-length"],
        "A 416 does not say how long the blob is.",
        |_, a| {
            if a.status == 416 {
                a.remove("content-range");
            }
        },
    ),
    response(
        "range-outside-206",
        &["blob-range-unsatisfiable"],
        "A range after the end is answered with 206 and nothing.",
        |c, a| {
            if a.status == 416 && c.is("GET") {
                *a = ApiResponse::new(206);
            }
        },
    ),
    response(
        "range-malformed-500",
        &["blob-range-malformed"],
        "A range that means nothing is answered with 500.",
        |c, a| {
            let range = c.header("range").unwrap_or_default();
            if matches!(range, "bytes=9-3" | "bytes=a-b" | "lines=0-3") {
                *a = ApiResponse::new(500);
            }
        },
    ),
    response(
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
