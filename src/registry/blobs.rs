//! Blobs: end-2 (section "Pulling blobs") and end-10 (section "Deleting Blobs").

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::grammar::{DigestKind, digest_kind};
use super::options::{Deletion, Options};
use super::store::Store;

/// GET and HEAD of a blob.
pub fn read(
    store: &Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    digest: &str,
) -> ApiResponse {
    if digest_kind(digest) == DigestKind::None {
        return ApiResponse::error(400, "DIGEST_INVALID", "the digest is invalid");
    }
    let late = &options.visibility_delay;
    let since = store.blob_since(name, digest);
    let hidden = since.is_some_and(|since| late.hides(late.blobs, digest, since));
    let own = store.blob(name, digest).filter(|_| !hidden);
    let shared = || {
        store
            .blob_anywhere(digest)
            .filter(|_| options.switches.serve_blobs_of_all_repositories)
    };
    let Some(bytes) = own.or_else(shared) else {
        return blob_unknown(store, name);
    };
    if options.redirect_blobs && request.query("cdn").is_none() {
        let location = format!("{}{}?cdn=1&sig=secret", request.origin, request.path);
        return ApiResponse::new(307).with("Location", location);
    }
    let response = ApiResponse::new(200)
        .with("Content-Type", "application/octet-stream")
        .with("Docker-Content-Digest", digest)
        .with("Accept-Ranges", "bytes");
    let range = request
        .header("range")
        .filter(|_| options.range && request.is("GET"))
        .filter(|_| request.header("if-range").is_none()); // no blob has an entity tag that could match
    match range.map_or(Part::Whole, |range| parse_range(range, bytes.len())) {
        Part::Whole => response.body(bytes.clone()),
        Part::Outside => ApiResponse::error(416, "UNSUPPORTED", "the range is outside of the blob")
            .with("Content-Range", format!("bytes */{}", bytes.len())),
        Part::Bytes(first, last) => {
            let range = format!("bytes {first}-{last}/{}", bytes.len());
            let mut part = response
                .body(bytes.slice(first..=last))
                .with("Content-Range", range);
            part.status = 206;
            part
        }
    }
}

/// DELETE of a blob.
pub fn delete(store: &mut Store, options: &Options, name: &str, digest: &str) -> ApiResponse {
    if let Deletion::Off(status) = options.delete_blobs {
        return ApiResponse::error(status, "UNSUPPORTED", "blobs cannot be deleted")
            .with("Allow", "GET, HEAD");
    }
    if store.blob(name, digest).is_none() {
        return blob_unknown(store, name);
    }
    if !options.switches.ignore_blob_deletion
        && let Some(repository) = store.repositories.get_mut(name)
        && let Some(bytes) = repository.blobs.remove(digest)
    {
        store.total = store.total.saturating_sub(bytes.len());
    }
    ApiResponse::new(202)
}

fn blob_unknown(store: &Store, name: &str) -> ApiResponse {
    match store.repositories.contains_key(name) {
        true => ApiResponse::error(404, "BLOB_UNKNOWN", "the blob does not exist"),
        false => ApiResponse::repository_unknown(),
    }
}

/// The part of a blob that a `Range` header selects.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// The whole blob: there is no range, or its syntax is not supported (RFC 9110, section 14.2).
    Whole,
    /// No byte: the range starts after the end of the blob, or ends before its own start.
    Outside,
    /// The bytes from the first to the last offset, both included.
    Bytes(usize, usize),
}

fn parse_range(range: &str, length: usize) -> Part {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|ranges| !ranges.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let end = length.saturating_sub(1);
    let number = |text: &str| text.trim().parse::<usize>().ok();
    match (number(first), number(last)) {
        (Some(first), _) if first >= length => Part::Outside,
        (Some(first), Some(last)) if last >= first => Part::Bytes(first, last.min(end)),
        (Some(_), Some(_)) => Part::Outside,
        (Some(first), None) if last.trim().is_empty() => Part::Bytes(first, end),
        (None, Some(0)) if first.trim().is_empty() => Part::Outside,
        (None, Some(count)) if first.trim().is_empty() && length > 0 => {
            Part::Bytes(length.saturating_sub(count), end)
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, parse_range};

    #[test]
    fn ranges_are_parsed() {
        assert_eq!(parse_range("bytes=0-3", 10), Part::Bytes(0, 3));
        assert_eq!(parse_range("bytes=8-99", 10), Part::Bytes(8, 9));
        assert_eq!(parse_range("bytes=4-", 10), Part::Bytes(4, 9));
        assert_eq!(parse_range("bytes=-3", 10), Part::Bytes(7, 9));
        assert_eq!(parse_range("bytes=-30", 10), Part::Bytes(0, 9));
        assert_eq!(parse_range("bytes=10-", 10), Part::Outside);
        assert_eq!(parse_range("bytes=-0", 10), Part::Outside);
        assert_eq!(parse_range("bytes=3-1", 10), Part::Outside);
        for odd in ["bytes=a-b", "lines=0-1", "bytes=0-1,3-4", "bytes=-"] {
            assert_eq!(parse_range(odd, 10), Part::Whole, "{odd}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Part::Outside);
    }
}
