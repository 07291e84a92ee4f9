//! Answers, and the error bodies of the specification.

use bytes::Bytes;
use serde_json::{Value, json};

/// An answer before it goes over the wire.
#[derive(Debug, Clone, Default)]
pub struct ApiResponse {
    /// The status.
    pub status: u16,
    /// The headers, in order; names as they are sent.
    pub headers: Vec<(String, String)>,
    /// The body; of an answer to HEAD, what GET would send.
    pub body: Bytes,
}

impl ApiResponse {
    /// An answer without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// With a header more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// A JSON answer.
    pub fn json(status: u16, kind: &str, value: &Value) -> Self {
        Self::new(status)
            .with("Content-Type", kind)
            .body(value.to_string())
    }

    /// An error in the specification's form (section "Error Codes").
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({"errors": [{"code": code, "message": message, "detail": null}]});
        Self::json(status, "application/json", &body)
    }

    /// The first header of a name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter();
        found
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Without a header.
    pub fn remove(&mut self, name: &str) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// With a header in place of what there was.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.into()));
    }

    /// Whether it says that the request succeeded.
    pub const fn succeeds(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}
