//! A token, and its validity.

use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The validity of a token without `expires_in` ("Token Authentication Specification": 60 seconds).
const DEFAULT_VALIDITY: Duration = Duration::from_secs(60);

/// The longest token that is used, in bytes: no server reads headers of this size, and each token is remembered.
pub const MAX_TOKEN: usize = 64 * 1024;

/// The longest time that a token is kept.
const MAX_VALIDITY: Duration = Duration::from_secs(24 * 3600);

/// How long before its expiry a token is replaced.
const MARGIN: Duration = Duration::from_secs(5);

/// A token for the registry.
#[derive(Clone)]
pub struct Token {
    pub text: String,
    /// When it was received.
    pub since: Instant,
    /// When it is replaced.
    pub until: Instant,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token(…, until {:?})", self.until)
    }
}

impl Token {
    /// A token of the user, which is not replaced.
    pub fn given(text: &str) -> Self {
        let since = Instant::now();
        Self {
            text: text.to_owned(),
            since,
            until: since.checked_add(MAX_VALIDITY).unwrap_or(since),
        }
    }
}

/// The body of a token server's response.
#[derive(Default, Deserialize)]
pub struct TokenBody {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<serde_json::Value>,
    issued_at: Option<serde_json::Value>,
    pub refresh_token: Option<String>,
}

impl TokenBody {
    /// The member with a token that is longer than [`MAX_TOKEN`], and its length in bytes.
    pub fn too_long(&self) -> Option<(&'static str, usize)> {
        let tokens = [
            ("token", &self.token),
            ("access_token", &self.access_token),
            ("refresh_token", &self.refresh_token),
        ];
        let mut lengths = tokens
            .into_iter()
            .map(|(name, token)| (name, token.as_ref().map_or(0, String::len)));
        lengths.find(|(_, length)| *length > MAX_TOKEN)
    }

    /// The token; none where there is none that a header can carry.
    pub fn token(&self, headers: &HeaderMap) -> Option<Token> {
        let mut found = [&self.token, &self.access_token].into_iter().flatten();
        let text = found.find(|text| !text.is_empty())?;
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let since = Instant::now();
        let validity = self.validity(headers);
        Some(Token {
            text: text.clone(),
            since,
            until: since
                .checked_add(validity.saturating_sub(MARGIN.min(validity / 4)))
                .unwrap_or(since),
        })
    }

    /// The rest of the validity. The token may come from a cache of the server; its age is computed by the server's clock,
    /// since the clock of this machine may be wrong.
    fn validity(&self, headers: &HeaderMap) -> Duration {
        let seconds = match &self.expires_in {
            Some(serde_json::Value::Number(number)) => number.as_f64(),
            Some(serde_json::Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        let validity = seconds
            .filter(|seconds| *seconds > 0.0)
            .map_or(DEFAULT_VALIDITY, |seconds| {
                Duration::try_from_secs_f64(seconds).unwrap_or(MAX_VALIDITY)
            });
        // Where the age exceeds the validity, one of the two is wrong.
        let rest = validity.checked_sub(self.age(headers).unwrap_or_default());
        rest.unwrap_or(validity).min(MAX_VALIDITY)
    }

    /// The time between `issued_at` and the `Date` of the response.
    fn age(&self, headers: &HeaderMap) -> Option<Duration> {
        let date = headers.get("date")?.to_str().ok()?;
        let now = httpdate::parse_http_date(date).ok()?;
        let issued = OffsetDateTime::parse(self.issued_at.as_ref()?.as_str()?, &Rfc3339).ok()?;
        now.duration_since(SystemTime::from(issued)).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn seconds(json: &str) -> u64 {
        let headers = [(
            http::header::DATE,
            "Wed, 21 Oct 2026 07:28:00 GMT".parse().unwrap(),
        )];
        let body: TokenBody = serde_json::from_str(json).unwrap();
        let headers = headers.into_iter().collect();
        body.validity(&headers).as_secs()
    }

    #[test]
    fn validity_is_computed_by_the_clock_of_the_server() {
        assert_eq!(seconds(r#"{"token":"x"}"#), 60);
        assert_eq!(seconds(r#"{"token":"x","expires_in":300}"#), 300);
        assert_eq!(seconds(r#"{"token":"x","expires_in":"300"}"#), 300);
        assert_eq!(seconds(r#"{"token":"x","expires_in":-1}"#), 60);
        assert_eq!(seconds(r#"{"token":"x","expires_in":1e300}"#), 24 * 3600);
        let old = r#"{"token":"x","expires_in":300,"issued_at":"2026-10-21T07:27:00Z"}"#;
        assert_eq!(seconds(old), 240);
        let ahead = r#"{"token":"x","expires_in":300,"issued_at":"2026-10-21T08:29:00+01:00"}"#;
        assert_eq!(seconds(ahead), 300);
        let dead = r#"{"token":"x","issued_at":"2020-10-21T07:27:00Z"}"#;
        assert_eq!(seconds(dead), 60, "a wrong clock costs no more than a 401");
        assert_eq!(seconds(r#"{"token":"x","issued_at":"yesterday"}"#), 60);
        assert_eq!(seconds(r#"{"token":"x","issued_at":1700000000}"#), 60);
    }

    #[test]
    fn both_names_are_read_and_only_header_values_accepted() {
        let text = |json: &str| {
            let body: TokenBody = serde_json::from_str(json).unwrap();
            body.token(&HeaderMap::new()).map(|token| token.text)
        };
        assert_eq!(
            text(r#"{"token":"a","access_token":"b"}"#),
            Some("a".into())
        );
        assert_eq!(text(r#"{"access_token":"b"}"#), Some("b".into()));
        assert_eq!(text(r#"{"token":"","access_token":"b"}"#), Some("b".into()));
        assert_eq!(text(r#"{"token":"a\r\nX-Y: z"}"#), None);
        assert_eq!(text("{}"), None);
    }
}
