//! Exchanges as evidence: bounded, and without secrets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::auth_scheme_kind::AuthSchemeKind;
use super::curl::{self, CurlOptions};
use super::exchange::{Request, Response};
use super::redact::Redactor;
use crate::data::cut;
use crate::record::{Body, Exchange, Header, millis};

/// How many bytes of a body are searched for secrets beyond those that are kept, for a secret where the body is cut.
pub const SEARCHED_BEYOND: usize = 2048;

/// How many bytes of evidence a run keeps with full bounds.
const FULL_EVIDENCE: usize = 6 * 1024 * 1024;

/// How much of an exchange is kept, in bytes unless stated otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub body: usize,
    /// A body that is not text.
    pub binary: usize,
    /// One header line.
    pub line: usize,
    /// The number of header lines.
    pub lines: usize,
    /// All header lines of a response together.
    pub lines_bytes: usize,
    pub url: usize,
}

impl Bounds {
    /// For each exchange until [`FULL_EVIDENCE`] is reached.
    pub const FULL: Self = Self {
        body: 8 * 1024,
        binary: 64,
        line: 8 * 1024,
        lines: 100,
        lines_bytes: 64 * 1024,
        url: 8 * 1024,
    };

    /// For each exchange after that.
    const REDUCED: Self = Self {
        body: 256,
        binary: 32,
        line: 256,
        lines: 16,
        lines_bytes: 2 * 1024,
        url: 512,
    };
}

/// Turns exchanges into evidence, and bounds the evidence of the whole run.
pub struct Recorder {
    redactor: Arc<Redactor>,
    curl: CurlOptions,
    kept: AtomicUsize,
}

impl Recorder {
    /// A recorder that kept nothing yet.
    pub fn new(redactor: Arc<Redactor>, curl: CurlOptions) -> Self {
        Self {
            redactor,
            curl,
            kept: AtomicUsize::new(0),
        }
    }

    /// The curl command that sends a request with this scheme of authentication.
    pub fn curl(&self, request: &Request, scheme: Option<AuthSchemeKind>) -> String {
        let url = self.redactor.url(&request.url);
        let body = body(&request.body, &self.redactor, Bounds::FULL);
        let authorization =
            scheme.map(|scheme| ("Authorization".to_owned(), scheme.name().to_owned()));
        let headers: Vec<Header> = authorization.into_iter().collect();
        curl::command(request.method.as_str(), &url, &headers, &body, &self.curl)
    }

    /// The evidence of a request, with its response or the error, the time when it was sent, and its duration.
    pub fn exchange(
        &self,
        request: &Request,
        headers: &[Header],
        outcome: Result<&Response, &str>,
        (started, took): (SystemTime, Duration),
    ) -> Exchange {
        let redactor = &self.redactor;
        let bounds = match self.kept.load(Ordering::Relaxed) {
            kept if kept < FULL_EVIDENCE => Bounds::FULL,
            _ => Bounds::REDUCED,
        };
        let sent = headers.iter().take(bounds.lines);
        let request_headers: Vec<Header> = sent
            .map(|(name, value)| {
                let value = redactor.header(name, value);
                (name.clone(), cut(value, bounds.line))
            })
            .collect();
        let url = cut(redactor.url(&request.url), bounds.url);
        let request_body = body(&request.body, redactor, bounds);
        let method = request.method.as_str();
        let exchange = Exchange {
            step: request.step.clone(),
            method: method.to_owned(),
            curl: curl::repeatable(method, &url, &request_headers, &request_body, &self.curl),
            url,
            request_headers,
            request_body,
            status: outcome.ok().map(|response| response.status),
            response_headers: outcome.map_or_else(
                |_| Vec::new(),
                |response| header_lines(&response.headers, redactor, bounds),
            ),
            body: outcome.map_or_else(
                |_| Body::default(),
                |response| body(&response.body, redactor, bounds),
            ),
            error: match outcome {
                Ok(response) => response.broken.as_deref().map(|why| redactor.text(why)),
                Err(error) => Some(redactor.text(error)),
            },
            started: timestamp(started),
            duration_ms: millis(took),
            transport: outcome.ok().and_then(|response| response.transport.clone()),
        };
        self.kept.fetch_add(size(&exchange), Ordering::Relaxed);
        exchange
    }
}

/// A time as RFC 3339 in UTC, to the millisecond.
pub fn timestamp(at: SystemTime) -> Option<String> {
    let at = OffsetDateTime::from(at);
    let whole = at.replace_millisecond(at.millisecond()).unwrap_or(at);
    whole.format(&Rfc3339).ok()
}

