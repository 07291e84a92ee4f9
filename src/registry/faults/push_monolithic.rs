//! Faults of pushing blobs in one piece.

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "upload-open-201",
        &["upload-open-status"],
        "An upload session is opened with 201.",
        |c, a| {
            if opened(c, a) {
                a.status = 201;
            }
        },
    ),
    response(
        "upload-open-no-location",
        &["upload-open-location"],
        "An upload session is opened without a Location.",
        |c, a| {
            if opened(c, a) {
                a.remove("location");
            }
        },
    ),
    switch(
        "upload-one-session",
        &["upload-open-unique"],
        "All upload sessions are one.",
        |b| b.one_session = true,
    ),
    response(
        "blob-put-200",
        &["blob-put-status"],
        "A blob that was put is answered with 200.",
        |c, a| {
            if closed(c, a, false) {
                a.status = 200;
            }
        },
    ),
    response(
        "blob-put-no-location",
        &["blob-put-location"],
        "A blob that was put is answered without a Location.",
        |c, a| {
            if closed(c, a, false) {
                a.remove("location");
            }
        },
    ),
    response(
        "blob-put-dead-location",
        &["blob-put-location-pullable"],
        "The Location of a blob that was put leads nowhere.",
        |c, a| {
            if closed(c, a, false) {
                a.set("Location", "/v2/nowhere/blobs/".to_owned() + WRONG);
            }
        },
    ),
    switch(
        "blob-digest-trusted",
        &["blob-verify"],
        "A blob is stored under whatever digest is named.",
        |b| b.trust_blob_digests = true,
    ),
    switch(
        "blob-refused-and-stored",
        &[
            "blob-verify-not-stored",
            "manifest-verify-not-stored",
            "single-post-verify-not-stored",
        ],
        "Content of another digest is refused, and stored all the same.",
        |b| b.store_refused = true,
    ),
    response(
        "blob-mismatch-409",
        &["blob-digest-mismatch-status"],
        "A blob of another digest is refused with 409.",
        |c, a| {
            if on_upload(c, a, "PUT", 400) {
                a.status = 409;
            }
        },
    ),
    response(
        "blob-malformed-404",
        &["blob-digest-malformed-status"],
        "A malformed digest is refused with 404.",
        |c, a| {
            if on_upload(c, a, "PUT", 400) {
                a.status = 404;
            }
        },
    ),
    response(
        "blob-unsupported-409",
        &["blob-digest-unsupported-status"],
        "A digest of an unknown algorithm is refused with 409.",
        |c, a| {
            if on_upload(c, a, "PUT", 400)
                && c.query("digest").is_some_and(|d| d.starts_with("assay"))
            {
                a.status = 409;
            }
        },
    ),
    response(
        "blob-no-digest-accepted",
        &["blob-put-digest-missing"],
        "A PUT without a digest is answered with 201.",
        |c, a| {
            if on_upload(c, a, "PUT", 400) && c.query("digest").is_none() {
                a.status = 201;
            }
        },
    ),
    response(
        "upload-gone-put-201",
        &["blob-put-session-unknown"],
        "A PUT to no session is answered with 201.",
        |c, a| {
            if on_upload(c, a, "PUT", 404) {
                a.status = 201;
            }
        },
    ),
    response(
        "upload-gone-put-410",
        &["blob-put-session-unknown-status"],
        "A PUT to no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "PUT", 404) {
                a.status = 410;
            }
        },
    ),
    response(
        "upload-gone-patch-202",
        &["chunk-session-unknown"],
        "A PATCH to no session is answered with 202.",
        |c, a| {
            if on_upload(c, a, "PATCH", 404) {
                a.status = 202;
            }
        },
    ),
    response(
        "upload-gone-patch-410",
        &["chunk-session-unknown-status"],
        "A PATCH to no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "PATCH", 404) {
                a.status = 410;
            }
        },
    ),
    response(
        "upload-gone-get-204",
        &["upload-status-session-unknown"],
        "The state of no session is answered with 204.",
        |c, a| {
            if on_upload(c, a, "GET", 404) {
                a.status = 204;
            }
        },
    ),
    response(
        "upload-gone-get-410",
        &["upload-status-session-unknown-status"],
        "The state of no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "GET", 404) {
                a.status = 410;
            }
        },
    ),
    response(
        "single-post-200",
        &["single-post-status"],
        "A single POST is answered with 200.",
        |c, a| {
            if a.status == 201 && c.query("digest").is_some() && c.is("POST") {
                a.status = 200;
            }
        },
    ),
    response(
        "single-post-no-location",
        &["single-post-location"],
        "A single POST is answered without a Location.",
        |c, a| {
            if a.status == 201 && c.query("digest").is_some() && c.is("POST") {
                a.remove("location");
            }
        },
    ),
    response(
        "single-post-dead-location",
        &["single-post-location-pullable"],
        "The Location after a single POST leads nowhere.",
        |c, a| {
            if a.status == 201 && c.query("digest").is_some() && c.is("POST") {
                a.set("Location", "/v2/nowhere/blobs/".to_owned() + WRONG);
            }
        },
    ),
    switch(
        "single-post-trusted",
        &["single-post-verify"],
        "A single POST stores under whatever digest is named.",
        |b| b.trust_single_post = true,
    ),
    response(
        "single-post-400",
        &["single-post-declined-status"],
        "A single POST is declined with 400.",
        |c, a| {
            if c.query("digest").is_some() && c.is("POST") {
                *a = ApiResponse::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
        "single-post-202-nowhere",
        &["single-post-declined-location"],
        "A single POST is declined without a Location.",
        |c, a| {
            if c.query("digest").is_some() && c.is("POST") && a.status == 201 {
                *a = ApiResponse::new(202);
            }
        },
    ),
    request(
        "single-post-nothing-done",
        &["single-post-declined-status"],
        "A single POST is answered with 200, and nothing is done.",
        |c| {
            if c.query("digest").is_some() && c.is("POST") {
                c.endpoint = Endpoint::Base;
                c.method = "GET".into();
            }
        },
    ),
    response(
        "algorithm-500",
        &["upload-algorithm-status"],
        "A session for an algorithm is answered with 500.",
        |c, a| {
            if c.query("digest-algorithm").is_some() {
                *a = ApiResponse::error(500, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
        "algorithm-unknown-404",
        &["upload-algorithm-unsupported-status"],
        "A session for an unknown algorithm is answered with 404.",
        |c, a| {
            if c.query("digest-algorithm").is_some() && a.status == 400 {
                a.status = 404;
            }
        },
    ),
    response(
        "sha512-lost",
        &["upload-algorithm-kept"],
        "A blob by sha512 is answered with 500.",
        |c, a| {
            if on_upload(c, a, "PUT", 201)
                && c.query("digest").is_some_and(|d| d.starts_with("sha512"))
            {
                *a = ApiResponse::error(500, "UNSUPPORTED", "no");
            }
        },
    ),
];
