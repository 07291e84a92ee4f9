//! Faults of accepting manifests.

use super::*;

pub const FAULTS: &[Fault] = &[
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
    response(
        "manifest-put-200",
        &["manifest-put-status"],
        "A manifest that was pushed is answered with 200.",
        |c, a| {
            if put_manifest(c, a) {
                a.status = 200;
            }
        },
    ),
    response(
        "manifest-put-no-location",
        &["manifest-put-location"],
        "A manifest that was pushed is answered without a Location.",
        |c, a| {
            if put_manifest(c, a) {
                a.remove("location");
            }
        },
    ),
    response(
        "manifest-put-dead-location",
        &["manifest-put-location-pullable"],
        "The Location of a manifest leads nowhere.",
        |c, a| {
            if put_manifest(c, a) {
                a.set("Location", "/v2/nowhere/manifests/latest");
            }
        },
    ),
    response(
        "manifest-put-wrong-digest",
        &["manifest-put-digest"],
        "A manifest that was pushed is answered with another digest.",
        |c, a| {
            if put_manifest(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    response(
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
    response(
        "manifest-large-500",
        &["manifest-limit-status"],
        "A large manifest is refused with 400.",
        |c, a| {
            if c.is("PUT")
                && c.body.len() > 1_000_000
                && matches!(c.endpoint, Endpoint::Manifest(..))
            {
                *a = ApiResponse::error(400, "SIZE_INVALID", "too large");
            }
        },
    ),
    response(
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
    response(
        "subject-no-header",
        &["subject-header"],
        "A manifest with a subject is answered without OCI-Subject.",
        |_, a| a.remove("oci-subject"),
    ),
    response(
        "subject-wrong-header",
        &["subject-header-value"],
        "OCI-Subject names another digest.",
        |_, a| {
            if a.header("oci-subject").is_some() {
                a.set("OCI-Subject", WRONG);
            }
        },
    ),
    response(
        "tag-params-500",
        &["tag-params-status"],
        "Tag parameters are answered with 500.",
        |c, a| {
            if c.query("tag").is_some() {
                *a = ApiResponse::error(500, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
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
    response(
        "tag-params-few",
        &["tag-params-ten"],
        "No more than four tags are pushed at once.",
        |c, a| {
            if c.query.iter().filter(|(key, _)| key == "tag").count() > 4 {
                *a = ApiResponse::error(400, "UNSUPPORTED", "too many");
            }
        },
    ),
];

/// Replaces a code in an error body.
fn recode(response: &mut ApiResponse, from: &str, to: &str) {
    let body = String::from_utf8_lossy(&response.body).replace(from, to);
    if response.status >= 400 {
        response.body = body.into();
    }
}
