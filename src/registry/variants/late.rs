//! Variants in which one kind of read shows a push late, or some content does.

use std::time::Duration;

use super::variant::{Variant, permitted};
use crate::registry::visibility::VisibilityDelay;

pub const VARIANTS: &[Variant] = &[
    permitted(
        "seen-later",
        "A pushed blob, manifest or tag is visible after 200 ms.",
        |options| options.visibility_delay = VisibilityDelay::of_all(Duration::from_millis(200)),
    ),
    permitted(
        "blobs-late",
        "A pushed blob is served after 1 s.",
        |options| options.visibility_delay.blobs = Duration::from_secs(1),
    ),
    permitted(
        "manifests-late",
        "A pushed manifest is served by its digest after 300 ms.",
        |options| options.visibility_delay.by_digest = Duration::from_millis(300),
    ),
    permitted(
        "manifests-late-by-tag",
        "A pushed manifest is served by its tag after 1.5 s.",
        |options| options.visibility_delay.by_tag = Duration::from_millis(1500),
    ),
    permitted(
        "tag-list-late",
        "A pushed tag is listed after 1.5 s.",
        |options| options.visibility_delay.tag_list = Duration::from_millis(1500),
    ),
    permitted(
        "tag-list-late-by-bytes",
        "A pushed tag is listed after 1.5 s, and tags are sorted by bytes.",
        |options| {
            options.visibility_delay.tag_list = Duration::from_millis(1500);
            options.case_insensitive_order = false;
        },
    ),
    permitted(
        "referrers-late",
        "A pushed referrer is listed after 1 s.",
        |options| options.visibility_delay.referrers = Duration::from_secs(1),
    ),
    permitted(
        "referrers-late-unfiltered",
        "A pushed referrer is listed after 1 s, and the `artifactType` filter is ignored.",
        |options| {
            options.visibility_delay.referrers = Duration::from_secs(1);
            options.referrers_filter = false;
        },
    ),
    permitted(
        "late-at-random",
        "One in eight pushed blobs, manifests and tags is visible after 1 s.",
        |options| {
            let delay = VisibilityDelay::of_all(Duration::from_secs(1));
            options.visibility_delay = VisibilityDelay {
                sometimes: true,
                ..delay
            };
        },
    ),
];
