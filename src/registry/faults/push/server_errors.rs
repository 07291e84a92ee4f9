//! Faults of pushes that are answered with a server error instead of a success or a refusal.

use serde_json::Value;

use crate::registry::api_request::ApiRequest;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{has_code, tag_of};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::repository_of;
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{ANY, PATCH_UPLOAD, PUT_MANIFEST};
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("manifest-missing-layer-500")
        .violates(&["refusal-status"])
        .title("PUT of a manifest with a missing layer returns 500.")
        .error(
            ANY.method("PUT")
                .error()
                .if_response(|response| has_code(response, "MANIFEST_BLOB_UNKNOWN")),
            500,
            "UNKNOWN",
            "a layer is missing",
        ),
    fault("non-distributable-500")
        .violates(&["refusal-status"])
        .title("PUT of an image with a non-distributable layer returns 500.")
        .error(
            PUT_MANIFEST.if_request(|request| {
                String::from_utf8_lossy(&request.body).contains("nondistributable")
            }),
            500,
            "UNKNOWN",
            "a layer is missing",
        ),
    fault("chunk-streamed-500")
        .violates(&["refusal-status"])
        .title("PATCH without Content-Range returns 500.")
        .error(
            PATCH_UPLOAD.if_request(|request| request.header("content-range").is_none()),
            500,
            "UNKNOWN",
            "there is no Content-Range",
        ),
    fault("manifest-type-disagrees-500")
        .violates(&["refusal-status"])
        .title("PUT of a manifest whose mediaType differs from its Content-Type returns 500.")
        .before(|_, request| {
            tag_of(request)?;
            let manifest: Value = serde_json::from_slice(&request.body).ok()?;
            let own = manifest.get("mediaType")?.as_str()?;
            let agrees = request.header("content-type")?.contains(own);
            (!agrees).then(|| ApiResponse::error(500, "UNKNOWN", "these types differ"))
        }),
    fault("tag-move-500")
        .violates(&["manifest-put-status"])
        .title("PUT of another manifest under an existing tag returns 500.")
        .before(|store, request| {
            let (before, pushed) = pushed_again(store, request)?;
            (before != pushed).then(|| ApiResponse::error(500, "UNKNOWN", "this tag exists"))
        }),
    fault("tag-push-again-500")
        .violates(&["manifest-put-status"])
        .title("PUT of the same manifest under its tag again returns 500.")
        .before(|store, request| {
            let (before, pushed) = pushed_again(store, request)?;
            (before == pushed).then(|| ApiResponse::error(500, "UNKNOWN", "this tag exists"))
        }),
];

/// The digest that the pushed tag leads to, and the one of the pushed manifest.
fn pushed_again(store: &mut Store, request: &ApiRequest) -> Option<(String, String)> {
    let before = repository_of(store, request)?.tags.get(tag_of(request)?)?;
    let before = before.digest.clone();
    let pushed = digest_like(&before, &request.body)?;
    Some((before, pushed))
}
