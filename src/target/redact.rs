//! Secrets are taken out here, before anything is kept: nothing behind this has to know of them.

use std::sync::{PoisonError, RwLock};

use url::Url;

/// What stands in a secret's place.
pub const HIDDEN: &str = "[hidden]";

/// Headers whose values are secrets.
const HEADERS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-amz-security-token",
];

/// Query parameters whose values are secrets.
const PARAMETERS: [&str; 14] = [
    "x-amz-signature",
    "x-amz-credential",
    "x-amz-security-token",
    "x-goog-signature",
    "x-goog-credential",
    "signature",
    "sig",
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "awsaccesskeyid",
    "password",
    "key-pair-id",
];

/// What takes secrets out of texts.
#[derive(Default)]
pub struct Redactor {
    /// The longest first: one may be a part of another.
    secrets: RwLock<Vec<String>>,
}

impl Redactor {
    /// One that knows these secrets.
    pub fn new(secrets: Vec<String>) -> Self {
        let redactor = Self::default();
        secrets.iter().for_each(|secret| redactor.learn(secret));
        redactor
    }

    /// Takes this out too from now on.
    pub fn learn(&self, secret: &str) {
        if secret.len() < 4 {
            return;
        }
        let encoded = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        for one in [secret.to_owned(), encoded] {
            if !secrets.contains(&one) {
                secrets.push(one);
            }
        }
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// A text without the known secrets.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets.iter() {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), HIDDEN);
            }
        }
        text
    }

    /// A URL without its secrets.
    pub fn url(&self, url: &Url) -> String {
        let mut url = url.clone();
        if !url.username().is_empty() || url.password().is_some() {
            // A URL with a host takes both.
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        self.text(&query(url.as_str()))
    }

    /// The value of a header without its secrets.
    pub fn header(&self, name: &str, value: &str) -> String {
        if HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let scheme = value.split(' ').next().unwrap_or_default();
            return match name.eq_ignore_ascii_case("authorization") {
                true => format!("{scheme} {HIDDEN}"),
                false => HIDDEN.to_owned(),
            };
        }
        self.text(&query(value))
    }
}

/// A text with the values of secret query parameters replaced: in a URL, or in a header that holds one.
fn query(text: &str) -> String {
    let Some((before, after)) = text.split_once('?') else {
        return text.to_owned();
    };
    let parts: Vec<String> = after
        .split('&')
        .map(|part| match part.split_once('=') {
            Some((name, value)) if is_secret(name) => {
                let end = value.find(['>', '#', ' ', '"']).unwrap_or(value.len());
                format!("{name}={HIDDEN}{}", value.get(end..).unwrap_or_default())
            }
            _ => part.to_owned(),
        })
        .collect();
    format!("{before}?{}", parts.join("&"))
}

fn is_secret(name: &str) -> bool {
    PARAMETERS.contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn secrets_are_taken_out_wherever_they_stand() {
        let redactor = Redactor::new(vec!["hunt/er2".into()]);
        let url =
            Url::parse("https://u:hunt%2Fer2@h/p?a=1&X-Amz-Signature=abc&b=hunt/er2").unwrap();
        let shown = redactor.url(&url);
        assert!(!shown.contains("abc") && !shown.contains("er2"), "{shown}");
        assert!(shown.contains("a=1"), "{shown}");
        assert_eq!(
            redactor.header("Authorization", "Basic aHVudA=="),
            "Basic [hidden]"
        );
        assert_eq!(redactor.header("Set-Cookie", "a=b"), HIDDEN);
        assert_eq!(
            redactor.header("Link", "</x?last=a&sig=zz>; rel=\"next\""),
            "</x?last=a&sig=[hidden]>; rel=\"next\""
        );
    }
}
