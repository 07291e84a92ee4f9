//! Faults of content management.

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "tag-delete-200",
        &["tag-delete-status"],
        "A deleted tag is answered with 200.",
        |c, a| {
            if deleted(c, a, false) {
                a.status = 200;
            }
        },
    ),
    response(
        "tag-delete-403",
        &["tag-delete-disabled"],
        "Deleting a tag is refused with 403.",
        |c, a| {
            if deleted(c, a, false) {
                *a = ApiResponse::error(403, "DENIED", "no");
            }
        },
    ),
    switch(
        "tag-delete-in-words",
        &["tag-delete-gone"],
        "A deleted tag stays.",
        |b| b.keep_deleted_tags = true,
    ),
    switch(
        "tag-delete-all",
        &["tag-delete-only"],
        "With a tag, its manifest's other tags are deleted.",
        |b| b.delete_all_tags = true,
    ),
    response(
        "tag-delete-missing-202",
        &["tag-delete-missing"],
        "Deleting a missing tag is answered with 202.",
        |c, a| {
            if of_tag(c) && c.is("DELETE") && a.status == 404 {
                *a = ApiResponse::new(202);
            }
        },
    ),
    response(
        "manifest-delete-200",
        &["manifest-delete-status"],
        "A deleted manifest is answered with 200.",
        |c, a| {
            if deleted(c, a, true) {
                a.status = 200;
            }
        },
    ),
    response(
        "manifest-delete-403",
        &["manifest-delete-disabled"],
        "Deleting a manifest is refused with 403.",
        |c, a| {
            if deleted(c, a, true) {
                *a = ApiResponse::error(403, "DENIED", "no");
            }
        },
    ),
    switch(
        "manifest-delete-in-words",
        &["manifest-delete-gone"],
        "A deleted manifest stays.",
        |b| b.keep_deleted_manifests = true,
    ),
    switch(
        "manifest-delete-keeps-tags",
        &["manifest-delete-tags-gone"],
        "The tags of a deleted manifest stay.",
        |b| b.keep_tags_of_deleted = true,
    ),
    response(
        "manifest-delete-missing-202",
        &["manifest-delete-missing"],
        "Deleting a missing manifest is answered with 202.",
        |c, a| {
            if c.is("DELETE") && a.status == 404 && coded(a, "MANIFEST_UNKNOWN") {
                *a = ApiResponse::new(202);
            }
        },
    ),
    response(
        "delete-unknown-repository-202",
        &["manifest-delete-unknown-repository"],
        "Deleting in an unknown repository is answered with 202.",
        |c, a| {
            if c.is("DELETE") && a.status == 404 && coded(a, "NAME_UNKNOWN") {
                *a = ApiResponse::new(202);
            }
        },
    ),
    response(
        "blob-delete-200",
        &["blob-delete-status"],
        "A deleted blob is answered with 200.",
        |c, a| {
            if of_blob(c) && a.status == 202 {
                a.status = 200;
            }
        },
    ),
    response(
        "blob-delete-403",
        &["blob-delete-disabled"],
        "Deleting a blob is refused with 403.",
        |c, a| {
            if of_blob(c) && a.status == 202 {
                *a = ApiResponse::error(403, "DENIED", "no");
            }
        },
    ),
    switch(
        "blob-delete-in-words",
        &["blob-delete-gone"],
        "A deleted blob stays.",
        |b| b.keep_deleted_blobs = true,
    ),
    response(
        "blob-delete-missing-202",
        &["blob-delete-missing"],
        "Deleting a missing blob is answered with 202.",
        |c, a| {
            if of_blob(c) && c.is("DELETE") && a.status == 404 {
                *a = ApiResponse::new(202);
            }
        },
    ),
];

fn of_tag(request: &ApiRequest) -> bool {
    matches!(&request.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'))
}

fn of_blob(request: &ApiRequest) -> bool {
    matches!(request.endpoint, Endpoint::Blob(..))
}

fn deleted(request: &ApiRequest, response: &ApiResponse, by_digest: bool) -> bool {
    let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
    request.is("DELETE") && response.status == 202 && of_manifest && of_tag(request) != by_digest
}

fn coded(response: &ApiResponse, code: &str) -> bool {
    String::from_utf8_lossy(&response.body).contains(code)
}
