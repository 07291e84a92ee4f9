//! Faults of requests with If-None-Match or If-Modified-Since.

use super::negotiation::is_of_manifest;
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    by_tag, got_blob, got_manifest, head_manifest, reference,
};
use crate::registry::faults::rows::fault;

/// A date on which the registry says that all content was modified.
const MODIFIED: &str = "Wed, 01 Jan 2025 00:00:00 GMT";

pub const FAULTS: &[Fault] = &[
    fault("manifest-any-date-304")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest with any If-Modified-Since returns 304.")
        .response(|request, response| {
            if got_manifest(request, response) {
                not_modified_since_any_date(request, response);
            }
        }),
    fault("blob-any-date-304")
        .violates(&["blob-get-status"])
        .title("GET on a blob with any If-Modified-Since returns 304.")
        .response(|request, response| {
            if got_blob(request, response) {
                not_modified_since_any_date(request, response);
            }
        }),
    fault("manifest-etag-known-empty")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest with its own entity tag returns 200 without content.")
        .response(|request, response| {
            if got_manifest(request, response) {
                empty_if_known(request, response);
            }
        }),
    fault("blob-etag-known-empty")
        .violates(&["blob-get-content"])
        .title("GET on a blob with its own entity tag returns 200 without content.")
        .response(|request, response| {
            if got_blob(request, response) {
                empty_if_known(request, response);
            }
        }),
    fault("manifest-etag-known-404")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest with its own entity tag returns 404.")
        .response(|request, response| {
            if got_manifest(request, response) && knows(request, response) {
                *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "nothing new");
            }
        }),
    fault("etag-of-tag-by-head")
        .violates(&["manifest-head-status"])
        .title(
            "HEAD on a tag with the entity tag that GET returned is answered with 304 after \
             the tag moved.",
        )
        .response(|request, response| {
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
        }),
    fault("tags-etag-of-path")
        .violates(&["tags-complete"])
        .title(
            "The entity tag of a tag list never changes, so that GET with it returns 304 \
             after a tag was pushed.",
        )
        .response(|request, response| {
            if matches!(request.endpoint, Endpoint::Tags(_)) && response.status == 200 {
                same_for_ever(request, response);
            }
        }),
    fault("referrers-etag-of-path")
        .violates(&["referrers-complete"])
        .title(
            "The entity tag of a referrers list never changes, so that GET with it returns \
             304 after a referrer was pushed.",
        )
        .response(|request, response| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) && response.status == 200 {
                same_for_ever(request, response);
            }
        }),
    fault("accept-first-line")
        .violates(&["manifest-get-accept"])
        .title(
            "GET and HEAD on a manifest read only the first line of Accept, and return 404 \
             for other types.",
        )
        .response(|request, response| {
            read_one_line(request, response, |lines| lines.first().copied())
        }),
    fault("accept-last-line")
        .violates(&["manifest-get-accept"])
        .title(
            "GET and HEAD on a manifest read only the last line of Accept, and return 404 for \
             other types.",
        )
        .response(|request, response| {
            read_one_line(request, response, |lines| lines.last().copied())
        }),
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
