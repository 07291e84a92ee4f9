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
        complete,
    })
}

fn response(request: &WireRequest, recorded: Response) -> Option<WireResponse> {
    let status = u16::try_from(recorded.status).ok()?;
    if !(100..=999).contains(&status) {
        return None;
    }
    let mut headers = headers(&recorded.headers);
    // A recording has the decoded body.
    if coding::accepted(request, &headers) {
        headers.remove("content-encoding");
    }
    let size = recorded
        .content
        .size
        .and_then(|size| u64::try_from(size).ok());
    let bodiless = request.method == "HEAD" || matches!(status, 204 | 304);
    let known_empty = bodiless || length(&headers) == Some(0);
    let size = size.filter(|size| *size > 0 || known_empty);
    let encoding = recorded.content.encoding;
    Some(WireResponse {
        status,
        headers,
        body: match bodiless {
            true => WireBody::default(),
            false => body(
                recorded.content.text,
                encoding.as_deref(),
                size,
                known_empty,
            ),
        },
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
