//! Faults of requests with Accept, Accept-Encoding, If-None-Match or Range, as clients send them.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    MIB, by_digest, by_tag, got_blob, got_manifest, head_manifest, is_index, kind_of, reference,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::repository_of;
use crate::registry::response_edit::{GET_BLOB, GET_MANIFEST, HEAD_BLOB, HEAD_MANIFEST};
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("manifest-any-etag-304")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest with any If-None-Match returns 304.")
        .empty(GET_MANIFEST.if_request(has_condition), 304),
    fault("manifest-head-any-etag-304")
        .violates(&["manifest-head-status"])
        .title("HEAD on a manifest with any If-None-Match returns 304.")
        .empty(HEAD_MANIFEST.if_request(has_condition), 304),
    fault("blob-any-etag-304")
        .violates(&["blob-get-status"])
        .title("GET on a blob with any If-None-Match returns 304.")
        .empty(GET_BLOB.if_request(has_condition), 304),
    fault("accept-quality-404")
        .violates(&["manifest-get-accept"])
        .title("GET on a manifest with a quality value in Accept returns 404.")
        .error(
            GET_MANIFEST.if_request(|request| accept(request).contains("q=")),
            404,
            "MANIFEST_UNKNOWN",
            "not accepted",
        ),
    fault("head-accept-two")
        .violates(&["manifest-get-accept"])
        .title("HEAD on a manifest reads only the first two types of Accept.")
        .error(
            HEAD_MANIFEST.if_request(|request| accept(request).split(',').count() > 2),
            404,
            "MANIFEST_UNKNOWN",
            "not accepted",
        ),
    fault("index-relabelled")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title(
            "GET on an index with the image type alone in Accept returns the index with the \
             Content-Type of an image.",
        )
        .header(
            GET_MANIFEST.if_request(wants_image).if_response(is_index),
            "Content-Type",
            "application/vnd.oci.image.manifest.v1+json",
        ),
    fault("index-as-image-500")
        .violates(&["refusal-status"])
        .title("GET on an index with the image type alone in Accept returns 500.")
        .error(
            GET_MANIFEST.if_request(wants_image).if_response(is_index),
            500,
            "UNKNOWN",
            "this is an index",
        ),
    fault("image-relabelled")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title(
            "GET on an OCI image with types of Docker in Accept returns the Content-Type of a \
             Docker image.",
        )
        .header(
            GET_MANIFEST
                .if_request(|request| accept(request).contains("docker"))
                .if_response(|response| {
                    kind_of(response) == "application/vnd.oci.image.manifest.v1+json"
                }),
            "Content-Type",
            "application/vnd.docker.distribution.manifest.v2+json",
        ),
    fault("manifest-head-length-zero")
        .violates(&["manifest-head-length-as-get"])
        .title("HEAD on a manifest returns the Content-Length 0.")
        .header(HEAD_MANIFEST, "Content-Length", "0"),
    fault("blob-head-length-zero")
        .violates(&["blob-head-length-as-get"])
        .title("HEAD on a blob returns the Content-Length 0.")
        .header(HEAD_BLOB, "Content-Length", "0"),
    fault("image-type-parameters")
        .violates(&["manifest-get-content-type-parameters"])
        .title("GET on an image adds a parameter to the Content-Type.")
        .header(
            GET_MANIFEST.if_response(|response| {
                kind_of(response) == "application/vnd.oci.image.manifest.v1+json"
            }),
            "Content-Type",
            "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
        ),
    fault("blob-head-length-compressed")
        .violates(&["blob-head-length-matches"])
        .title(
            "HEAD on a blob with gzip in Accept-Encoding returns another Content-Length, \
             without Content-Encoding.",
        )
        .header(HEAD_BLOB.if_request(takes_gzip), "Content-Length", "23"),
    fault("blob-head-range-206")
        .violates(&["blob-head-status"])
        .title("HEAD on a blob with a Range returns 206.")
        .empty(
            HEAD_BLOB.if_request(|request| request.header("range").is_some()),
            206,
        ),
    fault("index-as-image-by-tag")
        .violates(&["manifest-get-digest-matches"])
        .title(
            "GET on the tag of an index with the image type alone in Accept returns an image \
             under the digest of the index.",
        )
        .after(|store, request, response| {
            if got_manifest(request, response) && by_tag(request) {
                give_first_image(store, request, response);
            }
        }),
    fault("index-as-image-by-digest")
        .violates(&["manifest-get-content"])
        .title(
            "GET on the digest of an index with the image type alone in Accept returns an image.",
        )
        .after(|store, request, response| {
            if got_manifest(request, response) && by_digest(request) {
                give_first_image(store, request, response);
            }
        }),
    fault("type-from-accept")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title("GET on a manifest returns the first type of Accept as the Content-Type.")
        .response(|request, response| {
            let first = accept(request).split([',', ';']).next().unwrap_or_default();
            if got_manifest(request, response) && first.contains("json") {
                let first = first.to_owned();
                response.set("Content-Type", first);
            }
        }),
    fault("etag-of-tag")
        .violates(&["manifest-get-by-tag"])
        .title(
            "The ETag of a manifest is its tag, so that GET with the ETag returns 304 after \
             the tag moved.",
        )
        .response(|request, response| {
            if got_manifest(request, response)
                && let Some(tag) = reference(request).filter(|_| by_tag(request))
            {
                let etag = format!("\"{tag}\"");
                if request.header("if-none-match") == Some(etag.as_str()) {
                    *response = ApiResponse::new(304);
                }
                response.set("ETag", etag);
            }
        }),
    fault("blob-compressed-unsaid")
        .violates(&["blob-get-content"])
        .title(
            "GET on a blob with gzip in Accept-Encoding returns compressed bytes without \
             Content-Encoding.",
        )
        .response(|request, response| {
            if got_blob(request, response) && takes_gzip(request) {
                compress(response);
            }
        }),
    fault("gzip-layers-decoded")
        .violates(&["blob-get-content"])
        .title("GET on a blob that is compressed with gzip returns it decompressed.")
        .response(|request, response| {
            if got_blob(request, response)
                && let Some(decoded) = decompressed(&response.body)
            {
                response.body = decoded.into();
            }
        }),
    fault("gzip-layers-encoded-again")
        .violates(&["blob-get-content"])
        .title(
            "GET on a blob that is compressed with gzip, with gzip in Accept-Encoding, \
             returns it decompressed and compressed again.",
        )
        .response(|request, response| {
            if got_blob(request, response)
                && takes_gzip(request)
                && let Some(decoded) = decompressed(&response.body)
            {
                response.body = decoded.into();
                response.gzip();
                response.remove("content-encoding");
            }
        }),
    fault("gzip-layers-said-encoded")
        .violates(&["blob-get-content"])
        .title(
            "GET on a blob that is compressed with gzip, with gzip in Accept-Encoding, names \
             gzip in Content-Encoding, so that clients decompress it.",
        )
        .response(|request, response| {
            if got_blob(request, response)
                && takes_gzip(request)
                && decompressed(&response.body).is_some()
            {
                response.set("Content-Encoding", "gzip");
            }
        }),
    fault("manifest-compressed-unsaid")
        .violates(&["manifest-get-content"])
        .title(
            "GET on a manifest with gzip in Accept-Encoding returns compressed bytes without \
             Content-Encoding.",
        )
        .response(|request, response| {
            if got_manifest(request, response) && takes_gzip(request) {
                compress(response);
            }
        }),
    fault("manifest-head-compressed-length")
        .violates(&["manifest-head-length-matches"])
        .title(
            "HEAD on a manifest with gzip in Accept-Encoding returns the length of compressed \
             bytes without Content-Encoding.",
        )
        .response(|request, response| {
            if head_manifest(request, response) && takes_gzip(request) {
                compress(response);
            }
        }),
];

