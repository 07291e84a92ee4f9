//! What a request asks for, as its path tells (section "Endpoints").

use schemars::JsonSchema;
use serde::Deserialize;

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// A blob, by its digest.
    Blob,
    /// A manifest, by its digest.
    Manifest,
    /// A manifest, by a tag.
    Tag,
    /// The tags of a repository.
    TagList,
    /// The referrers of a digest.
    Referrers,
    /// The place where uploads are opened.
    Uploads,
    /// Anything else: the location of an upload session has no form of its own.
    Other,
}

impl Endpoint {
    /// What a path asks for, with the reference (a digest or a tag) at its end.
    pub fn of(path: &str) -> (Self, &str) {
        let (before, last) = path.rsplit_once('/').unwrap_or_default();
        let above = before.rsplit('/').next().unwrap_or_default();
        let endpoint = match (above, last) {
            ("manifests", reference) if reference.contains(':') => Self::Manifest,
            ("manifests", _) => Self::Tag,
            ("blobs", reference) if reference.contains(':') => Self::Blob,
            ("referrers", _) => Self::Referrers,
            ("tags", "list") => Self::TagList,
            ("uploads", "") => Self::Uploads,
            _ => Self::Other,
        };
        (endpoint, last)
    }

    /// The repository that a path is about, where it is of a form that the specification gives.
    pub fn repository(path: &str) -> Option<&str> {
        let levels = match Self::of(path).0 {
            Self::Other => return None,
            Self::Uploads => 3,
            _ => 2,
        };
        let name = path.rsplitn(levels + 1, '/').nth(levels)?;
        name.split_once("v2/").map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn paths_are_told_apart() {
        for (path, endpoint, reference, repository) in [
            (
                "/v2/a/b/manifests/latest",
                Endpoint::Tag,
                "latest",
                Some("a/b"),
            ),
            (
                "/v2/a/manifests/sha256:0",
                Endpoint::Manifest,
                "sha256:0",
                Some("a"),
            ),
            (
                "/v2/a/blobs/sha512:0",
                Endpoint::Blob,
                "sha512:0",
                Some("a"),
            ),
            ("/v2/a/tags/list", Endpoint::TagList, "list", Some("a")),
            (
                "/prefix/v2/a/referrers/sha256:0",
                Endpoint::Referrers,
                "sha256:0",
                Some("a"),
            ),
            ("/v2/a/b/blobs/uploads/", Endpoint::Uploads, "", Some("a/b")),
            ("/v2/a/blobs/uploads/1", Endpoint::Other, "1", None),
            ("/v2/", Endpoint::Other, "", None),
            ("", Endpoint::Other, "", None),
        ] {
            assert_eq!(Endpoint::of(path), (endpoint, reference), "{path}");
            assert_eq!(Endpoint::repository(path), repository, "{path}");
        }
    }
}
