//! Citations: the catalogue names a passage of the specification without its words.

use super::text::FINGERPRINT_LENGTH;

/// A passage that a requirement comes from, named by its fingerprint and its section.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Citation {
    /// Twelve hexadecimal digits.
    pub fingerprint: String,
    /// The anchor of the section.
    pub section: String,
}

impl Citation {
    /// Parses `FINGERPRINT` (of the requirement's own section) or `FINGERPRINT@SECTION` (of another section).
    /// `None` if it is malformed.
    pub fn parse(text: &str, own_section: &str) -> Option<Self> {
        let (fingerprint, section) = match text.split_once('@') {
            Some((fingerprint, section)) => (fingerprint, section),
            None => (text, own_section),
        };
        let valid = is_fingerprint(fingerprint) && !section.is_empty();
        valid.then(|| Self {
            fingerprint: fingerprint.to_owned(),
            section: section.to_owned(),
        })
    }
}

/// Whether a text is twelve hexadecimal digits in lower case.
pub fn is_fingerprint(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == FINGERPRINT_LENGTH && text.bytes().all(digit)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bare_fingerprint_is_of_the_requirements_own_section() {
        let own = Citation::parse("0123456789ab", "brewing").unwrap();
        assert_eq!(own.section, "brewing");
        let other = Citation::parse("0123456789ab@pouring", "brewing").unwrap();
        assert_eq!(other.section, "pouring");
        assert_ne!(own, other);
    }

    #[test]
    fn a_malformed_fingerprint_is_refused() {
        for text in [
            "",
            "0123",
            "0123456789AB",
            "0123456789abc",
            "0123456789ab@",
            "hello, world",
        ] {
            assert_eq!(Citation::parse(text, "brewing"), None, "{text}");
        }
    }
}
