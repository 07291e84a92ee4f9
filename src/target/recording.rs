//! Exchanges as evidence: cut, and without secrets.

use std::time::Duration;

use http::HeaderMap;

use super::redact::Redactor;
use super::{Answer, Request, curl};
use crate::record::{Body, Exchange, Header};

/// How much of a text body is kept, in bytes.
const KEPT: usize = 8 * 1024;

/// How much of a binary body is kept, in bytes.
const KEPT_BINARY: usize = 64;

/// A request with what came back, as evidence.
pub fn exchange(
    request: &Request,
    headers: &[Header],
    outcome: Result<&Answer, &str>,
    took: Duration,
    redactor: &Redactor,
    insecure: bool,
) -> Exchange {
    let request_headers: Vec<Header> = headers
        .iter()
        .map(|(name, value)| (name.clone(), redactor.header(name, value)))
        .collect();
    let url = redactor.url(&request.url);
    let request_body = body(&request.body, redactor);
    let method = request.method.as_str();
    Exchange {
        step: request.step.clone(),
        method: method.to_owned(),
        curl: curl::line(method, &url, &request_headers, &request_body, insecure),
        url,
        request_headers,
        request_body,
        status: outcome.ok().map(|answer| answer.status),
        response_headers: outcome
            .map_or_else(|_| Vec::new(), |answer| lines(&answer.headers, redactor)),
        body: outcome.map_or_else(|_| Body::default(), |answer| body(&answer.body, redactor)),
        error: match outcome {
            Ok(answer) => answer.broken.clone(),
            Err(error) => Some(redactor.text(error)),
        },
        duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    }
}

fn lines(headers: &HeaderMap, redactor: &Redactor) -> Vec<Header> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), redactor.header(name.as_str(), &value))
        })
        .collect()
}

fn body(bytes: &[u8], redactor: &Redactor) -> Body {
    let size = bytes.len() as u64;
    let shown = bytes.get(..KEPT).unwrap_or(bytes);
    let valid = match std::str::from_utf8(shown) {
        Ok(text) => Some(text),
        // A character that the cut went through.
        Err(error) if error.error_len().is_none() && bytes.len() > KEPT => {
            std::str::from_utf8(shown.get(..error.valid_up_to()).unwrap_or_default()).ok()
        }
        Err(_) => None,
    };
    match valid.filter(|text| !text.contains('\0')) {
        Some(text) => Body {
            size,
            text: redactor.text(text),
            binary: false,
            cut: text.len() < bytes.len(),
        },
        None => Body {
            size,
            text: hex::encode(bytes.get(..KEPT_BINARY).unwrap_or(bytes)),
            binary: true,
            cut: bytes.len() > KEPT_BINARY,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_cut_and_marked() {
        let none = Redactor::default();
        let text = body("é".repeat(5000).as_bytes(), &none);
        assert!(text.cut && !text.binary);
        assert_eq!(text.size, 10_000);
        let binary = body(&[0xff; 100], &none);
        assert!(binary.binary && binary.cut);
        assert_eq!(binary.text.len(), 128);
        assert_eq!(body(b"", &none), Body::default());
    }
}
