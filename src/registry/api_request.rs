//! Requests, named after the endpoints of the specification.

use bytes::Bytes;

/// A request with its endpoint.
#[derive(Debug, Clone)]
pub struct ApiRequest {
    /// The method, as it was sent.
    pub method: String,
    /// The percent-decoded path.
    pub path: String,
    /// The decoded query parameters, in order.
    pub query: Vec<(String, String)>,
    /// The headers, in order; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
    /// Scheme, host and port of the URL that the client used.
    pub origin: String,
    /// The endpoint that the path leads to.
    pub endpoint: Endpoint,
    /// Whether its repository is [`Options::second_repository`](super::options::Options::second_repository).
    pub in_second_repository: bool,
}

/// An endpoint of the specification (section "Endpoints"). Repository, reference and session id are not validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// end-1: `/v2/`.
    Base,
    /// end-2 and end-10: a blob.
    Blob(String, String),
    /// end-3, end-7 and end-9: a manifest.
    Manifest(String, String),
    /// end-4 and end-11: opens an upload session or mounts a blob.
    Uploads(String),
    /// end-5, end-6, end-13 and end-14: an upload session.
    Upload(String, String),
    /// end-8: tags.
    Tags(String),
    /// end-12: referrers.
    Referrers(String, String),
    /// `/v2/_catalog` of Docker's API.
    Catalog,
    /// Discovery of the extensions of the registry, or of a repository.
    Extensions(Option<String>),
    /// A path outside of the specification.
    Unknown,
}

type MakeEndpoint = fn(String, String) -> Endpoint;

impl Endpoint {
    /// The endpoint of a percent-decoded path.
    pub fn of(path: &str) -> Self {
        if let Some((name, id)) = path
            .strip_prefix("/uploads-elsewhere/")
            .and_then(|rest| rest.rsplit_once('/'))
        {
            return Self::Upload(name.to_owned(), id.to_owned());
        }
        let Some(rest) = path.strip_prefix("/v2/") else {
            return match path {
                "/v2" => Self::Base,
                _ => Self::Unknown,
            };
        };
        if rest.is_empty() {
            return Self::Base;
        }
        match rest {
            "_catalog" => return Self::Catalog,
            "_oci/ext/discover" => return Self::Extensions(None),
            _ => {}
        }
        if let Some(name) = rest.strip_suffix("/_oci/ext/discover") {
            return Self::Extensions(Some(name.to_owned()));
        }
        if let Some(name) = rest.strip_suffix("/tags/list") {
            return Self::Tags(name.to_owned());
        }
        let uploads = rest.strip_suffix("/blobs/uploads/");
        if let Some(name) = uploads.or_else(|| rest.strip_suffix("/blobs/uploads")) {
            return Self::Uploads(name.to_owned());
        }
        let make: [(&str, MakeEndpoint); 4] = [
            ("/blobs/uploads/", Self::Upload),
            ("/blobs/", Self::Blob),
            ("/manifests/", Self::Manifest),
            ("/referrers/", Self::Referrers),
        ];
        for (marker, make) in make {
            if let Some((name, reference)) = rest.rsplit_once(marker)
                && !reference.contains('/')
            {
                return make(name.to_owned(), reference.to_owned());
            }
        }
        Self::Unknown
    }

    /// The repository, if the endpoint has one.
    pub fn repository(&self) -> Option<&str> {
        match self {
            Self::Blob(name, _)
            | Self::Manifest(name, _)
            | Self::Uploads(name)
            | Self::Upload(name, _)
            | Self::Tags(name)
            | Self::Extensions(Some(name))
            | Self::Referrers(name, _) => Some(name),
            Self::Base | Self::Catalog | Self::Extensions(None) | Self::Unknown => None,
        }
    }

    /// Whether the endpoint lists tags or referrers.
    pub const fn is_list(&self) -> bool {
        matches!(self, Self::Tags(_) | Self::Referrers(..))
    }
}

impl ApiRequest {
    /// A request for a path without query, from the origin that a client would use.
    pub fn new(method: &str, origin: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Bytes::new(),
            origin: origin.to_owned(),
            endpoint: Endpoint::of(path),
            in_second_repository: false,
        }
    }

    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        let mut found = self.query.iter();
        found
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a header; the name is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter();
        found
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The elements of a header that is a list, from all its lines (RFC 9110, section 5.3); the name is in lower case.
    pub fn header_elements<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.headers.iter().filter(move |(known, _)| known == name);
        let elements = lines.flat_map(|(_, line)| line.split(','));
        elements
            .map(str::trim)
            .filter(|element| !element.is_empty())
    }

    /// Whether `Accept` permits a media type, or is absent (RFC 9110, section 12.5.1).
    pub fn accepts(&self, media_type: &str) -> bool {
        let mut ranges = self.header_elements("accept").peekable();
        ranges.peek().is_none() || ranges.any(|range| range_includes(range, media_type))
    }

    /// Whether the request is a GET or a HEAD.
    pub fn reads(&self) -> bool {
        self.is("GET") || self.is("HEAD")
    }

    /// Whether the request has this method.
    pub fn is(&self, method: &str) -> bool {
        self.method == method
    }
}

/// Whether a media range, such as `application/*;q=0.5`, includes a media type. A quality of 0 excludes it.
fn range_includes(range: &str, media_type: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let excluded = parts.any(|parameter| {
        let quality = parameter.strip_prefix("q=").map(str::parse::<f32>);
        quality == Some(Ok(0.0))
    });
    let wild = range.strip_suffix("/*");
    let includes = match wild {
        Some("*") => true,
        Some(kind) => media_type.split('/').next() == Some(kind),
        None => range.eq_ignore_ascii_case(media_type),
    };
    includes && !excluded
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, range_includes};

    #[test]
    fn a_media_range_includes_its_types() {
        let image = "application/vnd.oci.image.manifest.v1+json";
        for range in ["*/*", "*/*;q=0.1", "application/*", image] {
            assert!(range_includes(range, image), "{range}");
        }
        for range in ["text/*", "*/*;q=0", "application/json", ""] {
            assert!(!range_includes(range, image), "{range}");
        }
    }

    #[test]
    fn paths_become_endpoints() {
        let name = || "a/b".to_owned();
        assert_eq!(Endpoint::of("/v2/"), Endpoint::Base);
        assert_eq!(Endpoint::of("/v2/a/b/tags/list"), Endpoint::Tags(name()));
        assert_eq!(
            Endpoint::of("/v2/a/b/blobs/uploads/"),
            Endpoint::Uploads(name())
        );
        assert_eq!(
            Endpoint::of("/v2/a/b/blobs/uploads/x"),
            Endpoint::Upload(name(), "x".into())
        );
        assert_eq!(
            Endpoint::of("/v2/a/b/manifests/t"),
            Endpoint::Manifest(name(), "t".into())
        );
        assert_eq!(Endpoint::of("/v2/a"), Endpoint::Unknown);
        assert_eq!(Endpoint::of("/"), Endpoint::Unknown);
    }
}
