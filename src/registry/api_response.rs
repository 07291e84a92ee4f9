//! Responses, and the error bodies of the specification.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// A response, independent of the HTTP library.
#[derive(Debug, Clone, Default)]
pub struct ApiResponse {
    /// The status code.
    pub status: u16,
    /// The headers, in order; names have any case.
    pub headers: Vec<(String, String)>,
    /// The body. For HEAD, the body of the response to GET; the server does not send it.
    pub body: Bytes,
    /// How it is sent.
    pub delivery: Delivery,
}

/// How a response is sent.
#[derive(Debug, Clone, Default)]
pub enum Delivery {
    /// Whole.
    #[default]
    Whole,
    /// Without a `Content-Length`.
    WithoutLength,
    /// With a body that is longer than any client expects.
    Repeated(RepeatedBody),
    /// With the whole `Content-Length`; the connection is closed after so many bytes of the body.
    BrokenOff(usize),
    /// Not at all: the connection is closed instead.
    Closed,
}

/// A body that is sent again and again, without a `Content-Length`.
#[derive(Debug, Clone)]
pub struct RepeatedBody {
    /// The bytes after which it ends: no client is to fill a disk.
    pub limit: u64,
    /// The bytes that the client took so far; buffers of the connection count as taken.
    pub sent: Arc<AtomicU64>,
}

impl ApiResponse {
    /// A response without headers and body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Replaces the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// A response with a JSON body.
    pub fn json(status: u16, media_type: &str, value: &Value) -> Self {
        Self::new(status)
            .with("Content-Type", media_type)
            .body(value.to_string())
    }

    /// An error response with the JSON body of the specification (section "Error Codes").
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({"errors": [{"code": code, "message": message, "detail": null}]});
        Self::json(status, "application/json", &body)
    }

    /// 404 for a repository that does not exist.
    pub fn repository_unknown() -> Self {
        Self::error(404, "NAME_UNKNOWN", "the repository does not exist")
    }

    /// The first value of a header; names are compared case-insensitively.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter();
        found
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Removes every header of that name.
    pub fn remove(&mut self, name: &str) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Replaces every header of that name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.into()));
    }

    /// Encodes the body with gzip, and says so.
    pub fn gzip(&mut self) {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        if encoder.write_all(&self.body).is_ok()
            && let Ok(encoded) = encoder.finish()
        {
            self.set("Content-Encoding", "gzip");
            self.body = encoded.into();
        }
    }

    /// Whether the status is 2xx.
    pub const fn succeeds(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}
