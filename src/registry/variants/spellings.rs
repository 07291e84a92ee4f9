//! Spellings that HTTP and URLs treat as equal.

use super::http::edit_location;
use super::variant::{Variant, permitted};
use crate::registry::api_request::Endpoint;
use crate::registry::quirks::{on_request, on_response};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "lengths-with-zeros",
        "The `Content-Length` of pulled content begins with zeros.",
        |options| {
            on_response(options, |request, response| {
                if is_content(&request.endpoint) && request.reads() && response.status == 200 {
                    response.set("Content-Length", format!("{:012}", response.body.len()));
                }
            });
        },
    ),
    permitted(
        "json-gzipped-as-x-gzip",
        "GET of JSON is gzip in transit if Accept-Encoding names gzip, and the response calls the coding `x-gzip`.",
        |options| {
            on_response(options, |request, response| {
                let kind = response.header("content-type").unwrap_or_default();
                let mut asked = request.header_elements("accept-encoding");
                if asked.any(|coding| coding == "gzip")
                    && request.is("GET")
                    && kind.contains("json")
                    && response.succeeds()
                {
                    response.gzip();
                    response.set("Content-Encoding", "x-gzip");
                }
            });
        },
    ),
    permitted(
        "locations-with-slash",
        "The `Location` of stored content ends with a slash, and percent-encodes a letter of the digest's algorithm.",
        |options| {
            on_request(options, |request| {
                if request.path.starts_with("/v2/") && request.endpoint == Endpoint::Unknown {
                    request.endpoint = Endpoint::of(request.path.trim_end_matches('/'));
                }
            });
            on_response(options, |_, response| {
                if response.status == 201 {
                    edit_location(response, |location| {
                        location.replace("/sha", "/s%68a").replace(':', "%3a") + "/"
                    });
                }
            });
        },
    ),
    permitted(
        "locations-with-empty-query",
        "The `Location` of an upload session ends with a question mark.",
        |options| {
            on_response(options, |_, response| {
                if response.status == 202 || response.status == 204 {
                    edit_location(response, |location| format!("{location}?"));
                }
            });
        },
    ),
];

const fn is_content(endpoint: &Endpoint) -> bool {
    matches!(endpoint, Endpoint::Manifest(..) | Endpoint::Blob(..))
}
