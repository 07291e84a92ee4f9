//! Questions that faults ask about a request and its response.

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;

/// A MiB, in bytes.
pub const MIB: usize = 1024 * 1024;

/// A digest that no content has.
pub const WRONG_DIGEST: &str =
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The path of a blob that does not exist.
pub const MISSING_BLOB: &str =
    "/v2/nowhere/blobs/sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The sha256 digest of the empty blob.
pub const EMPTY_DIGEST: &str =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Whether a request names the second of the repositories that a run uses.
pub fn second(request: &ApiRequest) -> bool {
    request.in_second_repository
}

/// Whether a request names a repository that cases never create.
pub fn in_absent_repository(request: &ApiRequest) -> bool {
    let name = request.endpoint.repository();
    name.is_some_and(|name| name.contains("absent"))
}

/// Whether the name of a repository has two underscores in a row.
pub fn has_two_underscores(request: &ApiRequest) -> bool {
    let name = request.endpoint.repository();
    name.is_some_and(|name| name.contains("__"))
}

/// Whether the `digest` parameter of a request starts with this.
pub fn digest_starts_with(request: &ApiRequest, start: &str) -> bool {
    let digest = request.query("digest");
    digest.is_some_and(|digest| digest.starts_with(start))
}

pub fn of_sha512(request: &ApiRequest) -> bool {
    request.path.contains("sha512:")
}

/// The tag or digest of a request.
pub fn reference(request: &ApiRequest) -> Option<&str> {
    match &request.endpoint {
        Endpoint::Manifest(_, at) | Endpoint::Blob(_, at) => Some(at),
        _ => None,
    }
}

pub fn by_digest(request: &ApiRequest) -> bool {
    reference(request).is_some_and(|at| at.contains(':'))
}

