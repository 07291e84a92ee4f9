//! Content codings of responses: a client may ask for one, and digests are those of the bytes without it.

use http::HeaderMap;

use super::wire_exchange::WireRequest;
use crate::client::{Response, codings, decode, permits_codings};

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
    let stated = request.headers.contains_key("accept-encoding");
    let accept = stated.then(|| request.joined("accept-encoding"));
    permits_codings(accept.as_deref(), response)
}
