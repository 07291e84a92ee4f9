//! The two halves of a simple fault: which responses it changes ([`On`]), and which status or header it sets ([`Edit`]).

use serde::Deserialize;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::{ApiResponse, Delivery};

/// The responses that a fault changes. [`ANY`] matches all of them; each method narrows it.
#[derive(Debug, Clone, Copy)]
pub struct On {
    method: Option<&'static str>,
    at: Option<At>,
    status: Status,
    query: Option<&'static str>,
    request: Option<fn(&ApiRequest) -> bool>,
    response: Option<fn(&ApiResponse) -> bool>,
}

/// An endpoint without its parameters, as scenarios for clients name it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum At {
    /// `/v2/`.
    Base,
    /// A blob.
    Blob,
    /// A manifest, by tag or by digest.
    Manifest,
    /// A manifest by tag.
    ManifestByTag,
    /// A manifest by digest.
    ManifestByDigest,
    /// The POST that opens uploads.
    Uploads,
    /// An upload session.
    Upload,
    /// The tags list.
    TagList,
    /// The referrers list.
    Referrers,
    /// The catalog of Docker's API, which no scenario is about.
    #[serde(skip)]
    Catalog,
    /// The extensions, which no scenario is about.
    #[serde(skip)]
    Extensions,
}

/// The status of the response, before the fault.
#[derive(Debug, Clone, Copy)]
enum Status {
    Any,
    Is(u16),
    Success,
    Error,
}

/// Every response.
pub const ANY: On = On {
    method: None,
    at: None,
    status: Status::Any,
    query: None,
    request: None,
    response: None,
};

/// The responses to this method at this endpoint, with this status.
pub const fn on(method: &'static str, at: At, status: u16) -> On {
    ANY.method(method).at(at).status(status)
}

pub const GET_MANIFEST: On = on("GET", At::Manifest, 200);
pub const HEAD_MANIFEST: On = on("HEAD", At::Manifest, 200);
pub const PUT_MANIFEST: On = on("PUT", At::Manifest, 201);
/// A blob, or a range of one.
pub const GET_BLOB: On = ANY.method("GET").at(At::Blob).success();
pub const HEAD_BLOB: On = on("HEAD", At::Blob, 200);
/// An upload session that was opened.
pub const OPEN_UPLOAD: On = ANY.at(At::Uploads).status(202);
/// The progress of an upload session.
pub const GET_UPLOAD: On = on("GET", At::Upload, 204);
/// A chunk that was accepted.
pub const PATCH_UPLOAD: On = on("PATCH", At::Upload, 202);
/// An upload session that was closed, with its blob stored.
pub const PUT_UPLOAD: On = on("PUT", At::Upload, 201);
/// A blob that a single POST stored.
pub const SINGLE_POST: On = ANY.method("POST").status(201).query("digest");
/// A request to mount a blob, mounted or not.
pub const MOUNT: On = ANY.query("mount");
/// A blob that was mounted.
pub const MOUNTED: On = MOUNT.status(201);
pub const TAGS_LIST: On = ANY.at(At::TagList).status(200);
pub const REFERRERS_LIST: On = ANY.at(At::Referrers).status(200);
pub const CATALOG: On = ANY.at(At::Catalog).status(200);
pub const EXTENSIONS: On = ANY.at(At::Extensions).status(200);

impl On {
    /// Requests with this method.
    pub const fn method(self, method: &'static str) -> Self {
        Self {
            method: Some(method),
            ..self
        }
    }

    /// Requests to this endpoint.
    pub const fn at(self, at: At) -> Self {
        Self {
            at: Some(at),
            ..self
        }
    }

    /// Responses with this status.
    pub const fn status(self, status: u16) -> Self {
        Self {
            status: Status::Is(status),
            ..self
        }
    }

    /// Any status from 200 to 299.
    pub const fn success(self) -> Self {
        Self {
            status: Status::Success,
            ..self
        }
    }

    /// Any status from 400.
    pub const fn error(self) -> Self {
        Self {
            status: Status::Error,
            ..self
        }
    }

    /// Requests with this query parameter.
    pub const fn query(self, name: &'static str) -> Self {
        Self {
            query: Some(name),
            ..self
        }
    }

    /// Requests that pass a test of their own.
    pub const fn if_request(self, test: fn(&ApiRequest) -> bool) -> Self {
        Self {
            request: Some(test),
            ..self
        }
    }

    /// Responses that pass a test of their own.
    pub const fn if_response(self, test: fn(&ApiResponse) -> bool) -> Self {
        Self {
            response: Some(test),
            ..self
        }
    }

