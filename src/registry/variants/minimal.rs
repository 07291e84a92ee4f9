//! The registry with as few features as the specification allows.

use super::variant::{Variant, permitted};
use crate::registry::options::{Deletion, ErrorBodies};

pub const VARIANTS: &[Variant] = &[permitted(
    "bare",
    "Every optional feature is off, and error responses have no body.",
    |options| {
        options.referrers = false;
        options.mount = false;
        options.single_post = false;
        options.sha512 = false;
        options.tag_params = false;
        options.range = false;
        options.cancel = false;
        options.mutable_tags = false;
        options.delete_tags = Deletion::Off(405);
        options.delete_manifests = Deletion::Off(405);
        options.delete_blobs = Deletion::Off(405);
        options.error_bodies = ErrorBodies::Empty;
    },
)];