/// Whether a request names a manifest.
pub fn is_of_manifest(request: &ApiRequest) -> bool {
    matches!(request.endpoint, Endpoint::Manifest(..))
}

fn has_condition(request: &ApiRequest) -> bool {
    request.header("if-none-match").is_some()
}

fn accept(request: &ApiRequest) -> &str {
    request.header("accept").unwrap_or_default()
}

/// Whether a request accepts images and nothing else.
fn wants_image(request: &ApiRequest) -> bool {
    let accept = accept(request);
    accept.contains("image.manifest") && !accept.contains("index") && !accept.contains('*')
}

fn takes_gzip(request: &ApiRequest) -> bool {
    let coding = request.header("accept-encoding");
    coding.is_some_and(|coding| coding.contains("gzip"))
}

/// The content of a small gzip stream; none for other bytes.
fn decompressed(body: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::new();
    GzDecoder::new(body)
        .take(MIB as u64)
        .read_to_end(&mut decoded)
        .ok()?;
    Some(decoded)
}

/// Adds a gzip header to a body: enough of the form for other bytes than the pushed ones.
fn compress(response: &mut ApiResponse) {
    let start = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff";
    response.body = [&start[..], &response.body[..]].concat().into();
}

/// Replaces an index by its first image, with the headers of the index, if the request accepts images alone.
fn give_first_image(store: &mut Store, request: &ApiRequest, response: &mut ApiResponse) {
    if !wants_image(request) || !is_index(response) {
        return;
    }
    let index: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let first = index
        .pointer("/manifests/0/digest")
        .and_then(|digest| digest.as_str());
    let image = first.and_then(|first| repository_of(store, request)?.manifests.get(first));
    if let Some(image) = image {
        response.body = image.bytes.clone();
        response.set("Content-Type", image.media_type.clone());
    }
}
