//! The redaction of texts, URLs and headers.

use std::sync::{PoisonError, RwLock};

use url::Url;

use super::heuristics::redact_likely_secrets;
use super::known::Known;
use super::redacted::REDACTED;

/// Headers whose whole value is secret.
const SECRET_HEADERS: [&str; 14] = [
    "authorization",
    "proxy-authorization",
    "authentication-info",
    "cookie",
    "set-cookie",
    "x-amz-security-token",
    "x-registry-auth",
    "x-registry-config",
    "x-auth-token",
    "x-api-key",
    "x-jfrog-art-api",
    "private-token",
    "job-token",
    "x-csrf-token",
];

/// Redacts secrets. It learns new ones, such as tokens, in the middle of a run.
#[derive(Default)]
pub struct Redactor {
    known: RwLock<Known>,
}

impl Redactor {
    /// Redacts these secrets, and what it learns.
    pub fn new(secrets: &[String]) -> Self {
        let redactor = Self::default();
        secrets.iter().for_each(|secret| redactor.learn(secret));
        redactor
    }

    /// Redacts this secret from now on.
    pub fn learn(&self, secret: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.learn(secret);
    }

    /// A text with its secrets replaced.
    pub fn text(&self, text: &str) -> String {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        redact_likely_secrets(&known.redact(text))
    }

    /// Bytes that are not text: known secrets are replaced by stars.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.mask(bytes)
    }

    /// A URL without user info and secrets.
    pub fn url(&self, url: &Url) -> String {
        let mut url = url.clone();
        if !url.username().is_empty() || url.password().is_some() {
            // Both fail only for a URL without a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        self.text(url.as_str())
    }

    /// The value of a header; of a secret one, only the scheme of an authorization stays.
    pub fn header(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        if !SECRET_HEADERS.contains(&name.as_str()) {
            return self.text(value);
        }
        match value.split_once(' ') {
            Some((scheme, _)) if name.ends_with("authorization") => format!("{scheme} {REDACTED}"),
            _ => REDACTED.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn urls_and_headers_are_redacted() {
        let redactor = Redactor::new(&["hunt/er2".into()]);
        let url =
            Url::parse("https://u:hunt%2Fer2@h/p?a=1&X-Amz-Signature=abc&b=hunt/er2").unwrap();
        let shown = redactor.url(&url);
        assert!(!shown.contains("abc") && !shown.contains("er2"), "{shown}");
        assert!(shown.contains("a=1"), "{shown}");
        let header = |name, value| redactor.header(name, value);
        assert_eq!(
            header("Authorization", "Basic aHVudA=="),
            "Basic [redacted]"
        );
        assert_eq!(header("Authorization", "aHVudA=="), REDACTED);
        assert_eq!(header("Set-Cookie", "a=b; Path=/"), REDACTED);
        assert_eq!(
            header("Link", "</x?last=a&sig=zz>; rel=\"next\""),
            "</x?last=a&sig=[redacted]>; rel=\"next\""
        );
    }
}
