//! Headers that concern one connection alone (RFC 9110, section 7.6.1).

use http::header::{CONNECTION, TE, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Those that are not named by `Connection`.
const OF_CONNECTION: [HeaderName; 6] = [
    CONNECTION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// Headers that no `Connection` may take away: without them the message would mean something else.
const END_TO_END: [&str; 3] = ["content-length", "host", "authorization"];

/// The headers that pass: all but those of the connection. `TE: trailers` passes, so that trailers do.
pub fn passing(mut headers: HeaderMap) -> HeaderMap {
    let named = headers.get_all(CONNECTION).iter();
    let named: Vec<String> = named
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .collect();
    let trailers = headers
        .get(TE)
        .filter(|value| *value == "trailers")
        .cloned();
    for name in &OF_CONNECTION {
        headers.remove(name);
    }
    for name in named
        .iter()
        .filter(|name| !END_TO_END.contains(&name.as_str()))
    {
        headers.remove(name.as_str());
    }
    if let Some(trailers) = trailers {
        headers.insert(TE, trailers);
    }
    headers
}

/// The authority that a request names, by its URI or by Host.
pub fn authority(uri: &http::Uri, headers: &HeaderMap) -> Option<String> {
    let host = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let named = uri.authority().map(ToString::to_string);
    named
        .or_else(|| headers.get("host").map(host))
        .filter(|host| !host.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn headers_of_the_connection_do_not_pass() {
        let passed = passing(headers(&[
            ("connection", "keep-alive, X-Hop, Content-Length"),
            ("x-hop", "1"),
            ("upgrade", "websocket"),
            ("transfer-encoding", "chunked"),
            ("te", "trailers"),
            ("content-length", "3"),
            ("x-end", "1"),
        ]));
        let mut names: Vec<&str> = passed.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "te", "x-end"]);
    }

    #[test]
    fn the_authority_is_that_of_the_uri_or_of_host() {
        let of = |uri: &str, lines| authority(&uri.parse().unwrap(), &headers(lines));
        assert_eq!(of("/v2/", &[("host", "h:1")]).as_deref(), Some("h:1"));
        assert_eq!(
            of("http://u:2/v2/", &[("host", "h:1")]).as_deref(),
            Some("u:2")
        );
        assert_eq!(of("/v2/", &[]), None);
    }
}
