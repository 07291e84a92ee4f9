//! Variants that choose options of the registry: features, pagination, deletion, error bodies.

use super::variant::{Variant, permitted};
use crate::registry::options::{Deletion, ErrorBodies, Locations};

pub const VARIANTS: &[Variant] = &[
    Variant {
        id: "read-only",
        title: "Only pulls are supported; every write is refused with 405.",
        set: |options| options.writable = false,
        read_only: true,
        since: None,
        until: None,
    },
    permitted(
        "locations-absolute",
        "`Location` and `Link` hold absolute URLs.",
        |options| options.locations = Locations::Absolute,
    ),
    permitted(
        "locations-relative",
        "`Location` and `Link` hold URLs relative to the request.",
        |options| options.locations = Locations::Request,
    ),
    permitted(
        "locations-query",
        "A `Location` has a query that the next request must repeat.",
        |options| options.locations = Locations::Query,
    ),
    permitted(
        "tags-paged",
        "A page lists at most three tags.",
        |options| options.tags_page = 3,
    ),
    permitted(
        "tags-by-bytes",
        "Tags are sorted by bytes, not regardless of case.",
        |options| options.case_insensitive_order = false,
    ),
    permitted(
        "tags-of-nothing",
        "An unknown repository has an empty list of tags, not 404.",
        |options| options.unknown_tags_404 = false,
    ),
    permitted("referrers-paged", "A page lists one referrer.", |options| {
        options.referrers_page = 1
    }),
    permitted(
        "no-referrers",
        "The referrers API is not supported.",
        |options| options.referrers = false,
    ),
    permitted(
        "no-referrers-filter",
        "The `artifactType` filter is ignored.",
        |options| options.referrers_filter = false,
    ),
    permitted(
        "no-mount",
        "Blobs are not mounted; an upload session is opened instead.",
        |options| options.mount = false,
    ),
    permitted(
        "no-anonymous-mount",
        "A mount without `from` is not supported; an upload session is opened instead.",
        |options| options.anonymous_mount = false,
    ),
    permitted(
        "no-single-post",
        "A single POST does not push a blob; an upload session is opened instead.",
        |options| options.single_post = false,
    ),
    permitted("no-sha512", "Only sha256 is supported.", |options| {
        options.sha512 = false
    }),
    permitted(
        "no-tag-params",
        "`tag` parameters are ignored.",
        |options| options.tag_params = false,
    ),
    permitted("no-range", "Range requests are ignored.", |options| {
        options.range = false
    }),
    permitted("no-cancel", "Uploads cannot be cancelled.", |options| {
        options.cancel = false
    }),
    permitted(
        "tags-stay",
        "Tags are immutable: a push to another manifest is refused with 409.",
        |options| options.mutable_tags = false,
    ),
    permitted(
        "sparse-manifests",
        "A manifest may reference content that the repository does not have.",
        |options| options.sparse_manifests = true,
    ),
    permitted(
        "no-tag-deletion",
        "Tags cannot be deleted: 405.",
        |options| options.delete_tags = Deletion::Off(405),
    ),
    permitted(
        "no-tag-deletion-400",
        "Tags cannot be deleted: 400.",
        |options| options.delete_tags = Deletion::Off(400),
    ),
    permitted(
        "no-deletion",
        "Tags, manifests and blobs cannot be deleted: 405.",
        |options| {
            options.delete_tags = Deletion::Off(405);
            options.delete_manifests = Deletion::Off(405);
            options.delete_blobs = Deletion::Off(405);
        },
    ),
    permitted(
        "no-deletion-400",
        "Tags, manifests and blobs cannot be deleted: 400.",
        |options| {
            options.delete_tags = Deletion::Off(400);
            options.delete_manifests = Deletion::Off(400);
            options.delete_blobs = Deletion::Off(400);
        },
    ),
    permitted(
        "chunk-minimum",
        "`OCI-Chunk-Min-Length` announces 1 MiB; shorter chunks are accepted.",
        |options| options.chunk_min = 1024 * 1024,
    ),
    permitted("errors-empty", "Error responses have no body.", |options| {
        options.error_bodies = ErrorBodies::Empty
    }),
    permitted("errors-html", "Error responses are HTML.", |options| {
        options.error_bodies = ErrorBodies::Html
    }),
    permitted(
        "too-many-requests",
        "Every fortieth request is refused with 429.",
        |options| options.rate_limit_every = 40,
    ),
    permitted(
        "blobs-elsewhere",
        "Blob requests are redirected to another path.",
        |options| options.redirect_blobs = true,
    ),
];
