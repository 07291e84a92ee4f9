//! Faults of malformed digests and tags.

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::rows::{empty, error, request};
use crate::registry::grammar::is_tag;
use crate::registry::response_edit::{At, on};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    error("blob-malformed-digest-500", &["refusal-status"],
        "GET on a blob with a malformed digest returns 500.",
        on("GET", At::Blob, 400), 500, "UNSUPPORTED", "the digest has no hexadecimal digits"),
    empty("blob-malformed-digest-200", &["blob-get-missing"],
        "GET on a blob with a malformed digest returns 200 and an empty body.",
        on("GET", At::Blob, 400), 200),
    empty("manifest-malformed-digest-200", &["manifest-get-missing"],
        "GET on a manifest with a malformed digest returns 200 and an empty body.",
        on("GET", At::ManifestByDigest, 400), 200),
];

pub const FAULTS: &[Fault] = &[request(
    "tag-white-space-trimmed",
    &["tag-grammar"],
    "The registry trims white space around a tag.",
    |request| {
        if let Endpoint::Manifest(_, tag) = &mut request.endpoint
            && is_tag(tag.trim())
        {
            *tag = tag.trim().to_owned();
        }
    },
)];