    /// Whether the response to this request is one of these.
    pub fn matches(&self, request: &ApiRequest, response: &ApiResponse) -> bool {
        self.method.is_none_or(|method| request.is(method))
            && self.at.is_none_or(|at| at.is(&request.endpoint))
            && self.status.is(response)
            && self.query.is_none_or(|name| request.query(name).is_some())
            && self.request.is_none_or(|test| test(request))
            && self.response.is_none_or(|test| test(response))
    }
}

impl At {
    /// Whether an endpoint is this one.
    pub fn is(self, endpoint: &Endpoint) -> bool {
        match endpoint {
            Endpoint::Base => self == Self::Base,
            Endpoint::Blob(..) => self == Self::Blob,
            Endpoint::Manifest(_, reference) => match reference.contains(':') {
                true => matches!(self, Self::Manifest | Self::ManifestByDigest),
                false => matches!(self, Self::Manifest | Self::ManifestByTag),
            },
            Endpoint::Uploads(_) => self == Self::Uploads,
            Endpoint::Upload(..) => self == Self::Upload,
            Endpoint::Tags(_) => self == Self::TagList,
            Endpoint::Referrers(..) => self == Self::Referrers,
            Endpoint::Catalog => self == Self::Catalog,
            Endpoint::Extensions(_) => self == Self::Extensions,
            Endpoint::Unknown => false,
        }
    }
}

impl Status {
    const fn is(self, response: &ApiResponse) -> bool {
        match self {
            Self::Any => true,
            Self::Is(status) => response.status == status,
            Self::Success => response.succeeds(),
            Self::Error => response.status >= 400,
        }
    }
}

/// What a fault does to a response.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    /// Sets the status.
    Status(u16),
    /// Removes a header.
    Without(&'static str),
    /// Sets a header.
    Header(&'static str, &'static str),
    /// Replaces the response by an error: its status, code and message.
    Error(u16, &'static str, &'static str),
    /// Replaces the response by a status alone.
    Empty(u16),
    /// Sends no `Content-Length`.
    WithoutLength,
    /// Closes the connection instead of a response.
    Closed,
}

impl Edit {
    /// Changes the response.
    pub fn apply(self, response: &mut ApiResponse) {
        match self {
            Self::Status(status) => response.status = status,
            Self::Without(name) => response.remove(name),
            Self::Header(name, value) => response.set(name, value),
            Self::Error(status, code, message) => {
                *response = ApiResponse::error(status, code, message);
            }
            Self::Empty(status) => *response = ApiResponse::new(status),
            Self::WithoutLength => response.delivery = Delivery::WithoutLength,
            Self::Closed => response.delivery = Delivery::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{ANY, At, Edit, on};
    use crate::registry::api_request::{ApiRequest, Endpoint};
    use crate::registry::api_response::ApiResponse;

    fn get(path: &str, query: &[(&str, &str)]) -> ApiRequest {
        let query = query.iter();
        ApiRequest {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.map(|(k, v)| ((*k).into(), (*v).into())).collect(),
            headers: Vec::new(),
            body: Bytes::new(),
            origin: String::new(),
            endpoint: Endpoint::of(path),
            in_second_repository: false,
        }
    }

    #[test]
    fn every_condition_must_match() {
        let (tag, digest) = (
            get("/v2/a/manifests/t", &[]),
            get("/v2/a/manifests/sha256:0", &[]),
        );
        let missing = ApiResponse::new(404);
        assert!(on("GET", At::ManifestByTag, 404).matches(&tag, &missing));
        assert!(!on("GET", At::ManifestByTag, 404).matches(&digest, &missing));
        assert!(on("GET", At::Manifest, 404).matches(&digest, &missing));
        assert!(!on("HEAD", At::ManifestByTag, 404).matches(&tag, &missing));
        assert!(!on("GET", At::ManifestByTag, 200).matches(&tag, &missing));
        assert!(ANY.error().matches(&tag, &missing));
        assert!(!ANY.success().matches(&tag, &missing));
        assert!(!ANY.query("n").matches(&tag, &missing));
        assert!(
            ANY.query("n")
                .matches(&get("/v2/", &[("n", "1")]), &missing)
        );
        assert!(!ANY.if_request(|_| false).matches(&tag, &missing));
        assert!(!ANY.if_response(|_| false).matches(&tag, &missing));
    }

    #[test]
    fn an_edit_changes_the_status_or_a_header() {
        let mut response = ApiResponse::new(200).with("Link", "a").body("text");
        Edit::Status(203).apply(&mut response);
        Edit::Header("Link", "b").apply(&mut response);
        assert_eq!((response.status, response.header("link")), (203, Some("b")));
        Edit::Without("link").apply(&mut response);
        assert_eq!(
            (response.header("link"), &response.body[..]),
            (None, &b"text"[..])
        );
        Edit::Empty(404).apply(&mut response);
        assert_eq!((response.status, response.body.len()), (404, 0));
    }
}
