//! The grammars of names, tags and digests (section "Pulling manifests"; image specification, "Digests").
//! They are the registry's own: what judges it ([`crate::endpoint`]) does not judge itself.

use sha2::{Digest, Sha256, Sha512};

/// Whether a text is a valid repository name.
pub fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let component = |part: &str| {
        part.starts_with(plain)
            && part.ends_with(plain)
            && part
                .split(plain)
                .filter(|marks| !marks.is_empty())
                .all(|marks| matches!(marks, "." | "_" | "__") || marks.chars().all(|c| c == '-'))
    };
    text.split('/').all(component)
}

/// Whether a text is a valid tag.
pub fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.len() <= 128
        && text.starts_with(word)
        && text.chars().all(|c| word(c) || c == '.' || c == '-')
}

/// The kind of digest that a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestKind {
    /// A digest of a supported algorithm: sha256 or sha512.
    Known,
    /// A well-formed digest of another algorithm.
    Foreign,
    /// Not a well-formed digest.
    None,
}

/// The kind of digest that a text is.
pub fn digest_kind(text: &str) -> DigestKind {
    let Some((algorithm, encoded)) = text.split_once(':') else {
        return DigestKind::None;
    };
    let hex = |length: usize| {
        encoded.len() == length
            && encoded
                .bytes()
                .all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
    };
    match algorithm {
        "sha256" if hex(64) => DigestKind::Known,
        "sha512" if hex(128) => DigestKind::Known,
        "sha256" | "sha512" => DigestKind::None,
        _ => {
            let plain =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+._-".contains(c);
            let word = |c: char| c.is_ascii_alphanumeric() || "=_-".contains(c);
            let formed = !algorithm.is_empty()
                && algorithm.chars().all(plain)
                && !encoded.is_empty()
                && encoded.chars().all(word);
            if formed {
                DigestKind::Foreign
            } else {
                DigestKind::None
            }
        }
    }
}

/// The digest of the bytes, by the algorithm of another digest; `None` if that algorithm is not supported.
pub fn digest_like(example: &str, bytes: &[u8]) -> Option<String> {
    match example.split(':').next()? {
        "sha256" => Some(format!("sha256:{}", hex::encode(Sha256::digest(bytes)))),
        "sha512" => Some(format!("sha512:{}", hex::encode(Sha512::digest(bytes)))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tags_and_digests_are_distinguished() {
        assert!(is_name("a/b-c.d__e/1--2"));
        for name in ["", "A", "a/", "a..b", "-a", "a/-"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_tag("_a.B-1") && is_tag(&"a".repeat(128)));
        assert!(!is_tag("") && !is_tag("-a") && !is_tag("a+b") && !is_tag(&"a".repeat(129)));
        let digest = digest_like("sha256:", b"");
        assert_eq!(digest.as_deref().map(digest_kind), Some(DigestKind::Known));
        assert_eq!(digest_kind("sha256:nonsense"), DigestKind::None);
        assert_eq!(digest_kind("blake3:00"), DigestKind::Foreign);
        assert_eq!(digest_kind("latest"), DigestKind::None);
    }
}
