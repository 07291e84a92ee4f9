//! The endpoints of the API for the client's side: reading a path, and writing it.
//!
//! The bundled registry has a type of its own (`registry/api_request.rs`), so that a misreading of the specification cannot
//! hide in both.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

/// An endpoint (section "Endpoints" of the specification) with the repository and the reference that its path names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// end-1: the base of the API.
    Base,
    /// end-2 and end-10: a blob.
    Blob { repository: String, digest: String },
    /// end-3, end-7 and end-9: a manifest, by digest or tag.
    Manifest {
        repository: String,
        reference: String,
    },
    /// end-4 and end-11: opening an upload session, or a mount.
    Uploads { repository: String },
    /// end-5, end-6, end-13 and end-14: an upload session. The registry may choose any other URL for it.
    Upload { repository: String },
    /// end-8: the tags of a repository.
    Tags { repository: String },
    /// end-12: the referrers of a digest.
    Referrers { repository: String, digest: String },
    /// The list of repositories of Docker's API V2, which the specification does not have.
    Catalog,
    /// Anything else.
    Other,
}

/// The kind of an endpoint, as suites name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EndpointKind {
    /// A blob.
    Blob,
    /// A manifest, by digest.
    ManifestByDigest,
    /// A manifest, by tag.
    ManifestByTag,
    /// The tags of a repository.
    TagList,
    /// The referrers of a digest.
    Referrers,
    /// Opening an upload session, or a mount.
    Uploads,
    /// Anything else, upload sessions included, whose URLs are the registry's choice.
    Other,
}

/// A digest without content, for requests that must change nothing.
pub const UNKNOWN_DIGEST: &str =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

const ROOT: &str = "/v2/";

/// The text between the repository and the reference. `/blobs/uploads/` comes before its prefix `/blobs/`.
const SEPARATORS: [&str; 4] = ["/blobs/uploads/", "/blobs/", "/manifests/", "/referrers/"];

impl EndpointKind {
    /// Whether it is a list of content.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::TagList | Self::Referrers)
    }

    /// The kind in words: `a manifest by digest`.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Blob => "a blob",
            Self::ManifestByDigest => "a manifest by digest",
            Self::ManifestByTag => "a manifest by tag",
            Self::TagList => "a tag list",
            Self::Referrers => "a referrers list",
            Self::Uploads => "the upload endpoint",
            Self::Other => "an upload session or another URL",
        }
    }
}

impl Endpoint {
    pub fn manifest(repository: impl Into<String>, reference: impl Into<String>) -> Self {
        Self::Manifest {
            repository: repository.into(),
            reference: reference.into(),
        }
    }

    pub fn blob(repository: impl Into<String>, digest: impl Into<String>) -> Self {
        Self::Blob {
            repository: repository.into(),
            digest: digest.into(),
        }
    }

    /// The endpoint that a URL as text leads to.
    pub fn of_url(url: &str) -> Self {
        Self::parse(url.split(['?', '#']).next().unwrap_or_default())
    }

    /// The endpoint of a path, with or without a prefix before `/v2/`. A registry may percent-encode what it likes in its own URLs
    /// (RFC 3986, section 2.3), and end them with a slash.
    pub fn parse(path: &str) -> Self {
        Self::parse_decoded(&percent_decode_str(path).decode_utf8_lossy())
    }

