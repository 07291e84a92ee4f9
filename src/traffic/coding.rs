//! Content codings of responses: a client may ask for one, and digests are those of the bytes without it.

use http::HeaderMap;

use super::wire_exchange::WireRequest;
use crate::client::{Response, codings, decode};

/// The most bytes of a decoded body.
const LARGEST: usize = 8 * 1024 * 1024;

/// Removes the codings of a response, and their header where the request accepts them. False where they cannot be
/// removed.
pub fn remove(request: &WireRequest, response: &mut Response) -> bool {
    let codings = codings(&response.headers);
    let Ok(decoded) = decode(&codings, &response.body, LARGEST) else {
        return false;
    };
    response.body = decoded;
    if accepted(request, &response.headers) {
        response.headers.remove("content-encoding");
    }
    true
}

/// Whether a request accepts all codings of its response.
pub fn accepted(request: &WireRequest, response: &HeaderMap) -> bool {
    codings(response)
        .iter()
        .all(|coding| accepts(request, coding))
}

/// Whether `Accept-Encoding` permits a coding (RFC 9110, section 12.5.3).
fn accepts(request: &WireRequest, coding: &str) -> bool {
    if !request.headers.contains_key("accept-encoding") {
        return true;
    }
    let joined = request.joined("accept-encoding").to_ascii_lowercase();
    let quality = |wanted: &str| {
        let elements = joined.split(',').map(|element| {
            let (name, quality) = element.split_once(';').unwrap_or((element, ""));
            let quality = quality.trim().strip_prefix("q=").unwrap_or("1");
            (name.trim(), quality.parse::<f32>().unwrap_or(1.0))
        });
        elements
            .filter(|(name, _)| *name == wanted)
            .map(|(_, quality)| quality)
            .next()
    };
    quality(coding)
        .or_else(|| quality("*"))
        .is_some_and(|quality| quality > 0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::endpoint::Endpoint;
    use crate::traffic::wire_exchange::WireBody;

    fn accepts_with(header: Option<&str>, coding: &str) -> bool {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert("accept-encoding", value.parse().unwrap());
        }
        let request = WireRequest {
            method: "GET".to_owned(),
            url: "http://h/v2/".parse().unwrap(),
            endpoint: Endpoint::Base,
            headers,
            body: WireBody::default(),
            connection: None,
            complete: true,
        };
        accepts(&request, coding)
    }

    #[test]
    fn a_request_accepts_what_it_names() {
        for header in [None, Some("gzip"), Some("br, GZIP;q=0.5"), Some("*")] {
            assert!(accepts_with(header, "gzip"), "{header:?}");
        }
        for header in [Some("identity"), Some("gzip;q=0"), Some("*;q=0"), Some("")] {
            assert!(!accepts_with(header, "gzip"), "{header:?}");
        }
    }
}
