//! References to images and artifacts, as users write them: `registry/repository:tag` or `registry/repository@digest`.

use std::fmt;

use crate::client::{Address, AddressError};
use crate::endpoint::{self, is_tag};

/// A manifest in a repository of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    /// The registry.
    pub address: Address,
    /// The repository.
    pub repository: String,
    /// A tag or a digest; none where only the repository was named.
    pub reference: Option<String>,
}

/// A reference that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The registry or the repository is malformed.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// There is no repository after the registry.
    #[error(
        "`{0}` names no repository: write REGISTRY/REPOSITORY:TAG, for example localhost:5000/reports/zot:nightly"
    )]
    NoRepository(String),
    /// The tag violates the grammar.
    #[error(
        "`{0}` is not a tag: write up to 128 letters, digits, `_`, `.` and `-`, the first of them a letter, digit or `_`"
    )]
    Tag(String),
    /// The digest is none.
    #[error("`{0}` is not a digest: write sha256: and 64 lower-case hexadecimal digits")]
    Digest(String),
}

impl ImageReference {
    /// Parses a reference. The default scheme is https, and http for loopback addresses.
    ///
    /// # Errors
    /// When a part is missing or malformed. The error does not repeat a password.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let text = text.trim();
        let (name, reference) = split(text)?;
        let address = Address::parse(name)?;
        let Some(repository) = address.repository.clone() else {
            return Err(ReferenceError::NoRepository(name.to_owned()));
        };
        Ok(Self {
            address,
            repository,
            reference: reference.map(str::to_owned),
        })
    }

    /// The same repository with another reference.
    #[must_use]
    pub fn with(&self, reference: impl Into<String>) -> Self {
        Self {
            reference: Some(reference.into()),
            ..self.clone()
        }
    }

    /// Whether both are in one repository of one registry.
    pub fn shares_repository(&self, other: &Self) -> bool {
        self.address.base == other.address.base && self.repository == other.repository
    }

    /// The name of the repository as [`ImageReference::parse`] reads it: the scheme is left out where it is the default.
    fn name(&self) -> String {
        let base = self.address.base.as_str().trim_end_matches('/');
        let short = base.split_once("://").map_or(base, |(_, host)| host);
        let reads_the_same =
            Address::parse(short).is_ok_and(|address| address.base == self.address.base);
        let host = if reads_the_same { short } else { base };
        format!("{host}/{}", self.repository)
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())?;
        match &self.reference {
            Some(digest) if endpoint::is_digest(digest) => write!(f, "@{digest}"),
            Some(tag) => write!(f, ":{tag}"),
            None => Ok(()),
        }
    }
}

/// The name of the repository, and the tag or digest.
fn split(text: &str) -> Result<(&str, Option<&str>), ReferenceError> {
    // An `@` before the last slash belongs to credentials, which the address refuses.
    if let Some((name, digest)) = text.rsplit_once('@')
        && name.contains('/')
        && digest.starts_with("sha")
        && !digest.contains('/')
    {
        return match is_sha_digest(digest) {
            true => Ok((name, Some(digest))),
            false => Err(ReferenceError::Digest(digest.to_owned())),
        };
    }
    let end = text.rfind('/').map_or(0, |slash| slash + 1);
    let last = text.get(end..).unwrap_or_default();
    let after_scheme = text.get(..end).is_some_and(|start| start.ends_with("://"));
    let Some((_, tag)) = last.split_once(':').filter(|_| end > 0 && !after_scheme) else {
        return Ok((text, None));
    };
    let name = text
        .strip_suffix(tag)
        .and_then(|name| name.strip_suffix(':'));
    match is_tag(tag) {
        true => Ok((name.unwrap_or(text), Some(tag))),
        false => Err(ReferenceError::Tag(tag.to_owned())),
    }
}

/// Whether a text is a digest of an algorithm that assay computes.
pub(super) fn is_sha_digest(text: &str) -> bool {
    let (hex, length) = match text.split_once(':') {
        Some(("sha256", hex)) => (hex, 64),
        Some(("sha512", hex)) => (hex, 128),
        _ => return false,
    };
    let lower = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    hex.len() == length && hex.chars().all(lower)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_reference_is_read_and_written_back() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let by_digest = format!("registry.example/a@{digest}");
        for (text, base, repository, reference) in [
            (
                "localhost:5000/a/b:t",
                "http://localhost:5000/",
                "a/b",
                Some("t"),
            ),
            (
                "registry.example/a:1.0_x-y",
                "https://registry.example/",
                "a",
                Some("1.0_x-y"),
            ),
            (
                &by_digest,
                "https://registry.example/",
                "a",
                Some(digest.as_str()),
            ),
            (
                "registry.example:443/a",
                "https://registry.example/",
                "a",
                None,
            ),
            (
                "http://registry.example:80/a:t",
                "http://registry.example/",
                "a",
                Some("t"),
            ),
            (
                "https://localhost/a:t",
                "https://localhost/",
                "a",
                Some("t"),
            ),
        ] {
            let read = ImageReference::parse(text).unwrap();
            assert_eq!(read.address.base.as_str(), base, "{text}");
            assert_eq!(read.repository, repository, "{text}");
            assert_eq!(read.reference.as_deref(), reference, "{text}");
            assert_eq!(ImageReference::parse(&read.to_string()).unwrap(), read);
        }
    }

    #[test]
    fn a_mistake_is_named_and_no_password_is_repeated() {
        for (text, says) in [
            ("localhost:5000", "names no repository"),
            ("http://localhost:5000", "names no repository"),
            ("localhost/a:", "is not a tag"),
            ("localhost/a:-x", "is not a tag"),
            ("localhost/a@sha256:00", "is not a digest"),
            ("localhost/UPPER:t", "must be a repository"),
            ("https://me:hunter2@localhost/a:t", "--username"),
            ("me:hunter2@localhost/a", "--username"),
        ] {
            let error = ImageReference::parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn two_references_may_share_a_repository() {
        let parse = |text: &str| ImageReference::parse(text).unwrap();
        assert!(parse("localhost/a:1").shares_repository(&parse("http://localhost/a:2")));
        assert!(!parse("localhost/a:1").shares_repository(&parse("localhost/b:1")));
        assert!(!parse("localhost/a:1").shares_repository(&parse("localhost:5000/a:1")));
    }
}
