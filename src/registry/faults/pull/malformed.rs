//! Faults of malformed digests and tags.

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::grammar::is_tag;
use crate::registry::response_edit::{At, on};

pub const FAULTS: &[Fault] = &[
    fault("blob-malformed-digest-500")
        .violates(&["refusal-status"])
        .title("GET on a blob with a malformed digest returns 500.")
        .error(
            on("GET", At::Blob, 400),
            500,
            "UNSUPPORTED",
            "the digest has no hexadecimal digits",
        ),
    fault("blob-malformed-digest-200")
        .violates(&["blob-get-missing"])
        .title("GET on a blob with a malformed digest returns 200 and an empty body.")
        .empty(on("GET", At::Blob, 400), 200),
    fault("manifest-malformed-digest-200")
        .violates(&["manifest-get-missing"])
        .title("GET on a manifest with a malformed digest returns 200 and an empty body.")
        .empty(on("GET", At::ManifestByDigest, 400), 200),
    fault("tag-white-space-trimmed")
        .violates(&["tag-grammar"])
        .title("The registry trims white space around a tag.")
        .request(|request| {
            if let Endpoint::Manifest(_, tag) = &mut request.endpoint
                && is_tag(tag.trim())
            {
                *tag = tag.trim().to_owned();
            }
        }),
];
