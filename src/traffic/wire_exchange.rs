//! An exchange as it came over the wire.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::HeaderMap;
use url::Url;

use crate::endpoint::Endpoint;
use crate::engine::BodyBytes;
use crate::fixture::HashedBytes;

/// The most bytes of a URL, or of a part of one, that is remembered beside its exchange.
pub(super) const MAX_REMEMBERED: usize = 2 * 1024;

/// A request, and the response to it.
#[derive(Debug, Clone)]
pub struct WireExchange {
    /// Its position in the traffic, from 0.
    pub number: usize,
    pub request: WireRequest,
    /// None where no response came.
    pub response: Option<WireResponse>,
    /// Why the target gave no response, or only a part of it.
    pub error: Option<String>,
    pub began: SystemTime,
    /// Until the end of the response.
    pub took: Duration,
    /// Whether the response is known to be right: that of the bundled registry as it is.
    pub trusted: bool,
}

/// A request.
#[derive(Debug, Clone)]
pub struct WireRequest {
    pub method: String,
    /// The absolute URL that the client used.
    pub url: Url,
    pub endpoint: Endpoint,
    pub headers: HeaderMap,
    pub body: WireBody,
    /// The number of the connection that it came on, where that is known: all its requests are one client's.
    pub connection: Option<u64>,
    /// Whether `headers` has every header that was sent: recordings leave some out.
    pub complete: bool,
}

/// A response.
#[derive(Debug, Clone)]
pub struct WireResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: WireBody,
    /// The version of HTTP: "HTTP/1.1".
    pub protocol: String,
}

/// A body, of which the beginning may be all that is kept.
#[derive(Debug, Clone, Default)]
pub struct WireBody {
    pub kept: Bytes,
    /// The number of bytes that passed.
    pub size: u64,
    /// The digests of all bytes that passed, as far as they were computed.
    pub digests: Vec<String>,
    /// Whether it broke off, or the other side did not wait for its end.
    pub broken: bool,
    /// Whether its bytes are not known: recordings leave some out.
    pub unread: bool,
}

impl WireExchange {
    /// The status, where a response came.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Whether the status is 2xx.
    pub fn succeeds(&self) -> bool {
        matches!(self.status(), Some(200..=299))
    }

    /// The first value of a header of the request.
    pub fn sent(&self, name: &str) -> Option<Cow<'_, str>> {
        first(&self.request.headers, name)
    }

    /// The first value of a header of the response.
    pub fn received(&self, name: &str) -> Option<Cow<'_, str>> {
        first(&self.response.as_ref()?.headers, name)
    }

    /// The bytes of the response's body that are kept.
    pub fn received_text(&self) -> Cow<'_, str> {
        let body = self.response.as_ref().map(|response| &response.body.kept);
        body.map_or(Cow::Borrowed(""), |body| String::from_utf8_lossy(body))
    }

    /// The bytes that are kept of its longer body.
    pub fn longest_body(&self) -> usize {
        let response = self.response.as_ref();
        let received = response.map_or(0, |response| response.body.kept.len());
        self.request.body.kept.len().max(received)
    }

    /// Whether both bodies are whole: one that broke off says nothing about the whole.
    pub fn is_whole(&self) -> bool {
        let response = self.response.as_ref();
        !self.request.body.broken && response.is_some_and(|response| !response.body.broken)
    }

    /// Whether the request sends bytes to an upload session, whose URL is the registry's choice.
    pub fn is_upload(&self) -> bool {
        let method = matches!(self.request.method.as_str(), "PATCH" | "PUT");
        method
            && matches!(
                self.request.endpoint,
                Endpoint::Upload { .. } | Endpoint::Other
            )
    }

    /// The URL that the `Location` of the response leads to.
    pub fn location(&self) -> Option<Url> {
        self.request.url.join(&self.received("location")?).ok()
    }

    /// The bytes of memory that it takes, about.
    pub fn weight(&self) -> usize {
        let of = |headers: &HeaderMap, body: &WireBody| {
            let lines = headers.iter();
            let lines: usize = lines
                .map(|(name, value)| name.as_str().len() + value.len() + 64)
                .sum();
            lines + body.kept.len()
        };
        let response = self.response.as_ref();
        let response = response.map_or(0, |response| of(&response.headers, &response.body));
        // The endpoint has the parts of the URL once more.
        let url = 2 * self.request.url.as_str().len();
        512 + url + of(&self.request.headers, &self.request.body) + response
    }

    /// The same with at most so many bytes of each body.
    #[must_use]
    pub fn with_bodies_cut(mut self, most: usize) -> Self {
        self.request.body.cut(most);
        if let Some(response) = &mut self.response {
            response.body.cut(most);
        }
        self
    }
}

fn first<'a>(headers: &'a HeaderMap, name: &str) -> Option<Cow<'a, str>> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()))
}

impl WireRequest {
    /// The first value of a parameter of the query.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut pairs = self.url.query_pairs();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The values of a header that is a list, joined as HTTP allows (RFC 9110, section 5.3).
    pub fn joined(&self, name: &str) -> String {
        let lines = self.headers.get_all(name).iter();
        let lines: Vec<_> = lines
            .map(|line| String::from_utf8_lossy(line.as_bytes()))
            .collect();
        lines.join(", ")
    }
}

impl WireBody {
    /// A body of which everything is kept.
    pub fn whole(kept: Bytes) -> Self {
        Self {
            size: kept.len() as u64,
            kept,
            ..Self::default()
        }
    }

    /// Whether everything is kept.
    pub fn is_whole(&self) -> bool {
        !self.unread && self.kept.len() as u64 == self.size
    }

    /// The bytes, for digests.
    pub fn bytes(&self) -> BodyBytes {
        match self.is_whole() {
            true => BodyBytes::Kept(self.kept.clone()),
            false => BodyBytes::Hashed(self.hashed()),
        }
    }

    /// What is known of bytes that are not kept.
    pub fn hashed(&self) -> HashedBytes {
        HashedBytes {
            size: self.size,
            digests: self.digests.clone(),
        }
    }

    fn cut(&mut self, most: usize) {
        if let Some(beginning) = self.kept.get(..most) {
            self.kept = Bytes::copy_from_slice(beginning);
        }
    }
}
