//! Faults of a registry that gives one repository the answers of another, or that answers conditions for content that does not exist.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{head_blob, reference};
use crate::registry::faults::rows::fault;

pub const FAULTS: &[Fault] = &[
    fault("blob-found-by-head-everywhere")
        .violates(&["blob-get-other-repository"])
        .title("After HEAD found a blob, HEAD on this blob returns 200 in every repository.")
        .after(|store, request, response| {
            let Some(mark) = head_mark(request) else {
                return;
            };
            if response.status == 200 {
                store.tombstones.insert(mark, Bytes::new());
            } else if store.tombstones.contains_key(&mark) {
                *response = ApiResponse::new(200);
            }
        }),
    fault("blob-missing-by-head-everywhere")
        .violates(&["blob-head-status"])
        .title("After a 404 to HEAD on a blob, HEAD on this blob returns 404 in every repository.")
        .after(|store, request, response| {
            let Some(mark) = head_mark(request) else {
                return;
            };
            if response.status == 404 {
                store.tombstones.insert(mark, Bytes::new());
            } else if store.tombstones.contains_key(&mark) {
                *response = ApiResponse::error(404, "BLOB_UNKNOWN", "there is none");
            }
        }),
    fault("missing-any-etag-304")
        .violates(&["manifest-get-missing"])
        .title("GET on a missing manifest with any If-None-Match returns 304.")
        .response(|request, response| {
            let condition = request.header("if-none-match").is_some();
            let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
            if condition && of_manifest && response.status == 404 {
                *response = ApiResponse::new(304);
            }
        }),
    fault("blob-head-any-etag-304")
        .violates(&["blob-head-status"])
        .title("HEAD on a blob with any If-None-Match returns 304.")
        .response(|request, response| {
            if request.header("if-none-match").is_some() && head_blob(request, response) {
                *response = ApiResponse::new(304);
            }
        }),
    fault("blob-head-range-length")
        .violates(&["blob-head-length-matches"])
        .title("HEAD on a blob with a Range returns 200 with the Content-Length of the range.")
        .response(|request, response| {
            if request.header("range").is_some() && head_blob(request, response) {
                response.body = response.body.slice(..1.min(response.body.len()));
                response.set("Content-Length", "1");
            }
        }),
    fault("range-end-above-64-bits-500")
        .violates(&["blob-range-clipped"])
        .title("A Range whose end is a number of more than 64 bits returns 500.")
        .response(|request, response| {
            let range = request.header("range").unwrap_or_default();
            if range.len() > "bytes=18446744073709551615".len() {
                *response = ApiResponse::error(500, "UNSUPPORTED", "this number is too large");
            }
        }),
    fault("range-end-above-32-bits-416")
        .violates(&["blob-range-clipped"])
        .title("A Range whose end is a number of more than 32 bits returns 416.")
        .response(|request, response| {
            let range = request.header("range").unwrap_or_default();
            if response.status == 206 && range.ends_with("-4294967296") {
                *response = ApiResponse::error(416, "UNSUPPORTED", "the range is outside");
                response.set("Content-Range", "bytes */1");
            }
        }),
    fault("if-range-ignored")
        .violates(&["blob-range-condition"])
        .title("GET with a Range ignores If-Range.")
        .request(|request| request.headers.retain(|(name, _)| name != "if-range")),
];

/// What a fault remembers of a HEAD on a blob: the digest, for all repositories.
fn head_mark(request: &ApiRequest) -> Option<(String, String)> {
    let of_blob = matches!(request.endpoint, Endpoint::Blob(..)) && request.is("HEAD");
    let digest = reference(request).filter(|_| of_blob)?;
    Some(("everywhere".to_owned(), digest.to_owned()))
}
