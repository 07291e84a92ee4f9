//! One request and its response, as evidence, without secrets.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;

/// One header line, as sent or received.
pub type Header = (String, String);

/// A request and its response.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Exchange {
    /// The step it belongs to, in words.
    #[serde(default)]
    pub step: String,
    /// The method.
    pub method: String,
    /// The absolute URL, its secrets replaced.
    pub url: String,
    /// The request's headers in order.
    pub request_headers: Vec<Header>,
    /// The body of the request.
    #[serde(default)]
    pub request_body: Body,
    /// The status; absent where no response came.
    pub status: Option<u16>,
    /// The response's headers in order.
    pub response_headers: Vec<Header>,
    /// The body of the response.
    pub body: Body,
    /// Why there is no response, or only a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it began: RFC 3339 in UTC, with milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// From the first byte sent to the last received.
    pub duration_ms: u64,
    /// How the response came, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<Transport>,
    /// The command that sends the same request; empty where the request cannot be sent again by itself.
    pub curl: String,
}

impl Exchange {
    /// The endpoint that its URL leads to.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::of_url(&self.url)
    }

    /// Whether the response has a status 2xx.
    pub fn succeeded(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// How a response came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Transport {
    /// The version of HTTP: "HTTP/1.1".
    pub protocol: String,
    /// Where it came from: the target, or the proxy on the way to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<SocketAddr>,
    /// Milliseconds until the end of the response's headers, a new connection included.
    pub head_ms: u64,
}

/// A body, cut and marked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Body {
    /// Its whole length in bytes, as far as it was read.
    pub size: u64,
    /// Its beginning as text; where it is binary, the first bytes in hexadecimal.
    pub text: String,
    /// Whether `text` is hexadecimal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub binary: bool,
    /// Whether `text` is not the whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}