/// Whether a request names a manifest by tag.
pub fn by_tag(request: &ApiRequest) -> bool {
    matches!(&request.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'))
}

pub fn got_manifest(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("GET")
        && response.status == 200
        && matches!(request.endpoint, Endpoint::Manifest(..))
}

/// Whether HEAD found a manifest.
pub fn head_manifest(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("HEAD")
        && response.status == 200
        && matches!(request.endpoint, Endpoint::Manifest(..))
}

pub fn put_manifest(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("PUT")
        && response.status == 201
        && matches!(request.endpoint, Endpoint::Manifest(..))
}

/// Whether the registry refused a manifest.
pub fn refused_manifest(request: &ApiRequest, response: &ApiResponse) -> bool {
    let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
    request.is("PUT") && of_manifest && matches!(response.status, 400 | 404)
}

/// Whether a request pushes an index.
pub fn pushes_index(request: &ApiRequest) -> bool {
    let kind = request.header("content-type").unwrap_or_default();
    request.is("PUT") && kind.contains("image.index")
}

/// Whether the body of a request names the media type of the empty JSON object.
pub fn has_empty_object(request: &ApiRequest) -> bool {
    String::from_utf8_lossy(&request.body).contains("application/vnd.oci.empty.v1+json")
}

/// The tag that a request pushes.
pub fn tag_of(request: &ApiRequest) -> Option<&str> {
    match &request.endpoint {
        Endpoint::Manifest(_, at) if !at.contains(':') && request.is("PUT") => Some(at),
        _ => None,
    }
}

/// The digest under which a request pushes a manifest.
pub fn digest_of(request: &ApiRequest) -> Option<&str> {
    match &request.endpoint {
        Endpoint::Manifest(_, at) if at.contains(':') && request.is("PUT") => Some(at),
        _ => None,
    }
}

/// The tags in the `tag` parameters of a request.
pub fn tag_params(request: &ApiRequest) -> impl Iterator<Item = &str> {
    let tags = request.query.iter().filter(|(name, _)| name == "tag");
    tags.map(|(_, tag)| tag.as_str())
}

/// Whether a tag has the form of the referrers tag schema.
pub fn of_referrers(tag: &str) -> bool {
    ["sha256-", "sha512-"]
        .iter()
        .any(|start| tag.starts_with(start))
}

/// The Content-Type of a response.
pub fn kind_of(response: &ApiResponse) -> String {
    response
        .header("content-type")
        .unwrap_or_default()
        .to_owned()
}

/// Whether a response has an index.
pub fn is_index(response: &ApiResponse) -> bool {
    kind_of(response).contains("index")
}

/// Whether a response names a subject.
pub fn has_subject(response: &ApiResponse) -> bool {
    response.header("oci-subject").is_some()
}

/// Whether the body of a response has more than a MiB.
pub fn is_large(response: &ApiResponse) -> bool {
    response.body.len() > MIB
}

pub fn is_empty(response: &ApiResponse) -> bool {
    response.body.is_empty()
}

/// Whether a response is an error of this code.
pub fn has_code(response: &ApiResponse, code: &str) -> bool {
    String::from_utf8_lossy(&response.body).contains(code)
}

/// Whether a request got a blob, or a range of one.
pub fn got_blob(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("GET") && response.succeeds() && matches!(request.endpoint, Endpoint::Blob(..))
}

/// Whether HEAD found a blob.
pub fn head_blob(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("HEAD") && response.status == 200 && matches!(request.endpoint, Endpoint::Blob(..))
}

/// Whether a request to an upload session had this method, and its response this status.
pub fn on_upload(request: &ApiRequest, response: &ApiResponse, method: &str, status: u16) -> bool {
    request.is(method)
        && response.status == status
        && matches!(request.endpoint, Endpoint::Upload(..))
}

/// Whether a request is a PUT to an upload session.
pub fn closes_upload(request: &ApiRequest) -> bool {
    request.is("PUT") && matches!(request.endpoint, Endpoint::Upload(..))
}

/// The digest of a PUT that closes an upload.
pub fn closing_digest(request: &ApiRequest) -> Option<&str> {
    request.query("digest").filter(|_| closes_upload(request))
}

/// Whether a closing PUT has the last chunk or no bytes.
pub fn in_chunks(request: &ApiRequest) -> bool {
    request.body.is_empty() || request.header("content-range").is_some()
}

/// Whether a closing PUT has the whole blob.
pub fn in_one_piece(request: &ApiRequest) -> bool {
    !in_chunks(request)
}

/// The Content-Range of a chunk: its first and its last byte.
pub fn content_range(request: &ApiRequest) -> Option<(usize, usize)> {
    let (first, last) = request.header("content-range")?.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// Whether a chunk starts after the first byte of its upload.
pub fn after_first_chunk(request: &ApiRequest) -> bool {
    content_range(request).is_some_and(|(first, _)| first > 0)
}

/// Whether an upload session reports the Range of an empty upload.
pub fn reports_no_bytes(response: &ApiResponse) -> bool {
    response.header("range") == Some("0-0")
}

/// Whether a single POST pushed a blob.
pub fn single_post(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("POST") && response.status == 201 && request.query("digest").is_some()
}

/// The digest of a blob that a request mounted.
pub fn mounted_digest<'c>(request: &'c ApiRequest, response: &ApiResponse) -> Option<&'c str> {
    let opens = matches!(request.endpoint, Endpoint::Uploads(_)) && response.status == 201;
    request.query("mount").filter(|_| opens)
}

pub fn got_tags(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && matches!(request.endpoint, Endpoint::Tags(_))
}

pub fn got_referrers(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && matches!(request.endpoint, Endpoint::Referrers(..))
}

/// Whether a list of referrers is empty.
pub fn none_listed(response: &ApiResponse) -> bool {
    String::from_utf8_lossy(&response.body).contains("\"manifests\":[]")
}

pub fn got_catalog(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && request.endpoint == Endpoint::Catalog
}

pub fn got_extensions(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && matches!(request.endpoint, Endpoint::Extensions(_))
}

/// Whether a request pushed or got a manifest of Docker's own media types: a manifest list, or an image.
pub fn of_docker(request: &ApiRequest, response: &ApiResponse, list: bool) -> bool {
    let wanted = if list {
        "docker.distribution.manifest.list.v2"
    } else {
        "docker.distribution.manifest.v2"
    };
    let body = if request.is("PUT") {
        &request.body
    } else {
        &response.body
    };
    serde_json::from_slice::<Value>(body).is_ok_and(|manifest| {
        let media_type = manifest.get("mediaType").and_then(Value::as_str);
        media_type.is_some_and(|name| name.contains(wanted))
    })
}
