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

    /// Whether it names the bytes that it leads to, by their digest.
    pub const fn by_digest(self) -> bool {
        matches!(self, Self::Blob | Self::Manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn paths_are_told_apart() {
        for (path, endpoint, reference) in [
            ("/v2/a/b/manifests/latest", Endpoint::Tag, "latest"),
            ("/v2/a/manifests/sha256:0", Endpoint::Manifest, "sha256:0"),
            ("/v2/a/blobs/sha512:0", Endpoint::Blob, "sha512:0"),
            ("/v2/a/tags/list", Endpoint::TagList, "list"),
            (
                "/prefix/v2/a/referrers/sha256:0",
                Endpoint::Referrers,
                "sha256:0",
            ),
            ("/v2/a/b/blobs/uploads/", Endpoint::Uploads, ""),
            ("/v2/a/blobs/uploads/1", Endpoint::Other, "1"),
            ("/v2/", Endpoint::Other, ""),
            ("", Endpoint::Other, ""),
        ] {
            assert_eq!(Endpoint::of(path), (endpoint, reference), "{path}");
            let by_digest = reference.contains(':') && endpoint != Endpoint::Referrers;
            assert_eq!(endpoint.by_digest(), by_digest, "{path}");
        }
    }
}
