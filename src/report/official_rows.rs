//! The rows of results.yaml, and what decides each.

/// A row of the other tool, and what decides it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// A requirement, and the beginning of the ids of its area.
    pub(super) requirement: Option<(&'static str, &'static str)>,
    /// Cases: each with the value that is named, or with all values that it was run with.
    pub(super) cases: &'static [&'static str],
    /// The feature without which the row cannot pass.
    pub(super) feature: Option<&'static str>,
}

/// A row that a requirement decides.
const fn requirement(name: &'static str, id: &'static str, area: &'static str) -> Row {
    Row {
        name,
        requirement: Some((id, area)),
        cases: &[],
        feature: None,
    }
}

/// A row that cases decide.
const fn cases(name: &'static str, cases: &'static [&'static str]) -> Row {
    Row {
        name,
        requirement: None,
        cases,
        feature: None,
    }
}

impl Row {
    /// The same, for an optional feature.
    const fn of(mut self, feature: &'static str) -> Self {
        self.feature = Some(feature);
        self
    }

    /// The same, where the requirement holds for other requests too: these cases must hold as well.
    const fn shown_by(mut self, cases: &'static [&'static str]) -> Self {
        self.cases = cases;
        self
    }
}

/// The APIs, in the other tool's order.
pub(super) const APIS: [Row; 28] = [
    requirement("Tag listing", "tags-status", "tags-").of("tag-listing"),
    requirement("Tag delete", "tag-delete-status", "tag-delete-").of("tag-deletion"),
    requirement("Tag delete atomic", "tag-delete-gone", "tag-delete-gone").of("tag-deletion"),
    requirement(
        "Blob upload cancel",
        "upload-cancel-status",
        "upload-cancel-",
    )
    .of("upload-cancel"),
    requirement("Blob push", "blob-put-status", "blob-put-"),
    requirement("Blob post only", "single-post-location", "single-post-")
        .shown_by(&["single-post"])
        .of("single-post"),
    requirement("Blob post put", "blob-put-status", "blob-put-"),
    requirement("Blob chunked", "chunked-put-status", "chunk"),
    cases("Blob streaming", &["chunk-streamed"]),
    requirement("Blob mount", "mount-location", "mount-")
        .shown_by(&["mount"])
        .of("mount"),
    requirement(
        "Blob anonymous mount",
        "anonymous-mount-status",
        "anonymous-mount-",
    )
    .of("anonymous-mount"),
    requirement("Blob get", "blob-get-status", "blob-get-"),
    requirement("Blob get range", "blob-range-status", "blob-range-").of("blob-range"),
    requirement("Blob head", "blob-head-status", "blob-head-"),
    requirement("Blob delete", "blob-delete-status", "blob-delete-").of("blob-deletion"),
    requirement("Blob delete atomic", "blob-delete-gone", "blob-delete-gone").of("blob-deletion"),
    cases("Manifest put by digest", &["manifest-push-by-digest"]),
    requirement(
        "Manifest put by tag",
        "manifest-put-status",
        "manifest-put-",
    )
    .shown_by(&["manifest-push-by-tag"]),
    requirement(
        "Manifest put with tag params",
        "tag-params-status",
        "tag-params-",
    )
    .of("tag-params"),
    requirement(
        "Manifest put with subject",
        "subject-header",
        "subject-header",
    )
    .of("referrers"),
    requirement(
        "Manifest get by digest",
        "manifest-get-status",
        "manifest-get-",
    )
    .shown_by(&["manifest-by-digest/sha256"]),
    requirement(
        "Manifest get by tag",
        "manifest-get-by-tag",
        "manifest-get-",
    )
    .shown_by(&["manifest-by-tag"]),
    requirement(
        "Manifest head by digest",
        "manifest-head-status",
        "manifest-head-",
    )
    .shown_by(&["manifest-head"]),
    requirement(
        "Manifest head by tag",
        "manifest-head-status",
        "manifest-head-",
    )
    .shown_by(&["manifest-head-by-tag"]),
    requirement(
        "Manifest delete",
        "manifest-delete-status",
        "manifest-delete-",
    )
    .of("manifest-deletion"),
    requirement(
        "Manifest delete atomic",
        "manifest-delete-gone",
        "manifest-delete-gone",
    )
    .of("manifest-deletion"),
    requirement("Referrers", "referrers-status", "referrers-").of("referrers"),
    requirement("Ping", "base-status", "base-"),
];

/// The kinds of content that a case of ours stands for, in the other tool's order.
pub(super) const DATA: [Row; 24] = [
    cases(
        "Blobs sha256",
        &["blob-push", "blob-by-digest/sha256", "blob-head/sha256"],
    ),
    cases(
        "Blobs sha512",
        &[
            "blob-push-sha512",
            "blob-by-digest/sha512",
            "blob-head/sha512",
        ],
    ),
    cases(
        "Image",
        &["set-up-small-image", "manifest-by-digest/sha256"],
    ),
    cases("Image Uncompressed", &["uncompressed-image"]),
    cases("Image with Large Manifest", &["manifest-large"]),
    cases("Index", &["set-up-small-index", "index-by-digest"]),
    cases("Nested Index", &["nested-index"]),
    cases("Empty Index", &["empty-index"]),
    cases("Artifact", &["artifact"]),
    cases("Artifact Index", &["artifact-index"]),
    cases("Artifact without Layers", &["artifact-without-layers"]),
    cases("Artifacts with Subject", &["set-up-sbom"]),
    cases("Index with Subject", &["subject-push-index"]),
    cases("Missing Subject", &["subject-missing"]),
    cases("Data Field", &["descriptor-data"]),
    cases(
        "Non-distributable Layers",
        &["manifest-push-non-distributable"],
    ),
    cases("Custom Fields", &["set-up-odd-image"]),
    cases("No Layers", &["manifest-push-no-layers"]),
    cases("Sparse Manifests", &["manifest-missing-layer"]),
    cases("Digest Algorithm sha512", &["manifest-push-by-sha512"]),
    requirement("Tag Param", "tag-params-status", "tag-params-").of("tag-params"),
    cases("Tag Param sha512", &["tag-params-sha512"]).of("tag-params"),
    cases("Bad Digest Image", &["manifest-wrong-digest"]),
    cases("Invalid Manifest Digest", &["manifest-malformed-digest"]),
];
