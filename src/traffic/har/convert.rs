//! An entry of a HAR file as an exchange.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::format::{Entry, Header, Request, Response};
use crate::endpoint::Endpoint;
use crate::traffic::coding;
use crate::traffic::wire_exchange::{WireBody, WireExchange, WireRequest, WireResponse};

/// The exchange of an entry; none where its URL is not one of HTTP.
pub fn exchange(number: usize, entry: Entry) -> Option<WireExchange> {
    let request = request(entry.request)?;
    let error = entry.response.error.clone().filter(|why| !why.is_empty());
    let response = response(&request, entry.response);
    let error = match (&response, error) {
        (None, None) => Some("the recording has no response".to_owned()),
        (_, error) => error,
    };
    let milliseconds = entry.time.unwrap_or(0.0).clamp(0.0, 1e12);
    let began = OffsetDateTime::parse(&entry.started_date_time, &Rfc3339);
    Some(WireExchange {
        number,
        request,
        response,
        error,
        began: began.map_or(SystemTime::UNIX_EPOCH, SystemTime::from),
        took: Duration::from_secs_f64(milliseconds / 1000.0),
        trusted: false,
    })
}

fn request(recorded: Request) -> Option<WireRequest> {
    let url = Url::parse(&recorded.url).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut names = recorded
        .headers
        .iter()
        .map(|header| header.name.to_ascii_lowercase());
    let complete = names.any(|name| name == "host" || name == ":authority");
    let headers = headers(&recorded.headers);
    let post = recorded.post_data;
    let encoding = post.as_ref().and_then(|post| post.encoding.clone());
    let text = post.and_then(|post| post.text);
    let named = length(&headers);
    let size = recorded.body_size.and_then(|size| u64::try_from(size).ok());
    let size = size.filter(|size| *size > 0 || named.is_none()).or(named);
    let reads = matches!(recorded.method.as_str(), "GET" | "HEAD" | "DELETE");
    Some(WireRequest {
        method: recorded.method,
        endpoint: Endpoint::parse(url.path()),
        url,
        headers,
        body: body(text, encoding.as_deref(), size, reads),
        // Recordings name the port of the server as well, which is that of all connections.
        connection: None,
        complete,
    })
}

fn response(request: &WireRequest, recorded: Response) -> Option<WireResponse> {
    let status = u16::try_from(recorded.status).ok()?;
    if !(100..=999).contains(&status) {
        return None;
    }
    let mut headers = headers(&recorded.headers);
    let coded = headers.contains_key("content-encoding");
    let sent = length(&headers).filter(|_| !coded);
    // A recording has the decoded body.
    if coding::accepted(request, &headers) {
        headers.remove("content-encoding");
    }
    let size = recorded.content.decoded_size();
    let bodiless = request.method == "HEAD" || matches!(status, 204 | 304);
    let known_empty = bodiless || length(&headers) == Some(0);
    let size = size.filter(|size| *size > 0 || known_empty);
    let content = recorded.content;
    let encoding = content.encoding.as_deref();
    let mut body = match bodiless {
        true => WireBody::default(),
        false => body(content.text, encoding, size, known_empty),
    };
    // Some recorders keep the beginning of a body and give the length of that.
    if let Some(sent) = sent.filter(|_| !bodiless) {
        body.size = sent;
    }
    Some(WireResponse {
        status,
        headers,
        body,
        protocol: recorded.http_version,
    })
}

