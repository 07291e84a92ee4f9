//! Faults of pushing.

use super::*;

pub const FAULTS: &[Fault] = &[
    answer(
        "upload-open-201",
        &["upload-open-status"],
        "An upload session is opened with 201.",
        |c, a| {
            if opened(c, a) {
                a.status = 201;
            }
        },
    ),
    answer(
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
    answer(
        "blob-put-200",
        &["blob-put-status"],
        "A blob that was put is answered with 200.",
        |c, a| {
            if closed(c, a, false) {
                a.status = 200;
            }
        },
    ),
    answer(
        "blob-put-no-location",
        &["blob-put-location"],
        "A blob that was put is answered without a Location.",
        |c, a| {
            if closed(c, a, false) {
                a.remove("location");
            }
        },
    ),
    answer(
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
    answer(
        "blob-mismatch-409",
        &["blob-digest-mismatch-status"],
        "A blob of another digest is refused with 409.",
        |c, a| {
            if on_upload(c, a, "PUT", 400) {
                a.status = 409;
            }
        },
    ),
    answer(
        "blob-malformed-404",
        &["blob-digest-malformed-status"],
        "A malformed digest is refused with 404.",
        |c, a| {
            if on_upload(c, a, "PUT", 400) {
                a.status = 404;
            }
        },
    ),
    answer(
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
    answer(
        "blob-no-digest-accepted",
        &["blob-put-digest-missing"],
        "A PUT without a digest is answered with 201.",
        |c, a| {
            if on_upload(c, a, "PUT", 400) && c.query("digest").is_none() {
                a.status = 201;
            }
        },
    ),
    answer(
        "upload-gone-put-201",
        &["blob-put-session-unknown"],
        "A PUT to no session is answered with 201.",
        |c, a| {
            if on_upload(c, a, "PUT", 404) {
                a.status = 201;
            }
        },
    ),
    answer(
        "upload-gone-put-410",
        &["blob-put-session-unknown-status"],
        "A PUT to no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "PUT", 404) {
                a.status = 410;
            }
        },
    ),
    answer(
        "upload-gone-patch-202",
        &["chunk-session-unknown"],
        "A PATCH to no session is answered with 202.",
        |c, a| {
            if on_upload(c, a, "PATCH", 404) {
                a.status = 202;
            }
        },
    ),
    answer(
        "upload-gone-patch-410",
        &["chunk-session-unknown-status"],
        "A PATCH to no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "PATCH", 404) {
                a.status = 410;
            }
        },
    ),
    answer(
        "upload-gone-get-204",
        &["upload-status-session-unknown"],
        "The state of no session is answered with 204.",
        |c, a| {
            if on_upload(c, a, "GET", 404) {
                a.status = 204;
            }
        },
    ),
    answer(
        "upload-gone-get-410",
        &["upload-status-session-unknown-status"],
        "The state of no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "GET", 404) {
                a.status = 410;
            }
        },
    ),
    answer(
        "single-post-200",
        &["single-post-status"],
        "A single POST is answered with 200.",
        |c, a| {
            if a.status == 201 && c.query("digest").is_some() && c.is("POST") {
                a.status = 200;
            }
        },
    ),
    answer(
        "single-post-no-location",
        &["single-post-location"],
        "A single POST is answered without a Location.",
        |c, a| {
            if a.status == 201 && c.query("digest").is_some() && c.is("POST") {
                a.remove("location");
            }
        },
    ),
    answer(
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
    answer(
        "single-post-400",
        &["single-post-declined-status"],
        "A single POST is declined with 400.",
        |c, a| {
            if c.query("digest").is_some() && c.is("POST") {
                *a = Answer::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
        "single-post-202-nowhere",
        &["single-post-declined-location"],
        "A single POST is declined without a Location.",
        |c, a| {
            if c.query("digest").is_some() && c.is("POST") && a.status == 201 {
                *a = Answer::new(202);
            }
        },
    ),
    call(
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
    answer(
        "algorithm-500",
        &["upload-algorithm-status"],
        "A session for an algorithm is answered with 500.",
        |c, a| {
            if c.query("digest-algorithm").is_some() {
                *a = Answer::error(500, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
        "algorithm-unknown-404",
        &["upload-algorithm-unsupported-status"],
        "A session for an unknown algorithm is answered with 404.",
        |c, a| {
            if c.query("digest-algorithm").is_some() && a.status == 400 {
                a.status = 404;
            }
        },
    ),
    answer(
        "sha512-lost",
        &["upload-algorithm-kept"],
        "A blob by sha512 is answered with 500.",
        |c, a| {
            if on_upload(c, a, "PUT", 201)
                && c.query("digest").is_some_and(|d| d.starts_with("sha512"))
            {
                *a = Answer::error(500, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
        "chunk-201",
        &["chunk-status"],
        "A chunk is answered with 201.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                a.status = 201;
            }
        },
    ),
    answer(
        "chunk-no-location",
        &["chunk-location"],
        "A chunk is answered without a Location.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                a.remove("location");
            }
        },
    ),
    answer(
        "chunk-no-range",
        &["chunk-range"],
        "A chunk is answered without a Range.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                a.remove("range");
            }
        },
    ),
    answer(
        "chunk-range-one-off",
        &["chunk-range-end"],
        "The Range after a chunk is one too far.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) {
                one_off(a);
            }
        },
    ),
    switch(
        "chunk-any-order",
        &["chunk-order"],
        "Chunks are taken in any order.",
        |b| b.any_order = true,
    ),
    answer(
        "chunk-order-400",
        &["chunk-order"],
        "A chunk out of order is refused with 400.",
        |c, a| {
            if on_upload(c, a, "PATCH", 416) {
                a.status = 400;
            }
        },
    ),
    switch(
        "chunk-refused-and-stored",
        &["chunk-order-not-stored"],
        "The bytes of a refused chunk are kept.",
        |b| b.keep_refused_chunks = true,
    ),
    switch(
        "chunk-refused-ends",
        &["chunk-order-session-kept"],
        "A refused chunk ends its upload.",
        |b| b.refused_chunk_ends = true,
    ),
    switch(
        "chunk-overlap",
        &["chunk-overlap"],
        "A chunk is taken that is there already.",
        |b| b.overlap = true,
    ),
    switch(
        "chunk-twice-stored",
        &["chunk-overlap-not-stored"],
        "A chunk that is refused as there already is stored again.",
        |b| b.keep_refused_chunks = true,
    ),
    switch(
        "chunk-length-unchecked",
        &["chunk-length-disagrees"],
        "A chunk may have another length than its range.",
        |b| b.length_unchecked = true,
    ),
    answer(
        "chunk-small-refused",
        &["chunk-minimum-header"],
        "Small chunks are refused without a warning.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) && c.body.len() < 100 {
                *a = Answer::error(416, "BLOB_UPLOAD_INVALID", "too small");
            }
        },
    ),
    answer(
        "chunk-minimum-words",
        &["chunk-minimum-form"],
        "The shortest chunk is said in words.",
        |c, a| {
            if opened(c, a) {
                a.set("OCI-Chunk-Min-Length", "a few bytes");
            }
        },
    ),
    answer(
        "chunk-final-short-refused",
        &["chunk-final-short"],
        "A last chunk that is short is refused.",
        |c, a| {
            if closed(c, a, true) && !c.body.is_empty() {
                *a = Answer::error(400, "SIZE_INVALID", "too small");
            }
        },
    ),
    switch(
        "chunk-final-dropped",
        &["chunked-put-final-chunk"],
        "A last chunk in the closing PUT is dropped.",
        |b| b.drop_final_chunk = true,
    ),
    answer(
        "chunked-put-200",
        &["chunked-put-status"],
        "Closing an upload in chunks is answered with 200.",
        |c, a| {
            if closed(c, a, true) {
                a.status = 200;
            }
        },
    ),
    answer(
        "chunked-put-no-location",
        &["chunked-put-location"],
        "Closing an upload in chunks is answered without a Location.",
        |c, a| {
            if closed(c, a, true) {
                a.remove("location");
            }
        },
    ),
    answer(
        "chunked-put-dead-location",
        &["chunked-put-location-pullable"],
        "The Location after chunks leads nowhere.",
        |c, a| {
            if closed(c, a, true) {
                a.set("Location", "/v2/nowhere/blobs/".to_owned() + WRONG);
            }
        },
    ),
    answer(
        "chunked-put-order-400",
        &["chunked-put-order"],
        "A last chunk out of order is refused with 400.",
        |c, a| {
            if on_upload(c, a, "PUT", 416) {
                a.status = 400;
            }
        },
    ),
    switch(
        "chunked-put-any-order",
        &["chunked-put-order"],
        "A last chunk is taken in any order.",
        |b| b.close_any_order = true,
    ),
    answer(
        "upload-status-200",
        &["upload-status-code"],
        "The state of an upload is answered with 200.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                a.status = 200;
            }
        },
    ),
    answer(
        "upload-status-no-location",
        &["upload-status-location"],
        "The state of an upload has no Location.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                a.remove("location");
            }
        },
    ),
    answer(
        "upload-status-no-range",
        &["upload-status-range"],
        "The state of an upload has no Range.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                a.remove("range");
            }
        },
    ),
    answer(
        "upload-status-one-off",
        &["upload-status-range-end"],
        "The Range of an upload's state is one too far.",
        |c, a| {
            if on_upload(c, a, "GET", 204) {
                one_off(a);
            }
        },
    ),
    answer(
        "upload-cancel-200",
        &["upload-cancel-status"],
        "Cancelling an upload is answered with 200.",
        |c, a| {
            if on_upload(c, a, "DELETE", 204) {
                a.status = 200;
            }
        },
    ),
    switch(
        "upload-cancel-in-words",
        &["upload-cancel-ends"],
        "A cancelled upload goes on.",
        |b| b.cancel_in_words = true,
    ),
    answer(
        "upload-cancel-twice",
        &["upload-cancel-session-unknown"],
        "Cancelling no session is answered with 204.",
        |c, a| {
            if on_upload(c, a, "DELETE", 404) {
                a.status = 204;
            }
        },
    ),
    answer(
        "upload-cancel-gone-410",
        &["upload-cancel-session-unknown-status"],
        "Cancelling no session is answered with 410.",
        |c, a| {
            if on_upload(c, a, "DELETE", 404) {
                a.status = 410;
            }
        },
    ),
    answer(
        "mount-200",
        &["mount-status"],
        "A mount is answered with 200.",
        |c, a| {
            if mounted(c, a) {
                a.status = 200;
            }
        },
    ),
    answer(
        "mount-no-location",
        &["mount-location"],
        "A mount is answered without a Location.",
        |c, a| {
            if mounted(c, a) {
                a.remove("location");
            }
        },
    ),
    answer(
        "mount-dead-location",
        &["mount-location-pullable"],
        "The Location of a mount leads nowhere.",
        |c, a| {
            if mounted(c, a) {
                a.set("Location", "/v2/nowhere/blobs/".to_owned() + WRONG);
            }
        },
    ),
    answer(
        "mount-wrong-digest",
        &["mount-digest-matches"],
        "A mount is answered with another digest.",
        |c, a| {
            if mounted(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    switch(
        "mount-in-words",
        &["mount-missing"],
        "Any mount is answered as done, and none is.",
        |b| b.mount_in_words = true,
    ),
    answer(
        "mount-declined-400",
        &["mount-declined-status"],
        "A mount is declined with 400.",
        |c, a| {
            if c.query("mount").is_some() {
                *a = Answer::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
        "mount-declined-nowhere",
        &["mount-declined-location"],
        "A mount is declined without a Location.",
        |c, a| {
            if c.query("mount").is_some() {
                *a = Answer::new(202);
            }
        },
    ),
    answer(
        "mount-declined-dead",
        &["mount-declined-upload"],
        "A mount is declined with a session that takes nothing.",
        |c, a| {
            if let Endpoint::Uploads(name) = &c.endpoint
                && c.query("mount").is_some()
            {
                *a = Answer::new(202).with("Location", format!("/v2/{name}/blobs/uploads/none"));
            }
        },
    ),
    answer(
        "mount-anonymous-400",
        &["anonymous-mount-status"],
        "A mount without a source is refused.",
        |c, a| {
            if c.query("mount").is_some() && c.query("from").is_none() {
                *a = Answer::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    switch(
        "manifest-type-parameters-refused",
        &["manifest-put-content-type-parameters"],
        "A Content-Type with parameters is refused.",
        |b| b.refuse_parameters = true,
    ),
    switch(
        "manifest-no-layers-refused",
        &["manifest-put-no-blobs"],
        "A manifest without layers is refused.",
        |b| b.refuse_no_layers = true,
    ),
    switch(
        "manifest-rewritten",
        &["manifest-put-bytes"],
        "A manifest is written anew.",
        |b| b.rewrite_manifests = true,
    ),
    answer(
        "manifest-put-200",
        &["manifest-put-status"],
        "A manifest that was pushed is answered with 200.",
        |c, a| {
            if put_manifest(c, a) {
                a.status = 200;
            }
        },
    ),
    answer(
        "manifest-put-no-location",
        &["manifest-put-location"],
        "A manifest that was pushed is answered without a Location.",
        |c, a| {
            if put_manifest(c, a) {
                a.remove("location");
            }
        },
    ),
    answer(
        "manifest-put-dead-location",
        &["manifest-put-location-pullable"],
        "The Location of a manifest leads nowhere.",
        |c, a| {
            if put_manifest(c, a) {
                a.set("Location", "/v2/nowhere/manifests/latest");
            }
        },
    ),
    answer(
        "manifest-put-wrong-digest",
        &["manifest-put-digest"],
        "A manifest that was pushed is answered with another digest.",
        |c, a| {
            if put_manifest(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    answer(
        "manifest-put-no-digest",
        &["manifest-put-digest-present"],
        "A manifest that was pushed is answered without its digest.",
        |c, a| {
            if put_manifest(c, a) {
                a.remove("docker-content-digest");
            }
        },
    ),
    switch(
        "manifest-digest-trusted",
        &["manifest-verify"],
        "A manifest is stored under whatever digest is named.",
        |b| b.trust_manifest_digests = true,
    ),
    switch(
        "manifest-any",
        &["manifest-put-invalid"],
        "Anything is taken as a manifest.",
        |b| b.any_manifest = true,
    ),
    switch(
        "manifest-small",
        &["manifest-size-accepted"],
        "A manifest of four megabytes is refused.",
        |b| b.small_manifests = true,
    ),
    answer(
        "manifest-large-500",
        &["manifest-limit-status"],
        "A large manifest is refused with 400.",
        |c, a| {
            if c.is("PUT")
                && c.body.len() > 1_000_000
                && matches!(c.endpoint, Endpoint::Manifest(..))
            {
                *a = Answer::error(400, "SIZE_INVALID", "too large");
            }
        },
    ),
    answer(
        "manifest-blob-unknown-code",
        &[
            "manifest-missing-content-error",
            "error-code-manifest-blob-unknown",
        ],
        "A manifest that names missing content is refused with another code.",
        |_, a| {
            recode(a, "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID");
        },
    ),
    switch(
        "tags-stick",
        &["tag-moves"],
        "A tag does not move, though its push succeeds.",
        |b| b.tags_stick = true,
    ),
    switch(
        "subject-missing-refused",
        &["subject-missing-accepted"],
        "A manifest whose subject is not there is refused.",
        |b| b.refuse_missing_subject = true,
    ),
    answer(
        "subject-no-header",
        &["subject-header"],
        "A manifest with a subject is answered without OCI-Subject.",
        |_, a| a.remove("oci-subject"),
    ),
    answer(
        "subject-wrong-header",
        &["subject-header-value"],
        "OCI-Subject names another digest.",
        |_, a| {
            if a.header("oci-subject").is_some() {
                a.set("OCI-Subject", WRONG);
            }
        },
    ),
    answer(
        "tag-params-500",
        &["tag-params-status"],
        "Tag parameters are answered with 500.",
        |c, a| {
            if c.query("tag").is_some() {
                *a = Answer::error(500, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
        "tag-params-no-header",
        &["tag-params-header"],
        "Tags are created and not named.",
        |_, a| a.remove("oci-tag"),
    ),
    switch(
        "tag-params-in-words",
        &["tag-params-created"],
        "Tags are named and not created.",
        |b| b.tag_params_in_words = true,
    ),
    answer(
        "tag-params-few",
        &["tag-params-ten"],
        "No more than four tags are pushed at once.",
        |c, a| {
            if c.query.iter().filter(|(key, _)| key == "tag").count() > 4 {
                *a = Answer::error(400, "UNSUPPORTED", "too many");
            }
        },
    ),
];

fn mounted(call: &Call, answer: &Answer) -> bool {
    answer.status == 201 && call.query("mount").is_some()
}

/// Moves the end of a Range by one.
fn one_off(answer: &mut Answer) {
    let end = answer
        .header("range")
        .and_then(|range| range.strip_prefix("0-")?.parse::<usize>().ok());
    if let Some(end) = end {
        answer.set("Range", format!("0-{}", end + 1));
    }
}

/// Replaces a code in an error body.
fn recode(answer: &mut Answer, from: &str, to: &str) {
    let body = String::from_utf8_lossy(&answer.body).replace(from, to);
    if answer.status >= 400 {
        answer.body = body.into();
    }
}
