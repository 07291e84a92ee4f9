//! Faults of DELETE with a malformed digest.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::rows::before;
use crate::registry::grammar::{DigestKind, digest_kind};

pub const FAULTS: &[Fault] = &[
    before(
        "blob-delete-malformed-digest-202",
        &["blob-delete-missing"],
        "DELETE on a blob with a malformed digest returns 202.",
        |_, request| {
            let Endpoint::Blob(_, digest) = &request.endpoint else {
                return None;
            };
            let malformed = digest_kind(digest) == DigestKind::None;
            (request.is("DELETE") && malformed).then(|| ApiResponse::new(202))
        },
    ),
    before(
        "manifest-delete-malformed-digest-202",
        &["manifest-delete-missing"],
        "DELETE on a manifest with a malformed digest returns 202.",
        |_, request| {
            let Endpoint::Manifest(_, digest) = &request.endpoint else {
                return None;
            };
            let malformed = digest.contains(':') && digest_kind(digest) == DigestKind::None;
            (request.is("DELETE") && malformed).then(|| ApiResponse::new(202))
        },
    ),
];
