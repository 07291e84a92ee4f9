//! Faults of content management.

use super::*;

pub const FAULTS: &[Fault] = &[
    answer(
        "tag-delete-200",
        &["tag-delete-status"],
        "A deleted tag is answered with 200.",
        |c, a| {
            if deleted(c, a, false) {
                a.status = 200;
            }
        },
    ),
    answer(
        "tag-delete-403",
        &["tag-delete-disabled"],
        "Deleting a tag is refused with 403.",
        |c, a| {
            if deleted(c, a, false) {
                *a = Answer::error(403, "DENIED", "no");
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
    answer(
        "tag-delete-missing-202",
        &["tag-delete-missing"],
        "Deleting a missing tag is answered with 202.",
        |c, a| {
            if of_tag(c) && c.is("DELETE") && a.status == 404 {
                *a = Answer::new(202);
            }
        },
    ),
    answer(
        "manifest-delete-200",
        &["manifest-delete-status"],
        "A deleted manifest is answered with 200.",
        |c, a| {
            if deleted(c, a, true) {
                a.status = 200;
            }
        },
    ),
    answer(
        "manifest-delete-403",
        &["manifest-delete-disabled"],
        "Deleting a manifest is refused with 403.",
        |c, a| {
            if deleted(c, a, true) {
                *a = Answer::error(403, "DENIED", "no");
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
    answer(
        "manifest-delete-missing-202",
        &["manifest-delete-missing"],
        "Deleting a missing manifest is answered with 202.",
        |c, a| {
            if c.is("DELETE") && a.status == 404 && coded(a, "MANIFEST_UNKNOWN") {
                *a = Answer::new(202);
            }
        },
    ),
    answer(
        "delete-unknown-repository-202",
        &["manifest-delete-unknown-repository"],
        "Deleting in an unknown repository is answered with 202.",
        |c, a| {
            if c.is("DELETE") && a.status == 404 && coded(a, "NAME_UNKNOWN") {
                *a = Answer::new(202);
            }
        },
    ),
    answer(
        "blob-delete-200",
        &["blob-delete-status"],
        "A deleted blob is answered with 200.",
        |c, a| {
            if of_blob(c) && a.status == 202 {
                a.status = 200;
            }
        },
    ),
    answer(
        "blob-delete-403",
        &["blob-delete-disabled"],
        "Deleting a blob is refused with 403.",
        |c, a| {
            if of_blob(c) && a.status == 202 {
                *a = Answer::error(403, "DENIED", "no");
            }
        },
    ),
    switch(
        "blob-delete-in-words",
        &["blob-delete-gone"],
        "A deleted blob stays.",
        |b| b.keep_deleted_blobs = true,
    ),
    answer(
        "blob-delete-missing-202",
        &["blob-delete-missing"],
        "Deleting a missing blob is answered with 202.",
        |c, a| {
            if of_blob(c) && c.is("DELETE") && a.status == 404 {
                *a = Answer::new(202);
            }
        },
    ),
];

fn of_tag(call: &Call) -> bool {
    matches!(&call.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'))
}

fn of_blob(call: &Call) -> bool {
    matches!(call.endpoint, Endpoint::Blob(..))
}

fn deleted(call: &Call, answer: &Answer, by_digest: bool) -> bool {
    let of_manifest = matches!(call.endpoint, Endpoint::Manifest(..));
    call.is("DELETE") && answer.status == 202 && of_manifest && of_tag(call) != by_digest
}

fn coded(answer: &Answer, code: &str) -> bool {
    String::from_utf8_lossy(&answer.body).contains(code)
}
