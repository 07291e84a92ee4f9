//! Variants that HTTP permits: conditional requests, redirects, forms of a `Location`, and more headers and bodies than needed.

use super::variant::{Variant, permitted, permitted_until};
use crate::registry::api_request::Endpoint;
use crate::registry::api_response::{ApiResponse, Delivery};
use crate::registry::grammar::digest_like;
use crate::registry::quirks::{on_request, on_response};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "entity-tags-weak",
        "Content and lists have a weak `ETag`; a matching `If-None-Match` is answered with 304.",
        |options| {
            on_response(options, |request, response| {
                if request.reads() && response.status == 200 {
                    let digest = digest_like("sha256:", &response.body).unwrap_or_default();
                    let etag = format!("W/\"{digest}\"");
                    if request.header("if-none-match") == Some(etag.as_str()) {
                        *response = ApiResponse::new(304);
                    }
                    response.set("ETag", etag);
                }
            });
        },
    ),
    permitted(
        "dates-of-1970",
        "All content dates from 1970, so that any `If-Modified-Since` is answered with 304.",
        |options| {
            on_response(options, |request, response| {
                let content = matches!(
                    request.endpoint,
                    Endpoint::Manifest(..) | Endpoint::Blob(..)
                );
                if content && request.reads() && response.status == 200 {
                    if request.header("if-modified-since").is_some() {
                        *response = ApiResponse::new(304);
                    }
                    response.set("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT");
                }
            });
        },
    ),
    permitted(
        "headers-of-caches",
        "Every response has headers for caches and browsers.",
        |options| {
            on_response(options, |_, response| {
                response.set("Vary", "Accept, Accept-Encoding, Authorization");
                response.set("Cache-Control", "private, no-cache, max-age=0");
                response.set("Age", "0");
                response.set("Strict-Transport-Security", "max-age=31536000");
                response.set("X-Content-Type-Options", "nosniff");
            });
        },
    ),
    permitted(
        "locations-with-fragment",
        "A `Location` has a fragment, which no client sends.",
        |options| {
            on_response(options, |_, response| {
                edit_location(response, |location| format!("{location}#here"));
            });
        },
    ),
    permitted(
        "locations-encoded",
        "The colon of a digest in a `Location` is percent-encoded.",
        |options| {
            on_response(options, |_, response| {
                edit_location(response, |location| {
                    location
                        .replace("/sha256:", "/sha256%3A")
                        .replace("/sha512:", "/sha512%3A")
                });
            });
        },
    ),
    permitted_until(
        "1.1",
        "head-without-length",
        "A response to HEAD has no `Content-Length`.",
        |options| {
            on_response(options, |request, response| {
                if request.is("HEAD") {
                    response.delivery = Delivery::WithoutLength;
                }
            });
        },
    ),
    permitted(
        "errors-with-details",
        "The detail of an error is a list, a number or a text.",
        |options| {
            on_response(options, |request, response| {
                let detail = match request.method.as_str() {
                    "GET" => "[{\"a\":1}, null]",
                    "PUT" => "7",
                    _ => "\"see the log\"",
                };
                if response.status >= 400 {
                    let body = String::from_utf8_lossy(&response.body);
                    let body = body.replace("\"detail\":null", &format!("\"detail\":{detail}"));
                    response.body = body.into();
                }
            });
        },
    ),
    permitted(
        "lists-with-charset",
        "The `Content-Type` of lists and errors has a charset.",
        |options| {
            on_response(options, |request, response| {
                let kind = response.header("content-type").map(str::to_owned);
                if let Some(kind) = kind
                    && (request.endpoint.is_list() || response.status >= 400)
                {
                    response.set("Content-Type", format!("{kind}; charset=utf-8"));
                }
            });
        },
    ),
    permitted(
        "writes-with-body",
        "The responses to writes have a body of JSON.",
        |options| {
            on_response(options, |request, response| {
                if !request.reads() && matches!(response.status, 201 | 202) {
                    response.set("Content-Type", "application/json");
                    response.body = "{\"status\":\"ok\"}".into();
                }
            });
        },
    ),
    permitted(
        "blobs-303",
        "GET on a blob is redirected with 303 to another path.",
        |options| {
            options.redirect_blobs = true;
            on_response(options, |_, response| redirect_with(response, 303));
        },
    ),
    permitted(
        "blobs-302",
        "Blob requests are redirected with 302 to another path.",
        |options| {
            options.redirect_blobs = true;
            on_response(options, |_, response| redirect_with(response, 302));
        },
    ),
    permitted(
        "blobs-308",
        "Blob requests are redirected with 308 to another path.",
        |options| {
            options.redirect_blobs = true;
            on_response(options, |_, response| redirect_with(response, 308));
        },
    ),
    permitted(
        "ranges-in-parts",
        "A 206 response has at most 100 bytes of the range, which its `Content-Range` names.",
        |options| {
            on_response(options, |_, response| send_part(response, 100));
        },
    ),
    permitted(
        "referrers-newest-first",
        "A referrers list is in reverse order.",
        |options| {
            on_response(options, |request, response| {
                if matches!(request.endpoint, Endpoint::Referrers(..))
                    && let Ok(mut list) =
                        serde_json::from_slice::<serde_json::Value>(&response.body)
                    && let Some(all) = list.get_mut("manifests").and_then(|all| all.as_array_mut())
                {
                    all.reverse();
                    response.body = list.to_string().into();
                }
            });
        },
    ),
    permitted(
        "tag-params-backwards",
        "`OCI-Tag` headers are in another order than the `tag` parameters.",
        |options| {
            on_response(options, |_, response| {
                let (mut tags, mut others): (Vec<_>, Vec<_>) = response
                    .headers
                    .drain(..)
                    .partition(|(name, _)| name == "OCI-Tag");
                tags.reverse();
                others.append(&mut tags);
                response.headers = others;
            });
        },
    ),
    permitted(
        "mount-of-own-declined",
        "A mount from the same repository opens an upload session.",
        |options| {
            on_request(options, |request| {
                let own = match &request.endpoint {
                    Endpoint::Uploads(name) => request.query("from") == Some(name),
                    _ => false,
                };
                if own {
                    request
                        .query
                        .retain(|(name, _)| name != "mount" && name != "from");
                }
            });
        },
    ),
    permitted(
        "types-in-capitals",
        "The `Content-Type` of responses to GET and HEAD is in capital letters.",
        |options| {
            on_response(options, |request, response| {
                let kind = response.header("content-type").map(str::to_uppercase);
                if let Some(kind) = kind.filter(|_| request.reads()) {
                    response.set("Content-Type", kind);
                }
            });
        },
    ),
    permitted(
        "locations-without-scheme",
        "A `Location` begins with two slashes and the host.",
        |options| {
            on_response(options, |request, response| {
                let host = request.origin.split_once(':').map_or("", |(_, host)| host);
                let location = response.header("location").unwrap_or_default();
                if location.starts_with('/') {
                    let location = format!("{host}{location}");
                    response.set("Location", location);
                }
            });
        },
    ),
    permitted(
        "locations-with-dots",
        "The path of a `Location` has dot segments.",
        |options| {
            on_response(options, |_, response| {
                edit_location(response, |location| {
                    location.replacen("/v2/", "/v2/x/.././", 1)
                });
            });
        },
    ),
    permitted(
        "digests-by-blake3",
        "`Docker-Content-Digest` of responses to GET and HEAD is a blake3 digest.",
        |options| {
            on_response(options, |request, response| {
                let known = response.header("docker-content-digest").unwrap_or_default();
                let digest = digest_like("sha256:", known.as_bytes()).unwrap_or_default();
                if request.reads() && !known.is_empty() {
                    response.set("Docker-Content-Digest", digest.replace("sha256", "blake3"));
                }
            });
        },
    ),
];

/// Leaves at most so many bytes of a 206 response.
fn send_part(response: &mut ApiResponse, most: usize) {
    let range = response.header("content-range").unwrap_or_default();
    let part = range.strip_prefix("bytes ").and_then(|range| {
        let (first, rest) = range.split_once('-')?;
        let (_, size) = rest.split_once('/')?;
        let last = first
            .parse::<usize>()
            .ok()?
            .checked_add(most)?
            .checked_sub(1)?;
        Some(format!("bytes {first}-{last}/{size}"))
    });
    if let Some(part) = part.filter(|_| response.status == 206 && response.body.len() > most) {
        response.body.truncate(most);
        response.set("Content-Range", part);
    }
}

pub(super) fn edit_location(response: &mut ApiResponse, change: fn(&str) -> String) {
    if let Some(location) = response.header("location").map(change) {
        response.set("Location", location);
    }
}

fn redirect_with(response: &mut ApiResponse, status: u16) {
    if response.status == 307 {
        response.status = status;
    }
}
