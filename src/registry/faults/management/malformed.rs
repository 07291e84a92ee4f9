//! Faults of DELETE with a malformed digest.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::grammar::{DigestKind, digest_kind};

pub const FAULTS: &[Fault] = &[
    fault("blob-delete-malformed-digest-202")
        .violates(&["blob-delete-missing"])
        .title("DELETE on a blob with a malformed digest returns 202.")
        .before(|_, request| {
            let Endpoint::Blob(_, digest) = &request.endpoint else {
                return None;
            };
            let malformed = digest_kind(digest) == DigestKind::None;
            (request.is("DELETE") && malformed).then(|| ApiResponse::new(202))
        }),
    fault("manifest-delete-malformed-digest-202")
        .violates(&["manifest-delete-missing"])
        .title("DELETE on a manifest with a malformed digest returns 202.")
        .before(|_, request| {
            let Endpoint::Manifest(_, digest) = &request.endpoint else {
                return None;
            };
            let malformed = digest.contains(':') && digest_kind(digest) == DigestKind::None;
            (request.is("DELETE") && malformed).then(|| ApiResponse::new(202))
        }),
];