    fn parse_decoded(path: &str) -> Self {
        if path == "/v2" {
            return Self::Base;
        }
        let Some(rest) = path
            .find(ROOT)
            .and_then(|at| path.get(at.saturating_add(ROOT.len())..))
        else {
            return Self::Other;
        };
        match rest {
            "" => return Self::Base,
            "_catalog" => return Self::Catalog,
            _ => {}
        }
        let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        if let Some(repository) = rest.strip_suffix("/tags/list").and_then(named) {
            return Self::Tags { repository };
        }
        let uploads = rest.strip_suffix("/blobs/uploads/");
        let uploads = uploads.or_else(|| rest.strip_suffix("/blobs/uploads"));
        if let Some(repository) = uploads.and_then(named) {
            return Self::Uploads { repository };
        }
        let split = SEPARATORS
            .iter()
            .rev()
            .filter_map(|separator| Some((rest.rfind(separator)?, separator)))
            .max_by_key(|(at, _)| *at);
        let Some((at, separator)) = split else {
            return Self::Other;
        };
        let (before, after) = rest.split_at(at);
        let (Some(repository), Some(reference)) = (named(before), after.strip_prefix(separator))
        else {
            return Self::Other;
        };
        let reference = reference.trim_end_matches('/').to_owned();
        match *separator {
            "/blobs/uploads/" => Self::Upload { repository },
            "/blobs/" => Self::Blob {
                repository,
                digest: reference,
            },
            "/manifests/" => Self::Manifest {
                repository,
                reference,
            },
            _ => Self::Referrers {
                repository,
                digest: reference,
            },
        }
    }

    /// The path of the endpoint; none where the registry chooses it.
    pub fn path(&self) -> Option<String> {
        Some(match self {
            Self::Base => ROOT.to_owned(),
            Self::Catalog => "/v2/_catalog".to_owned(),
            Self::Blob { repository, digest } => format!("/v2/{repository}/blobs/{digest}"),
            Self::Manifest {
                repository,
                reference,
            } => format!("/v2/{repository}/manifests/{reference}"),
            Self::Uploads { repository } => format!("/v2/{repository}/blobs/uploads/"),
            Self::Tags { repository } => format!("/v2/{repository}/tags/list"),
            Self::Referrers { repository, digest } => {
                format!("/v2/{repository}/referrers/{digest}")
            }
            Self::Upload { .. } | Self::Other => return None,
        })
    }

    /// The URL of the endpoint at a registry; the base itself where the registry chooses the path.
    pub fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Some(path) = self.path() {
            url.set_path(&path);
        }
        url
    }

    /// The repository that the path names.
    pub fn repository(&self) -> Option<&str> {
        match self {
            Self::Blob { repository, .. }
            | Self::Manifest { repository, .. }
            | Self::Uploads { repository }
            | Self::Upload { repository }
            | Self::Tags { repository }
            | Self::Referrers { repository, .. } => Some(repository),
            Self::Base | Self::Catalog | Self::Other => None,
        }
    }

    /// The digest of a blob or manifest; none for a tag, and for the referrers of a digest.
    pub fn content_digest(&self) -> Option<&str> {
        match self {
            Self::Blob { digest, .. } => Some(digest.as_str()).filter(|one| is_digest(one)),
            Self::Manifest { reference, .. } => {
                Some(reference.as_str()).filter(|one| is_digest(one))
            }
            _ => None,
        }
    }

    pub fn kind(&self) -> EndpointKind {
        match self {
            Self::Blob { digest, .. } if is_digest(digest) => EndpointKind::Blob,
            Self::Manifest { reference, .. } if is_digest(reference) => {
                EndpointKind::ManifestByDigest
            }
            Self::Manifest { .. } => EndpointKind::ManifestByTag,
            Self::Tags { .. } => EndpointKind::TagList,
            Self::Referrers { .. } => EndpointKind::Referrers,
            Self::Uploads { .. } => EndpointKind::Uploads,
            Self::Base | Self::Blob { .. } | Self::Upload { .. } | Self::Catalog | Self::Other => {
                EndpointKind::Other
            }
        }
    }
}

/// The value of an Accept header that accepts manifests of every type.
pub const ANY_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
     application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// The longest tag, in characters (section "Pulling manifests").
const LONGEST_TAG: usize = 128;

/// Whether a text is a tag (section "Pulling manifests").
pub fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.len() <= LONGEST_TAG
        && text.starts_with(word)
        && text.chars().all(|c| word(c) || c == '.' || c == '-')
}

