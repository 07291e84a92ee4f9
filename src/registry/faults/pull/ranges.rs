//! Faults of the Range header of GET on a blob.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::drop_last_byte;
use crate::registry::faults::predicates::{WRONG_DIGEST, second};
use crate::registry::faults::rows::{
    after, empty, error, header, request, response, status, without,
};
use crate::registry::response_edit::{ANY, GET_BLOB};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    without("range-not-said", &["blob-range-content-range"],
        "A 206 response has no Content-Range.", ANY.status(206), "content-range"),
    status("range-outside-400", &["blob-range-unsatisfiable"],
        "A Range after the end of the blob returns 400 instead of 416.",
        ANY.status(416).if_response(|response| response.header("content-range").is_some()), 400),
    without("range-outside-no-length", &["blob-range-unsatisfiable-length"],
        "A 416 response has no Content-Range.", ANY.status(416), "content-range"),
    error("blob-range-500", &["blob-range-status"],
        "GET on a blob with a Range header returns 500.",
        GET_BLOB.if_request(|request| request.header("range").is_some()), 500, "UNSUPPORTED", "no"),
    error("blob-range-two-500", &["refusal-status"],
        "GET on a blob with two ranges returns 500.",
        GET_BLOB.if_request(|request| request.header("range").is_some_and(|range| range.contains(','))),
        500, "UNKNOWN", "this is more than one range"),
    empty("range-outside-206", &["blob-range-unsatisfiable"],
        "A Range after the end of the blob returns 206 with an empty body.", ANY.method("GET").status(416), 206),
    header("range-part-digest", &["blob-get-digest-matches"],
        "A 206 response has a wrong Docker-Content-Digest.", ANY.status(206), "Docker-Content-Digest", WRONG_DIGEST),
];

pub const FAULTS: &[Fault] = &[
    request(
        "blob-range-second-repository",
        &["blob-range-status"],
        "The registry ignores the Range header in the second repository.",
        |request| {
            if second(request)
                && request.is("GET")
                && matches!(request.endpoint, Endpoint::Blob(..))
            {
                request.headers.retain(|(name, _)| name != "range");
            }
        },
    ),
    request(
        "range-ignored",
        &["blob-range-status"],
        "The registry ignores the Range header.",
        |request| request.headers.retain(|(name, _)| name != "range"),
    ),
    response(
        "range-too-much",
        &["blob-range-content"],
        "A 206 response has one byte too many.",
        |_, response| {
            if response.status == 206 {
                response.body = [&response.body[..], b"!"].concat().into();
            }
        },
    ),
    request(
        "range-open-ignored",
        &["blob-range-open"],
        "The registry ignores a Range without an end.",
        |request| {
            request
                .headers
                .retain(|(name, value)| name != "range" || !value.ends_with('-'))
        },
    ),
    request(
        "range-suffix-ignored",
        &["blob-range-suffix"],
        "The registry ignores a suffix Range.",
        |request| {
            request
                .headers
                .retain(|(name, value)| name != "range" || !value.contains("=-"))
        },
    ),
    response(
        "range-two-joined",
        &["blob-range-content"],
        "A Range with two parts returns the bytes of both under the Content-Range of the first.",
        |request, response| {
            if let Some((range, bytes)) = two_ranges(request, &response.body)
                && response.status == 200
            {
                response.status = 206;
                response.set(
                    "Content-Range",
                    format!("bytes {range}/{}", response.body.len()),
                );
                response.body = bytes.into();
            }
        },
    ),
    response(
        "range-whole",
        &["blob-range-content"],
        "A 206 response has zero bytes instead of the bytes of the range.",
        |_, response| {
            if response.status == 206 {
                let (other, length) = (vec![0; response.body.len()], response.body.len());
                response.body = other.into();
                response.set("X-Length", length.to_string());
            }
        },
    ),
    response(
        "range-200-part",
        &["blob-range-status"],
        "A Range returns the right bytes with 200 instead of 206.",
        |_, response| {
            if response.status == 206 {
                response.status = 200;
                response.remove("content-range");
            }
        },
    ),
    response(
        "range-total",
        &["blob-range-content-range"],
        "The Content-Range of a 206 response has a wrong total length.",
        |_, response| {
            if response.status == 206 {
                let range = response
                    .header("content-range")
                    .unwrap_or_default()
                    .to_owned();
                response.set("Content-Range", range + "0");
            }
        },
    ),
    response(
        "range-open-short",
        &["blob-range-content"],
        "A Range without an end returns one byte too few.",
        |request, response| {
            if response.status == 206
                && request
                    .header("range")
                    .is_some_and(|range| range.ends_with('-'))
            {
                drop_last_byte(response);
            }
        },
    ),
    response(
        "range-beyond-416",
        &["blob-range-clipped"],
        "A Range that ends after the end of the blob returns 416 instead of 206.",
        |request, response| {
            let beyond = request
                .header("range")
                .and_then(|range| range.rsplit_once('-'));
            let beyond = beyond.is_some_and(|(_, end)| end.starts_with('9') && end.len() > 4);
            if response.status == 206 && beyond {
                *response = ApiResponse::error(416, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
        "range-malformed-500",
        &["blob-range-malformed"],
        "A malformed Range returns 500.",
        |request, response| {
            let range = request.header("range").unwrap_or_default();
            if matches!(range, "bytes=9-3" | "bytes=a-b" | "lines=0-3") {
                *response = ApiResponse::new(500);
            }
        },
    ),
    after(
        "range-across-chunks-short",
        &["blob-range-content"],
        "A Range across the end of the first pushed chunk returns the bytes of this chunk only.",
        |store, request, response| {
            let name = "first chunk".to_owned();
            match &request.endpoint {
                Endpoint::Upload(_, id) if request.is("PATCH") => {
                    let first = Bytes::from(request.body.len().to_string());
                    store.tombstones.entry((id.clone(), name)).or_insert(first);
                }
                Endpoint::Upload(_, id) if response.status == 201 => {
                    let first = store.tombstones.get(&(id.clone(), name.clone())).cloned();
                    let digest = request.query("digest").map(str::to_owned);
                    if let (Some(first), Some(digest)) = (first, digest) {
                        store.tombstones.insert((digest, name), first);
                    }
                }
                Endpoint::Blob(_, digest) if response.status == 206 => {
                    let first = store.tombstones.get(&(digest.clone(), name));
                    let first = first
                        .and_then(|first| std::str::from_utf8(first).ok()?.parse::<usize>().ok());
                    let start = response.header("content-range").and_then(|range| {
                        range
                            .strip_prefix("bytes ")?
                            .split_once('-')?
                            .0
                            .parse::<usize>()
                            .ok()
                    });
                    if let (Some(first), Some(start)) = (first, start)
                        && start < first
                    {
                        response.body.truncate(first - start);
                    }
                }
                _ => {}
            }
        },
    ),
];

/// The first of two ranges that a request asks for, and the bytes of both.
fn two_ranges<'r>(request: &'r ApiRequest, body: &[u8]) -> Option<(&'r str, Vec<u8>)> {
    let ranges = request.header("range")?.strip_prefix("bytes=")?;
    let (first, second) = ranges.split_once(',')?;
    let mut joined = Vec::new();
    for range in [first, second] {
        let (start, end) = range.trim().split_once('-')?;
        joined.extend_from_slice(body.get(start.parse().ok()?..=end.parse().ok()?)?);
    }
    Some((first, joined))
}