/// The approximate size of an exchange in bytes.
fn size(exchange: &Exchange) -> usize {
    let headers = exchange
        .request_headers
        .iter()
        .chain(&exchange.response_headers);
    let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
    let bodies = exchange.request_body.text.len() + exchange.body.text.len();
    headers + bodies + exchange.url.len() + exchange.curl.len()
}

/// The header lines that the bounds allow, and a line with the number of those that are left out.
pub fn header_lines(headers: &HeaderMap, redactor: &Redactor, bounds: Bounds) -> Vec<Header> {
    let mut budget = bounds.lines_bytes;
    let kept = headers
        .iter()
        .take(bounds.lines)
        .map_while(|(name, value)| {
            let value = value.as_bytes();
            let value = value.get(..value.len().min(4 * bounds.line));
            let value = String::from_utf8_lossy(value.unwrap_or_default());
            let value = cut(redactor.header(name.as_str(), &value), bounds.line);
            budget = budget.checked_sub(value.len())?;
            Some((name.to_string(), value))
        });
    let mut kept: Vec<Header> = kept.collect();
    let more = headers.len().saturating_sub(kept.len());
    if more > 0 {
        kept.push(("…".to_owned(), format!("{more} more lines")));
    }
    kept
}

/// A body without secrets, of which the beginning is kept.
pub fn body(bytes: &[u8], redactor: &Redactor, bounds: Bounds) -> Body {
    let size = bytes.len() as u64;
    let shown = bytes.get(..bounds.body + SEARCHED_BEYOND).unwrap_or(bytes);
    let valid = match std::str::from_utf8(shown) {
        Ok(text) => Some(text),
        // The cut is inside a character.
        Err(error) if error.error_len().is_none() && bytes.len() > shown.len() => {
            std::str::from_utf8(shown.get(..error.valid_up_to()).unwrap_or_default()).ok()
        }
        Err(_) => None,
    };
    match valid.filter(|text| !text.contains('\0')) {
        Some(text) => {
            let mut shown = redactor.text(text);
            let end = (0..=bounds.body.min(shown.len())).rev();
            let end = end.into_iter().find(|end| shown.is_char_boundary(*end));
            let cut = text.len() < bytes.len() || end < Some(shown.len());
            shown.truncate(end.unwrap_or(0));
            Body {
                size,
                text: shown,
                binary: false,
                cut,
            }
        }
        None => Body {
            size,
            text: hex::encode(beginning(bytes, bounds.binary, redactor)),
            binary: true,
            cut: bytes.len() > bounds.binary,
        },
    }
}

/// The beginning of bytes that are not text, with secrets masked: also one that the end of the beginning cuts.
fn beginning(bytes: &[u8], most: usize, redactor: &Redactor) -> Vec<u8> {
    let read = most.saturating_add(SEARCHED_BEYOND).min(bytes.len());
    let mut masked = redactor.bytes(bytes.get(..read).unwrap_or(bytes));
    masked.truncate(most);
    masked
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_secret_at_the_cut_of_a_binary_body_is_masked() {
        let redactor = Redactor::new(&["hunter2-hunter2".to_owned()]);
        let bytes = b"\xff\xfe hunter2-hunter2";
        assert_eq!(beginning(bytes, 10, &redactor), b"\xff\xfe *******");
    }

    #[test]
    fn bodies_are_cut_and_marked() {
        let none = Redactor::default();
        let body = |bytes: &[u8]| body(bytes, &none, Bounds::FULL);
        let text = body("é".repeat(5000).as_bytes());
        assert!(text.cut && !text.binary);
        assert_eq!(text.size, 10_000);
        let binary = body(&[0xff; 100]);
        assert!(binary.binary && binary.cut);
        assert_eq!(binary.text.len(), 128);
        assert_eq!(body(b""), Body::default());
    }

    #[test]
    fn the_evidence_of_a_run_is_bounded() {
        let recorder = Recorder::new(Arc::default(), CurlOptions::default());
        let request = Request::bare(http::Method::GET, "http://h/".parse().unwrap(), "");
        let long = "x".repeat(100_000);
        let mut headers = HeaderMap::new();
        for index in 0..200 {
            let name: http::HeaderName = format!("x-{index}").parse().unwrap();
            headers.insert(name, long.parse().unwrap());
        }
        let response = Response {
            headers,
            body: long.into_bytes().into(),
            ..Response::bare(200)
        };
        let mut total = 0;
        for _ in 0..100 {
            let kept = recorder.exchange(
                &request,
                &[],
                Ok(&response),
                (SystemTime::now(), Duration::ZERO),
            );
            assert!(kept.response_headers.len() <= Bounds::FULL.lines + 1);
            total += size(&kept);
        }
        assert!(total < 2 * FULL_EVIDENCE, "{total}");
    }
}
