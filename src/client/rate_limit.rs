//! Pauses that a registry's rate limit causes, and when to give up.

use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;

/// The first pause where the response has no `Retry-After`; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The longest pause where the response has no `Retry-After`.
const MAX_DEFAULT_PAUSE: Duration = Duration::from_secs(5);

/// The shortest pause: a registry that answers `Retry-After: 0` would be asked again and again.
const MIN_PAUSE: Duration = Duration::from_millis(20);

/// By how much a pause must grow to be reported again.
const NEWS: Duration = Duration::from_millis(500);

/// The longest `Retry-After` that is shown, in characters.
const MAX_SHOWN: usize = 64;

/// The pauses of a run.
#[derive(Debug)]
pub struct RateLimit {
    /// The longest time without another response than 429.
    patience: Duration,
    /// The end of the pause.
    until: Option<Instant>,
    /// The first 429 after the last other response.
    since: Option<Instant>,
    /// The number of pauses since then.
    rounds: u32,
    /// The number of responses 429, for the report.
    count: usize,
    /// The length of all pauses, for the report.
    waited: Duration,
}

/// A pause of all requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    pub length: Duration,
    /// Whether no pause lasted before, or one that ends noticeably earlier.
    pub is_news: bool,
}

/// Why a registry is not waited for any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GaveUp {
    /// Every response was 429 for this long.
    After(Duration),
    /// Its `Retry-After` is longer than this.
    TooLong(Duration),
}

impl GaveUp {
    /// The sentence for the user about a response with this status and these headers.
    pub fn describe(self, status: u16, headers: &HeaderMap) -> String {
        let seconds = |time: Duration| {
            humantime::format_duration(Duration::from_secs(time.as_secs())).to_string()
        };
        match self {
            Self::After(waited) => format!(
                "the registry kept answering {status}; gave up after {}",
                seconds(waited)
            ),
            Self::TooLong(limit) => {
                let value = headers.get("retry-after");
                let value = value.map_or(&[][..], |value| value.as_bytes());
                let value: String = String::from_utf8_lossy(value)
                    .chars()
                    .take(MAX_SHOWN)
                    .collect();
                format!(
                    "the registry answered {status} with `Retry-After: {value}`, which is longer than the limit of {}",
                    seconds(limit)
                )
            }
        }
    }
}

impl RateLimit {
    /// Gives up when every response was 429 for `patience`.
    pub fn new(patience: Duration) -> Self {
        Self {
            patience,
            until: None,
            since: None,
            rounds: 0,
            count: 0,
            waited: Duration::ZERO,
        }
    }

    /// The response was 429, or 503 with `Retry-After`: every request waits.
    ///
    /// # Errors
    /// When the registry is given up: every response was such a one for too long, or the pause would be too long.
    pub fn refused(&mut self, headers: &HeaderMap, now: Instant) -> Result<Pause, GaveUp> {
        let lasting = self.until.filter(|until| *until > now);
        let since = *self.since.get_or_insert(now);
        if lasting.is_none() {
            self.rounds = self.rounds.saturating_add(1);
        }
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.rounds.saturating_sub(1).min(8));
        let length = retry_after(headers).unwrap_or(doubled.min(MAX_DEFAULT_PAUSE));
        let length = length.max(MIN_PAUSE);
        let refused_for = now.saturating_duration_since(since);
        if refused_for > self.patience {
            return Err(GaveUp::After(refused_for));
        }
        let until = now.checked_add(length).filter(|_| length <= self.patience);
        let until = until.ok_or(GaveUp::TooLong(self.patience))?;
        let longer = match lasting {
            Some(known) => until.saturating_duration_since(known),
            None => length,
        };
        self.count += 1;
        self.waited = self.waited.saturating_add(longer);
        self.until = self.until.max(Some(until));
        Ok(Pause {
            length,
            is_news: lasting.is_none() || longer >= NEWS,
        })
    }

    /// Another response than 429 came.
    pub fn answered(&mut self) {
        self.since = None;
        self.rounds = 0;
    }

    /// How long the pause lasts from now on.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let left = self.until?.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    /// A note for the report.
    pub fn note(&self) -> Option<String> {
        (self.count > 0).then(|| {
            format!(
                "{} responses were 429, or 503 with Retry-After: assay waited {:.1} s, and sent the requests again",
                self.count,
                self.waited.as_secs_f64()
            )
        })
    }
}

/// The value of `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        // A number that does not fit is too long all the same.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn with(value: &str) -> HeaderMap {
        [(http::header::RETRY_AFTER, value.parse().unwrap())]
            .into_iter()
            .collect()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after(&with("3")), Some(Duration::from_secs(3)));
        assert_eq!(
            retry_after(&with("Wed, 21 Oct 2015 07:28:00 GMT")),
            Some(Duration::ZERO)
        );
        let many = "9".repeat(40);
        assert_eq!(
            retry_after(&with(&many)),
            Some(Duration::from_secs(u64::MAX))
        );
        for invalid in ["soon", "-1", "", "1.5"] {
            assert_eq!(retry_after(&with(invalid)), None, "{invalid}");
        }
    }

    #[test]
    fn a_pause_beyond_the_limit_is_not_waited_for() {
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        let now = Instant::now();
        let years = with("99999999");
        let gave_up = rate_limit.refused(&years, now).unwrap_err();
        assert_eq!(
            gave_up.describe(429, &years),
            "the registry answered 429 with `Retry-After: 99999999`, which is longer than the limit of 1m 30s"
        );
        assert_eq!(rate_limit.left(now), None);
        let short = rate_limit.refused(&with("60"), now).unwrap();
        assert_eq!(short.length, Duration::from_secs(60));
    }

    #[test]
    fn a_registry_that_answers_nothing_but_429_is_given_up() {
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        let mut now = Instant::now();
        let start = now;
        let gave_up = loop {
            match rate_limit.refused(&HeaderMap::new(), now) {
                Ok(pause) => now += pause.length,
                Err(gave_up) => break gave_up.describe(429, &HeaderMap::new()),
            }
        };
        assert!(
            gave_up.starts_with("the registry kept answering 429; gave up after 1m 3"),
            "{gave_up}"
        );
        let waited = now.duration_since(start);
        assert!((90..100).contains(&waited.as_secs()), "{waited:?}");
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        for _ in 0..1000 {
            let pause = rate_limit.refused(&with("1"), now);
            now += pause.unwrap().length;
            rate_limit.answered();
        }
        assert!(rate_limit.note().unwrap().starts_with("1000 responses"));
    }

    #[test]
    fn default_pauses_grow_and_only_news_is_reported() {
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        let now = Instant::now();
        let mut pause = |at| rate_limit.refused(&HeaderMap::new(), at).unwrap();
        let first = pause(now);
        assert_eq!((first.length, first.is_news), (FIRST_PAUSE, true));
        let same = pause(now + Duration::from_millis(1));
        assert_eq!((same.length, same.is_news), (FIRST_PAUSE, false));
        let later = pause(now + Duration::from_secs(1));
        assert_eq!((later.length, later.is_news), (FIRST_PAUSE * 2, true));
    }
}
