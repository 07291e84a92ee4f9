//! Faults of requests with Accept, Accept-Encoding, If-None-Match or Range, as clients send them.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    MIB, by_digest, by_tag, got_blob, got_manifest, head_manifest, is_index, kind_of, reference,
};
use crate::registry::faults::rows::{after, empty, error, header, response};
use crate::registry::faults::store_edits::repository_of;
use crate::registry::response_edit::{GET_BLOB, GET_MANIFEST, HEAD_BLOB, HEAD_MANIFEST};
use crate::registry::store::Store;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    empty("manifest-any-etag-304", &["manifest-get-status"],
        "GET on a manifest with any If-None-Match returns 304.",
        GET_MANIFEST.if_request(has_condition), 304),
    empty("manifest-head-any-etag-304", &["manifest-head-status"],
        "HEAD on a manifest with any If-None-Match returns 304.",
        HEAD_MANIFEST.if_request(has_condition), 304),
    empty("blob-any-etag-304", &["blob-get-status"],
        "GET on a blob with any If-None-Match returns 304.",
        GET_BLOB.if_request(has_condition), 304),
    error("accept-quality-404", &["manifest-get-accept"],
        "GET on a manifest with a quality value in Accept returns 404.",
        GET_MANIFEST.if_request(|request| accept(request).contains("q=")), 404, "MANIFEST_UNKNOWN", "not accepted"),
    error("head-accept-two", &["manifest-get-accept"],
        "HEAD on a manifest reads only the first two types of Accept.",
        HEAD_MANIFEST.if_request(|request| accept(request).split(',').count() > 2),
        404, "MANIFEST_UNKNOWN", "not accepted"),
    header("index-relabelled", &["manifest-get-content-type-as-pushed"],
        "GET on an index with the image type alone in Accept returns the index with the Content-Type of an image.",
        GET_MANIFEST.if_request(wants_image).if_response(is_index),
        "Content-Type", "application/vnd.oci.image.manifest.v1+json"),
    error("index-as-image-500", &["refusal-status"],
        "GET on an index with the image type alone in Accept returns 500.",
        GET_MANIFEST.if_request(wants_image).if_response(is_index), 500, "UNKNOWN", "this is an index"),
    header("image-relabelled", &["manifest-get-content-type-as-pushed"],
        "GET on an OCI image with types of Docker in Accept returns the Content-Type of a Docker image.",
        GET_MANIFEST.if_request(|request| accept(request).contains("docker"))
            .if_response(|response| kind_of(response) == "application/vnd.oci.image.manifest.v1+json"),
        "Content-Type", "application/vnd.docker.distribution.manifest.v2+json"),
    header("manifest-head-length-zero", &["manifest-head-length-as-get"],
        "HEAD on a manifest returns the Content-Length 0.", HEAD_MANIFEST, "Content-Length", "0"),
    header("blob-head-length-zero", &["blob-head-length-as-get"],
        "HEAD on a blob returns the Content-Length 0.", HEAD_BLOB, "Content-Length", "0"),
    header("image-type-parameters", &["manifest-get-content-type-parameters"],
        "GET on an image adds a parameter to the Content-Type.",
        GET_MANIFEST.if_response(|response| kind_of(response) == "application/vnd.oci.image.manifest.v1+json"),
        "Content-Type", "application/vnd.oci.image.manifest.v1+json; charset=utf-8"),
    header("blob-head-length-compressed", &["blob-head-length-matches"],
        "HEAD on a blob with gzip in Accept-Encoding returns another Content-Length, without Content-Encoding.",
        HEAD_BLOB.if_request(takes_gzip), "Content-Length", "23"),
    empty("blob-head-range-206", &["blob-head-status"],
        "HEAD on a blob with a Range returns 206.",
        HEAD_BLOB.if_request(|request| request.header("range").is_some()), 206),
];

pub const FAULTS: &[Fault] = &[
    after(
        "index-as-image-by-tag",
        &["manifest-get-digest-matches"],
        "GET on the tag of an index with the image type alone in Accept returns an image under the digest of the index.",
        |store, request, response| {
            if got_manifest(request, response) && by_tag(request) {
                give_first_image(store, request, response);
            }
        },
    ),
    after(
        "index-as-image-by-digest",
        &["manifest-get-content"],
        "GET on the digest of an index with the image type alone in Accept returns an image.",
        |store, request, response| {
            if got_manifest(request, response) && by_digest(request) {
                give_first_image(store, request, response);
            }
        },
    ),
    response(
        "type-from-accept",
        &["manifest-get-content-type-as-pushed"],
        "GET on a manifest returns the first type of Accept as the Content-Type.",
        |request, response| {
            let first = accept(request).split([',', ';']).next().unwrap_or_default();
            if got_manifest(request, response) && first.contains("json") {
                let first = first.to_owned();
                response.set("Content-Type", first);
            }
        },
    ),
    response(
        "etag-of-tag",
        &["manifest-get-by-tag"],
        "The ETag of a manifest is its tag, so that GET with the ETag returns 304 after the tag moved.",
        |request, response| {
            if got_manifest(request, response)
                && let Some(tag) = reference(request).filter(|_| by_tag(request))
            {
                let etag = format!("\"{tag}\"");
                if request.header("if-none-match") == Some(etag.as_str()) {
                    *response = ApiResponse::new(304);
                }
                response.set("ETag", etag);
            }
        },
    ),
    response(
        "blob-compressed-unsaid",
        &["blob-get-content"],
        "GET on a blob with gzip in Accept-Encoding returns compressed bytes without Content-Encoding.",
        |request, response| {
            if got_blob(request, response) && takes_gzip(request) {
                compress(response);
            }
        },
    ),
    response(
        "gzip-layers-decoded",
        &["blob-get-content"],
        "GET on a blob that is compressed with gzip returns it decompressed.",
        |request, response| {
            if got_blob(request, response)
                && let Some(decoded) = decompressed(&response.body)
            {
                response.body = decoded.into();
            }
        },
    ),
    response(
        "gzip-layers-encoded-again",
        &["blob-get-content"],
        "GET on a blob that is compressed with gzip, with gzip in Accept-Encoding, returns it decompressed and compressed again.",
        |request, response| {
            if got_blob(request, response)
                && takes_gzip(request)
                && let Some(decoded) = decompressed(&response.body)
            {
                response.body = decoded.into();
                response.gzip();
                response.remove("content-encoding");
            }
        },
    ),
    response(
        "gzip-layers-said-encoded",
        &["blob-get-content"],
        "GET on a blob that is compressed with gzip, with gzip in Accept-Encoding, names gzip in Content-Encoding, so that clients decompress it.",
        |request, response| {
            if got_blob(request, response)
                && takes_gzip(request)
                && decompressed(&response.body).is_some()
            {
                response.set("Content-Encoding", "gzip");
            }
        },
    ),
    response(
        "manifest-compressed-unsaid",
        &["manifest-get-content"],
        "GET on a manifest with gzip in Accept-Encoding returns compressed bytes without Content-Encoding.",
        |request, response| {
            if got_manifest(request, response) && takes_gzip(request) {
                compress(response);
            }
        },
    ),
    response(
        "manifest-head-compressed-length",
        &["manifest-head-length-matches"],
        "HEAD on a manifest with gzip in Accept-Encoding returns the length of compressed bytes without Content-Encoding.",
        |request, response| {
            if head_manifest(request, response) && takes_gzip(request) {
                compress(response);
            }
        },
    ),
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
