//! What takes secrets out of texts.

use std::sync::{PoisonError, RwLock};

use url::Url;

use super::HIDDEN;
use super::heuristics::without_what_looks_secret;
use super::known::Known;

/// Headers whose values are secrets.
const HEADERS: [&str; 14] = [
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

/// What takes secrets out of texts. It learns of new ones in the middle of a run.
#[derive(Default)]
pub struct Redactor {
    known: RwLock<Known>,
}

impl Redactor {
    /// One that knows these secrets.
    pub fn new(secrets: &[String]) -> Self {
        let redactor = Self::default();
        secrets.iter().for_each(|secret| redactor.learn(secret));
        redactor
    }

    /// Takes this out too from now on, in every form.
    pub fn learn(&self, secret: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.learn(secret);
    }

    /// A text without secrets.
    pub fn text(&self, text: &str) -> String {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        without_what_looks_secret(&known.hide(text))
    }

    /// Bytes that are no text, without known secrets: stars are in their place.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.blot(bytes)
    }

    /// A URL without its secrets.
    pub fn url(&self, url: &Url) -> String {
        let mut url = url.clone();
        if !url.username().is_empty() || url.password().is_some() {
            // A URL with a host takes both.
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        self.text(url.as_str())
    }

    /// The value of a header without its secrets.
    pub fn header(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        if !HEADERS.contains(&name.as_str()) {
            return self.text(value);
        }
        match value.split_once(' ') {
            Some((scheme, _)) if name.ends_with("authorization") => format!("{scheme} {HIDDEN}"),
            _ => HIDDEN.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn secrets_are_taken_out_wherever_they_stand() {
        let redactor = Redactor::new(&["hunt/er2".into()]);
        let url =
            Url::parse("https://u:hunt%2Fer2@h/p?a=1&X-Amz-Signature=abc&b=hunt/er2").unwrap();
        let shown = redactor.url(&url);
        assert!(!shown.contains("abc") && !shown.contains("er2"), "{shown}");
        assert!(shown.contains("a=1"), "{shown}");
        let header = |name, value| redactor.header(name, value);
        assert_eq!(header("Authorization", "Basic aHVudA=="), "Basic [hidden]");
        assert_eq!(header("Authorization", "aHVudA=="), HIDDEN);
        assert_eq!(header("Set-Cookie", "a=b; Path=/"), HIDDEN);
        assert_eq!(
            header("Link", "</x?last=a&sig=zz>; rel=\"next\""),
            "</x?last=a&sig=[hidden]>; rel=\"next\""
        );
    }
}
