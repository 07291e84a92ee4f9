//! A token, and how long it is good for.

use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How long a token lives that does not say so ("Token Authentication Specification": 60 seconds).
const UNSAID: Duration = Duration::from_secs(60);

/// The longest that a token is kept.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// How long before its end a token is no longer sent.
const MARGIN: Duration = Duration::from_secs(5);

/// A token for the registry.
#[derive(Clone)]
pub struct Token {
    /// What is sent.
    pub text: String,
    /// When it came.
    pub since: Instant,
    /// Until when it is sent without asking anew.
    pub until: Instant,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token(…, until {:?})", self.until)
    }
}

impl Token {
    /// One that the user gave: it is never asked for anew.
    pub fn given(text: &str) -> Self {
        let since = Instant::now();
        Self {
            text: text.to_owned(),
            since,
            until: since.checked_add(LONGEST).unwrap_or(since),
        }
    }
}

/// What a token server answers.
#[derive(Default, Deserialize)]
pub struct Granted {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<serde_json::Value>,
    issued_at: Option<String>,
    /// A token by which others are got.
    pub refresh_token: Option<String>,
}

impl Granted {
    /// The token, if there is one that can be sent in a header.
    pub fn token(&self, headers: &HeaderMap) -> Option<Token> {
        let mut found = [&self.token, &self.access_token].into_iter().flatten();
        let text = found.find(|text| !text.is_empty())?;
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let since = Instant::now();
        let lives = self.lives(headers);
        Some(Token {
            text: text.clone(),
            since,
            until: since
                .checked_add(lives.saturating_sub(MARGIN.min(lives / 4)))
                .unwrap_or(since),
        })
    }

    /// How much of its life is left. A token may come from the server's own store: how old it is says the
    /// server's clock, never ours, which may be wrong.
    fn lives(&self, headers: &HeaderMap) -> Duration {
        let lives = match &self.expires_in {
            Some(serde_json::Value::Number(number)) => number.as_f64(),
            Some(serde_json::Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        let lives = lives
            .filter(|seconds| *seconds > 0.0)
            .map_or(UNSAID, |seconds| {
                Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST)
            });
        let left = lives.checked_sub(self.age(headers).unwrap_or_default());
        left.unwrap_or(lives).min(LONGEST)
    }

    fn age(&self, headers: &HeaderMap) -> Option<Duration> {
        let date = headers.get("date")?.to_str().ok()?;
        let now = httpdate::parse_http_date(date).ok()?;
        let issued = OffsetDateTime::parse(self.issued_at.as_deref()?, &Rfc3339).ok()?;
        now.duration_since(SystemTime::from(issued)).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lives(json: &str) -> u64 {
        let headers = [(
            http::header::DATE,
            "Wed, 21 Oct 2026 07:28:00 GMT".parse().unwrap(),
        )];
        let granted: Granted = serde_json::from_str(json).unwrap();
        let headers = headers.into_iter().collect();
        granted.lives(&headers).as_secs()
    }

    #[test]
    fn a_token_lives_as_long_as_it_says_by_the_clock_of_its_server() {
        assert_eq!(lives(r#"{"token":"x"}"#), 60);
        assert_eq!(lives(r#"{"token":"x","expires_in":300}"#), 300);
        assert_eq!(lives(r#"{"token":"x","expires_in":"300"}"#), 300);
        assert_eq!(lives(r#"{"token":"x","expires_in":-1}"#), 60);
        assert_eq!(lives(r#"{"token":"x","expires_in":1e300}"#), 24 * 3600);
        let old = r#"{"token":"x","expires_in":300,"issued_at":"2026-10-21T07:27:00Z"}"#;
        assert_eq!(lives(old), 240);
        let ahead = r#"{"token":"x","expires_in":300,"issued_at":"2026-10-21T08:29:00+01:00"}"#;
        assert_eq!(lives(ahead), 300);
        let dead = r#"{"token":"x","issued_at":"2020-10-21T07:27:00Z"}"#;
        assert_eq!(
            lives(dead),
            60,
            "a clock that is wrong costs no more than a 401"
        );
        assert_eq!(lives(r#"{"token":"x","issued_at":"yesterday"}"#), 60);
    }

    #[test]
    fn either_name_will_do_and_only_what_fits_in_a_header() {
        let text = |json: &str| {
            let granted: Granted = serde_json::from_str(json).unwrap();
            granted.token(&HeaderMap::new()).map(|token| token.text)
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
