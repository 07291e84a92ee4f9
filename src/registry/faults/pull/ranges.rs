//! Faults of the Range header of GET on a blob.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::drop_last_byte;
use crate::registry::faults::predicates::{WRONG_DIGEST, second};
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::{ANY, GET_BLOB};

pub const FAULTS: &[Fault] = &[
    fault("range-not-said")
        .violates(&["blob-range-content-range"])
        .title("A 206 response has no Content-Range.")
        .without(ANY.status(206), "content-range"),
    fault("range-outside-400")
        .violates(&["blob-range-unsatisfiable"])
        .title("A Range after the end of the blob returns 400 instead of 416.")
        .status(
            ANY.status(416)
                .if_response(|response| response.header("content-range").is_some()),
            400,
        ),
    fault("range-outside-no-length")
        .violates(&["blob-range-unsatisfiable-length"])
        .title("A 416 response has no Content-Range.")
        .without(ANY.status(416), "content-range"),
    fault("blob-range-500")
        .violates(&["blob-range-status"])
        .title("GET on a blob with a Range header returns 500.")
        .error(
            GET_BLOB.if_request(|request| request.header("range").is_some()),
            500,
            "UNSUPPORTED",
            "no",
        ),
    fault("blob-range-two-500")
        .violates(&["refusal-status"])
        .title("GET on a blob with two ranges returns 500.")
        .error(
            GET_BLOB.if_request(|request| {
                request
                    .header("range")
                    .is_some_and(|range| range.contains(','))
            }),
            500,
            "UNKNOWN",
            "this is more than one range",
        ),
    fault("range-outside-206")
        .violates(&["blob-range-unsatisfiable"])
        .title("A Range after the end of the blob returns 206 with an empty body.")
        .empty(ANY.method("GET").status(416), 206),
    fault("range-part-digest")
        .violates(&["blob-get-digest-matches"])
        .title("A 206 response has a wrong Docker-Content-Digest.")
        .header(ANY.status(206), "Docker-Content-Digest", WRONG_DIGEST),
    fault("blob-range-second-repository")
        .violates(&["blob-range-status"])
        .title("The registry ignores the Range header in the second repository.")
        .request(|request| {
            if second(request)
                && request.is("GET")
                && matches!(request.endpoint, Endpoint::Blob(..))
            {
                request.headers.retain(|(name, _)| name != "range");
            }
        }),
    fault("range-ignored")
        .violates(&["blob-range-status"])
        .title("The registry ignores the Range header.")
        .request(|request| request.headers.retain(|(name, _)| name != "range")),
    fault("range-too-much")
        .violates(&["blob-range-content"])
        .title("A 206 response has one byte too many.")
        .response(|_, response| {
            if response.status == 206 {
                response.body = [&response.body[..], b"!"].concat().into();
            }
        }),
    fault("range-open-ignored")
        .violates(&["blob-range-open"])
        .title("The registry ignores a Range without an end.")
        .request(|request| {
            request
                .headers
                .retain(|(name, value)| name != "range" || !value.ends_with('-'))
        }),
    fault("range-suffix-ignored")
        .violates(&["blob-range-suffix"])
        .title("The registry ignores a suffix Range.")
        .request(|request| {
            request
                .headers
                .retain(|(name, value)| name != "range" || !value.contains("=-"))
        }),
    fault("range-two-joined")
        .violates(&["blob-range-content"])
        .title(
            "A Range with two parts returns the bytes of both under the Content-Range of the \
             first.",
        )
        .response(|request, response| {
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
        }),
    fault("range-whole")
        .violates(&["blob-range-content"])
        .title("A 206 response has zero bytes instead of the bytes of the range.")
        .response(|_, response| {
            if response.status == 206 {
                let (other, length) = (vec![0; response.body.len()], response.body.len());
                response.body = other.into();
                response.set("X-Length", length.to_string());
            }
        }),
    fault("range-200-part")
        .violates(&["blob-range-status"])
        .title("A Range returns the right bytes with 200 instead of 206.")
        .response(|_, response| {
            if response.status == 206 {
                response.status = 200;
                response.remove("content-range");
            }
        }),
    fault("range-total")
        .violates(&["blob-range-content-range"])
        .title("The Content-Range of a 206 response has a wrong total length.")
        .response(|_, response| {
            if response.status == 206 {
                let range = response
                    .header("content-range")
                    .unwrap_or_default()
                    .to_owned();
                response.set("Content-Range", range + "0");
            }
        }),
    fault("range-open-short")
        .violates(&["blob-range-content"])
        .title("A Range without an end returns one byte too few.")
        .response(|request, response| {
            if response.status == 206
                && request
                    .header("range")
                    .is_some_and(|range| range.ends_with('-'))
            {
                drop_last_byte(response);
            }
        }),
    fault("range-beyond-416")
        .violates(&["blob-range-clipped"])
        .title("A Range that ends after the end of the blob returns 416 instead of 206.")
        .response(|request, response| {
            let beyond = request
                .header("range")
                .and_then(|range| range.rsplit_once('-'));
            let beyond = beyond.is_some_and(|(_, end)| end.starts_with('9') && end.len() > 4);
            if response.status == 206 && beyond {
                *response = ApiResponse::error(416, "UNSUPPORTED", "no");
            }
        }),
    fault("range-malformed-500")
        .violates(&["blob-range-malformed"])
        .title("A malformed Range returns 500.")
        .response(|request, response| {
            let range = request.header("range").unwrap_or_default();
            if matches!(range, "bytes=9-3" | "bytes=a-b" | "lines=0-3") {
                *response = ApiResponse::new(500);
            }
        }),
    fault("range-across-chunks-short")
        .violates(&["blob-range-content"])
        .title(
            "A Range across the end of the first pushed chunk returns the bytes of this chunk \
             only.",
        )
        .after(|store, request, response| {
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
        }),
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