/// The URL of an upload session, without the digest that a client adds to close it (section "Pushing a blob monolithically"),
/// and without a query that is empty.
pub fn without_digest(url: &Url) -> String {
    let text = url.as_str();
    let end = text.find("?digest=").or_else(|| text.find("&digest="));
    let kept = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    kept.strip_suffix('?').unwrap_or(kept).to_owned()
}

/// Whether a reference is a digest: a tag contains no colon (section "Pulling manifests").
pub fn is_digest(reference: &str) -> bool {
    reference.contains(':')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tags_follow_the_grammar() {
        assert!(is_tag("_a.B-1") && is_tag(&"a".repeat(128)));
        assert!(!is_tag("") && !is_tag("-a") && !is_tag("a+b") && !is_tag(&"a".repeat(129)));
    }

    #[test]
    fn a_path_is_read_and_written_back() {
        for (path, kind, repository) in [
            (
                "/v2/a/b/manifests/latest",
                EndpointKind::ManifestByTag,
                "a/b",
            ),
            (
                "/v2/a/manifests/sha256:0",
                EndpointKind::ManifestByDigest,
                "a",
            ),
            ("/v2/a/blobs/sha512:0", EndpointKind::Blob, "a"),
            ("/v2/a/tags/list", EndpointKind::TagList, "a"),
            ("/v2/a/referrers/sha256:0", EndpointKind::Referrers, "a"),
            ("/v2/a/b/blobs/uploads/", EndpointKind::Uploads, "a/b"),
            ("/v2/", EndpointKind::Other, ""),
            ("/v2/_catalog", EndpointKind::Other, ""),
            (
                "/v2/blobs/manifests/manifests/t",
                EndpointKind::ManifestByTag,
                "blobs/manifests",
            ),
            ("/v2/v2/x/tags/list", EndpointKind::TagList, "v2/x"),
        ] {
            let endpoint = Endpoint::parse(path);
            assert_eq!(endpoint.kind(), kind, "{path}");
            assert_eq!(
                endpoint.repository().unwrap_or_default(),
                repository,
                "{path}"
            );
            assert_eq!(endpoint.path().as_deref(), Some(path));
        }
    }

    #[test]
    fn an_upload_url_is_known_without_its_digest() {
        for (url, known) in [
            ("http://r/u?digest=d", "http://r/u"),
            ("http://r/u?", "http://r/u"),
            ("http://r/u?a&digest=d", "http://r/u?a"),
            ("http://r/u?a", "http://r/u?a"),
        ] {
            assert_eq!(without_digest(&Url::parse(url).unwrap()), known);
        }
    }

    #[test]
    fn an_upload_session_has_no_path_of_its_own() {
        let session = Endpoint::parse("/v2/a/blobs/uploads/1/2");
        assert_eq!(session.repository(), Some("a"));
        assert_eq!(
            (session.kind(), session.path()),
            (EndpointKind::Other, None)
        );
    }

    #[test]
    fn a_prefix_and_an_escaped_colon_are_understood() {
        let blob = Endpoint::parse("/prefix/v2/a/blobs/sha256%3A0");
        assert_eq!(blob, Endpoint::blob("a", "sha256:0"));
        assert_eq!(blob.content_digest(), Some("sha256:0"));
        for path in [
            "/v2/%61/b/blobs/sha256:0",
            "/v2/a%2fb/blobs/sha%3256%3a0/",
            "/v2/a/b/blobs/sha256:0/",
        ] {
            assert_eq!(Endpoint::parse(path), Endpoint::blob("a/b", "sha256:0"));
        }
        assert_eq!(
            Endpoint::parse("/v2/a/manifests/%"),
            Endpoint::manifest("a", "%")
        );
        assert_eq!(
            Endpoint::parse("/v2/a/manifests/%zz%4"),
            Endpoint::manifest("a", "%zz%4")
        );
        for path in [
            "",
            "/",
            "/v2x/a/tags/list",
            "/v2//tags/list",
            "/blobs/sha256:0",
        ] {
            assert_eq!(Endpoint::parse(path), Endpoint::Other, "{path}");
        }
    }
}