/// A body with the text that is recorded, and its size where that is known. Without either, it is empty or not known.
fn body(text: Option<String>, encoding: Option<&str>, size: Option<u64>, empty: bool) -> WireBody {
    let text = text.filter(|text| !text.is_empty());
    let kept = match (text, encoding) {
        (Some(text), Some("base64")) => STANDARD.decode(text.as_bytes()).ok().map(Bytes::from),
        (text, _) => text.map(Bytes::from),
    };
    let unread = kept.is_none() && !(empty && size.unwrap_or(0) == 0);
    let kept = kept.unwrap_or_default();
    WireBody {
        size: size.unwrap_or(kept.len() as u64),
        kept,
        unread,
        ..WireBody::default()
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get("content-length")?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// Headers, without those that HTTP does not permit: `:authority` and others of HTTP/2.
fn headers(recorded: &[Header]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for header in recorded {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        // Chromium joins the lines of a header by line breaks.
        for line in header.value.split('\n') {
            if let (Ok(name), Ok(value)) = (&name, HeaderValue::from_bytes(line.as_bytes())) {
                // A map holds a bounded number of headers.
                let _ = headers.try_append(name, value);
            }
        }
    }
    headers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The exchange of an entry with this request and response.
    fn read(request: Value, response: Value) -> WireExchange {
        let entry = json!({
            "startedDateTime": "2026-01-02T03:04:05.678901+00:00", "time": 0.5, "request": request, "response": response,
        });
        exchange(0, serde_json::from_value(entry).unwrap()).unwrap()
    }

    fn get() -> Value {
        json!({ "method": "GET", "url": "http://r.example/v2/a/tags/list", "headers": [], "bodySize": -1 })
    }

    fn received(content: Value) -> WireBody {
        let response = json!({
            "status": 200, "headers": [{ "name": "content-length", "value": "8" }], "content": content,
        });
        read(get(), response).response.unwrap().body
    }

    #[test]
    fn the_size_of_a_body_is_that_without_content_codings() {
        let text = "{\"é\":1}";
        for content in [
            json!({ "size": 8, "text": text }),
            // The size of the coded bytes, and what the coding saved or cost.
            json!({ "size": 4, "compression": 4, "text": text }),
            json!({ "size": 28, "compression": -20, "text": text }),
            json!({ "size": 8, "compression": 5, "text": "eyLDqSI6MX0=", "encoding": "base64" }),
        ] {
            let body = received(content.clone());
            assert!(body.is_whole() && body.kept == text, "{content}");
        }
    }

    #[test]
    fn a_body_that_is_not_recorded_is_not_known() {
        for content in [
            json!({ "size": -1, "mimeType": "x-unknown" }),
            json!({ "size": 0, "text": "" }),
            // The text is in another file.
            json!({ "size": 9, "_file": "1.json" }),
            // The beginning, with the length of the beginning.
            json!({ "size": 2, "text": "{}" }),
            json!({ "text": null, "encoding": null }),
            // A part of it, or twice as much.
            json!({ "size": 188, "compression": 94, "text": "{}" }),
            json!({ "size": 9, "text": "no base64", "encoding": "base64" }),
        ] {
            assert!(!received(content.clone()).is_whole(), "{content}");
        }
    }

    #[test]
    fn bytes_that_a_recording_has_as_text_keep_their_size() {
        let post = json!({ "mimeType": "application/octet-stream", "text": "\u{1f}\u{8b}\u{ff}", "params": [] });
        let request = json!({
            "method": "PATCH", "url": "http://r.example/s", "headers": [], "bodySize": 3, "postData": post,
        });
        let body = read(request, json!({ "status": 202, "headers": [] }))
            .request
            .body;
        assert_eq!((body.size, body.is_whole()), (3, false));
    }

    #[test]
    fn headers_are_lines_and_those_of_http2_are_none() {
        let header = |name: &str, value: &str| json!({ "name": name, "value": value });
        let headers = [header(":authority", "r.example"), header("accept", "a\nb")];
        let request = json!({
            "method": "GET", "url": "http://r.example/v2/a/tags/list", "headers": headers, "bodySize": -1,
        });
        let request = read(request, json!({ "status": 200, "headers": [] })).request;
        assert!(
            request.complete && request.joined("accept") == "a, b" && request.headers.len() == 2
        );
    }

    #[test]
    fn what_a_recorder_does_not_know_may_be_null() {
        let request = json!({
            "method": "GET", "url": "http://r.example/v2/", "headers": [], "postData": null, "bodySize": null,
        });
        let response =
            json!({ "status": 200, "httpVersion": null, "headers": [], "content": null });
        assert_eq!(read(request, response).status(), Some(200));
    }

    #[test]
    fn a_request_without_a_response_says_why() {
        for (response, why) in [
            (
                json!({ "status": -1, "_failureText": "net::ERR_FAILED" }),
                "net::ERR_FAILED",
            ),
            (
                json!({ "status": 0, "_error": "net::ERR_ABORTED" }),
                "net::ERR_ABORTED",
            ),
            (json!({ "status": 0 }), "the recording has no response"),
            (json!({ "status": null }), "the recording has no response"),
            (Value::Null, "the recording has no response"),
        ] {
            let exchange = read(get(), response);
            assert!(exchange.response.is_none());
            assert_eq!(exchange.error.as_deref(), Some(why));
        }
    }
}
