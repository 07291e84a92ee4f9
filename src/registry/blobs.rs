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
        return ApiResponse::error(400, "DIGEST_INVALID", "this is no digest");
    }
    let own = store.blob(name, digest);
    let shared = || {
        store
            .blob_anywhere(digest)
            .filter(|_| options.breaks.shared_blobs)
    };
    let Some(bytes) = own.or_else(shared) else {
        return unknown(store, name);
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
        .filter(|_| options.range && request.is("GET"));
    match range.map_or(Part::Whole, |range| part(range, bytes.len())) {
        Part::Whole => response.body(bytes.clone()),
        Part::Outside => ApiResponse::error(416, "UNSUPPORTED", "the range is outside of the blob")
            .with("Content-Range", format!("bytes */{}", bytes.len())),
        Part::Of(first, last) => {
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
        return ApiResponse::error(status, "UNSUPPORTED", "blobs cannot be deleted");
    }
    if store.blob(name, digest).is_none() {
        return unknown(store, name);
    }
    if !options.breaks.keep_deleted_blobs
        && let Some(repository) = store.repositories.get_mut(name)
        && let Some(bytes) = repository.blobs.remove(digest)
    {
        store.total = store.total.saturating_sub(bytes.len());
    }
    ApiResponse::new(202)
}

fn unknown(store: &Store, name: &str) -> ApiResponse {
    match store.repositories.contains_key(name) {
        true => ApiResponse::error(404, "BLOB_UNKNOWN", "there is no such blob"),
        false => ApiResponse::error(404, "NAME_UNKNOWN", "there is no such repository"),
    }
}

/// What a Range header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// All of it: no range, or one that is not understood (RFC 9110, section 14.2).
    Whole,
    /// Nothing that there is: it starts after the end, or ends before it starts (a server may ignore or
    /// reject the latter).
    Outside,
    /// These bytes, both ends included.
    Of(usize, usize),
}

fn part(range: &str, length: usize) -> Part {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|ranges| !ranges.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |text: &str| text.trim().parse::<usize>().ok();
    match (number(first), number(last)) {
        (Some(first), _) if first >= length => Part::Outside,
        (Some(first), Some(last)) if last >= first => Part::Of(first, last.min(length - 1)),
        (Some(_), Some(_)) => Part::Outside,
        (Some(first), None) if last.trim().is_empty() => Part::Of(first, length - 1),
        (None, Some(0)) if first.trim().is_empty() => Part::Outside,
        (None, Some(count)) if first.trim().is_empty() && length > 0 => {
            Part::Of(length.saturating_sub(count), length - 1)
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, part};

    #[test]
    fn ranges_are_read() {
        assert_eq!(part("bytes=0-3", 10), Part::Of(0, 3));
        assert_eq!(part("bytes=8-99", 10), Part::Of(8, 9));
        assert_eq!(part("bytes=4-", 10), Part::Of(4, 9));
        assert_eq!(part("bytes=-3", 10), Part::Of(7, 9));
        assert_eq!(part("bytes=-30", 10), Part::Of(0, 9));
        assert_eq!(part("bytes=10-", 10), Part::Outside);
        assert_eq!(part("bytes=-0", 10), Part::Outside);
        assert_eq!(part("bytes=3-1", 10), Part::Outside);
        for odd in ["bytes=a-b", "lines=0-1", "bytes=0-1,3-4", "bytes=-"] {
            assert_eq!(part(odd, 10), Part::Whole, "{odd}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Outside);
    }
}
