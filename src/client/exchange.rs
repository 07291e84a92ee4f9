//! A request, the response to it, and everything that was exchanged in between.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use super::body_budget::Permit;
use super::content_coding::{Coding, codings};
use super::priority::Priority;
use super::request_error::RequestError;
use crate::record::{Exchange, Header, Transport};

/// The header with the digest of a response's content.
pub(super) const CONTENT_DIGEST: &str = "docker-content-digest";

/// The longest `Location` or `Link` that is followed or remembered, in bytes.
pub const MAX_REFERENCE: usize = 16 * 1024;

/// A request to send.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: Url,
    /// The headers, without `Host`, `Content-Length`, `User-Agent` and `Authorization`.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Bytes,
    /// The name of the step that sends it, for the evidence.
    pub step: String,
    /// Its place among the requests that wait.
    pub priority: Priority,
}

impl Request {
    /// The value of a header that was set for this request; the first of several.
    pub(crate) fn own_header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// A request without headers and body.
    pub fn bare(method: Method, url: Url, step: impl Into<String>) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: Bytes::new(),
            step: step.into(),
            priority: Priority::Normal,
        }
    }

    /// Whether it is a GET or a HEAD.
    pub fn reads(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }
}

/// The outcome of a request.
#[derive(Debug)]
pub struct Exchanged {
    /// The URL of the last request: another one than asked for after a redirect.
    pub url: Url,
    /// The exchanges that are evidence, in order: redirects and the last response, but no challenges and no retries.
    pub exchanges: Vec<Exchange>,
    /// The responses before the last (429, 503, challenges, redirects), each with the URL that answered.
    pub intermediate: Vec<(Url, Response, Exchange)>,
    /// The responses to a read whose body broke off, in order: each was followed by a retry.
    pub broken_off: Vec<Exchange>,
    /// How often no response came, retries included.
    pub lost: usize,
    /// The last response, or why there is none.
    pub response: Result<Response, RequestError>,
}

/// A response with its body, which was read within bounds.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, without the content coding that the response names.
    pub body: Bytes,
    /// Why the body is incomplete, or cannot be decoded. The status and the headers count all the same.
    pub broken: Option<String>,
    /// What the Content-Encoding means for the body.
    pub coding: Coding,
    /// The protocol, the server's address and the time to the first byte, for the evidence.
    pub transport: Option<Transport>,
    /// The local address of its connection, where that is known.
    pub local: Option<SocketAddr>,
    /// The memory of a large body, reserved until this is dropped. Code that keeps a response for long, or waits for another
    /// one meanwhile, must set it to none: otherwise requests wait for each other without end.
    pub budget: Option<Arc<Permit>>,
}

impl Response {
    /// A response with this status, and nothing else.
    #[cfg(test)]
    pub fn bare(status: u16) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            broken: None,
            coding: Coding::None,
            transport: None,
            local: None,
            budget: None,
        }
    }

    /// Whether the status is a 2xx.
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The URL that its `Location` leads to, seen from the URL that answered: an HTTP or HTTPS one, from a header of at most
    /// [`MAX_REFERENCE`] bytes.
    pub fn location(&self, from: &Url) -> Option<Url> {
        let location = self.headers.get("location")?;
        let location = location.to_str().ok()?;
        if location.len() > MAX_REFERENCE {
            return None;
        }
        let url = from.join(location).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// How many bytes the names and the values of its headers have together.
    pub(crate) fn header_bytes(&self) -> usize {
        let fields = self.headers.iter();
        let bytes = fields.map(|(name, value)| name.as_str().len() + value.len());
        bytes.sum()
    }

    /// Whether the registry asks for fewer requests: 429, or 503 with `Retry-After`.
    pub(super) fn is_rate_limited(&self) -> bool {
        self.status == 429 || (self.status == 503 && self.headers.contains_key("retry-after"))
    }

    /// Whether the connection broke inside the body of a response that is no error.
    pub(super) fn breaks_off(&self) -> bool {
        self.status < 400 && self.broken.is_some() && self.coding != Coding::Wrong
    }

    /// The Content-Encoding that it names, where that is one.
    pub(super) fn named_coding(&self) -> Option<String> {
        let mut codings = codings(&self.headers);
        codings.reverse();
        (!codings.is_empty()).then(|| codings.join(", "))
    }

    /// Takes the `Docker-Content-Digest` of the redirects that led here, where the response has none: a storage behind the
    /// registry does not know it.
    pub(super) fn inherit_digest(&mut self, redirected: Option<HeaderValue>) {
        if let Some(digest) = redirected
            && !self.headers.contains_key(CONTENT_DIGEST)
        {
            self.headers.insert(CONTENT_DIGEST, digest);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_enormous_location_leads_nowhere() {
        let from: Url = "http://h/v2/".parse().unwrap();
        let leads = |length: usize| {
            let location = format!("/{}", "x".repeat(length - 1));
            let mut response = Response::bare(202);
            let location = HeaderValue::from_str(&location).unwrap();
            response.headers.insert("location", location);
            response.location(&from).is_some()
        };
        assert!(leads(MAX_REFERENCE));
        assert!(!leads(MAX_REFERENCE + 1));
    }
}
