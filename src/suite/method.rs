//! The methods of requests.

use serde::Deserialize;

/// A request method of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Reads.
    Get,
    /// Reads without the body.
    Head,
    /// Opens an upload.
    Post,
    /// Stores.
    Put,
    /// Adds a chunk.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// The method as it is sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method as the client sends it.
    pub const fn http(self) -> http::Method {
        match self {
            Self::Get => http::Method::GET,
            Self::Head => http::Method::HEAD,
            Self::Post => http::Method::POST,
            Self::Put => http::Method::PUT,
            Self::Patch => http::Method::PATCH,
            Self::Delete => http::Method::DELETE,
        }
    }

    /// Whether the method only reads.
    pub const fn reads(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}
