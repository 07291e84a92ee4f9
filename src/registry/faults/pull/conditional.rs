//! Faults of requests with If-None-Match or If-Modified-Since.

use super::negotiation::is_of_manifest;
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    by_tag, got_blob, got_manifest, head_manifest, reference,
};
use crate::registry::faults::rows::response;

/// A date on which the registry says that all content was modified.
const MODIFIED: &str = "Wed, 01 Jan 2025 00:00:00 GMT";

pub const FAULTS: &[Fault] = &[
    response(
        "manifest-any-date-304",
        &["manifest-get-status"],
        "GET on a manifest with any If-Modified-Since returns 304.",
        |request, response| {
            if got_manifest(request, response) {
                not_modified_since_any_date(request, response);
            }
        },
    ),
    response(
        "blob-any-date-304",
        &["blob-get-status"],
        "GET on a blob with any If-Modified-Since returns 304.",
        |request, response| {
            if got_blob(request, response) {
                not_modified_since_any_date(request, response);
            }
        },
    ),
    response(
        "manifest-etag-known-empty",
        &["manifest-get-content"],
        "GET on a manifest with its own entity tag returns 200 without content.",
        |request, response| {
            if got_manifest(request, response) {
                empty_if_known(request, response);
            }
        },
    ),
    response(
        "blob-etag-known-empty",
        &["blob-get-content"],
        "GET on a blob with its own entity tag returns 200 without content.",
        |request, response| {
            if got_blob(request, response) {
                empty_if_known(request, response);
            }
        },
    ),
    response(
        "manifest-etag-known-404",
        &["manifest-get-status"],
        "GET on a manifest with its own entity tag returns 404.",
        |request, response| {
            if got_manifest(request, response) && knows(request, response) {
                *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "nothing new");
            }
        },
    ),
    response(
        "etag-of-tag-by-head",
        &["manifest-head-status"],
        "HEAD on a tag with the entity tag that GET returned is answered with 304 after the tag moved.",
        |request, response| {
            let get = got_manifest(request, response);
            if (get || head_manifest(request, response))
                && let Some(tag) = reference(request).filter(|_| by_tag(request))
            {
                let etag = format!("\"{tag}\"");
                if !get && request.header("if-none-match") == Some(etag.as_str()) {
                    *response = ApiResponse::new(304);
                }
                response.set("ETag", etag);
            }
        },
    ),
    response(
        "tags-etag-of-path",
        &["tags-complete"],
        "The entity tag of a tag list never changes, so that GET with it returns 304 after a tag was pushed.",
        |request, response| {
            if matches!(request.endpoint, Endpoint::Tags(_)) && response.status == 200 {
                same_for_ever(request, response);
            }
        },
    ),
    response(
        "referrers-etag-of-path",
        &["referrers-complete"],
        "The entity tag of a referrers list never changes, so that GET with it returns 304 after a referrer was pushed.",
        |request, response| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) && response.status == 200 {
                same_for_ever(request, response);
            }
        },
    ),
    response(
        "accept-first-line",
        &["manifest-get-accept"],
        "GET and HEAD on a manifest read only the first line of Accept, and return 404 for other types.",
        |request, response| read_one_line(request, response, |lines| lines.first().copied()),
    ),
    response(
        "accept-last-line",
        &["manifest-get-accept"],
        "GET and HEAD on a manifest read only the last line of Accept, and return 404 for other types.",
        |request, response| read_one_line(request, response, |lines| lines.last().copied()),
    ),
];

fn not_modified_since_any_date(request: &ApiRequest, response: &mut ApiResponse) {
    if request.header("if-modified-since").is_some() {
        *response = ApiResponse::new(304);
    }
    response.set("Last-Modified", MODIFIED);
}

/// Sets the entity tag of content; whether the request has it.
fn knows(request: &ApiRequest, response: &mut ApiResponse) -> bool {
    let digest = response.header("docker-content-digest").unwrap_or_default();
    let etag = format!("\"{digest}\"");
    let known = request.header("if-none-match") == Some(etag.as_str());
    response.set("ETag", etag);
    known
}

fn empty_if_known(request: &ApiRequest, response: &mut ApiResponse) {
    if knows(request, response) {
        response.body = bytes::Bytes::new();
    }
}

/// Gives a list an entity tag that only its path decides.
fn same_for_ever(request: &ApiRequest, response: &mut ApiResponse) {
    let etag = format!("\"{}\"", request.path);
    if request.header("if-none-match") == Some(etag.as_str()) {
        *response = ApiResponse::new(304);
    }
    response.set("ETag", etag);
}

/// Returns 404 where the only line of Accept that is read names other types.
fn read_one_line(
    request: &ApiRequest,
    response: &mut ApiResponse,
    choose: for<'a> fn(&[&'a str]) -> Option<&'a str>,
) {
    let lines = request.headers.iter();
    let lines: Vec<&str> = lines
        .filter(|(name, _)| name == "accept")
        .map(|(_, line)| line.as_str())
        .collect();
    let kind = response.header("content-type").unwrap_or_default();
    let accepted = choose(&lines).is_none_or(|line| line.contains(kind) || line.contains("*/*"));
    if is_of_manifest(request) && response.status == 200 && lines.len() > 1 && !accepted {
        *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "not accepted");
    }
}
