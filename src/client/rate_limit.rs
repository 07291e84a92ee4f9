//! RateLimit: pauses that the target asks for, and their end.

use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;

/// The first pause where the target asks for one and does not say how long; each after it is twice as long.
const UNSAID: Duration = Duration::from_millis(200);

/// The longest pause of that kind.
const LONGEST_UNSAID: Duration = Duration::from_secs(5);

/// The pauses of a run.
#[derive(Debug)]
pub struct RateLimit {
    /// How long is waited for a target that refuses everything.
    most: Duration,
    /// Until when nothing is sent.
    until: Option<Instant>,
    /// Since when nothing but refusals came.
    since: Option<Instant>,
    /// How many pauses there were since then.
    rounds: u32,
    asked: usize,
    spent: Duration,
}

impl RateLimit {
    /// RateLimit that ends when nothing but refusals came for `most`.
    pub fn new(most: Duration) -> Self {
        Self {
            most,
            until: None,
            since: None,
            rounds: 0,
            asked: 0,
            spent: Duration::ZERO,
        }
    }

    /// A refusal came: how long everybody waits; nothing where patience is at its end, or the pause that is
    /// asked for is beyond it.
    pub fn refused(&mut self, headers: &HeaderMap, now: Instant) -> Option<Duration> {
        let waiting = self.until.filter(|until| *until > now);
        let since = *self.since.get_or_insert(now);
        if waiting.is_none() {
            self.rounds = self.rounds.saturating_add(1);
        }
        let unsaid = UNSAID.saturating_mul(1 << self.rounds.saturating_sub(1).min(8));
        let pause = asked_for(headers).unwrap_or(unsaid.min(LONGEST_UNSAID));
        // A pause of nothing would be none: such a target is asked again and again.
        let pause = pause.max(Duration::from_millis(20));
        let waited = now.saturating_duration_since(since);
        if pause > self.most || waited > self.most {
            return None;
        }
        let until = now.checked_add(pause)?;
        let longer = match waiting {
            Some(known) => until.saturating_duration_since(known),
            None => pause,
        };
        self.asked += 1;
        self.spent = self.spent.saturating_add(longer);
        self.until = self.until.max(Some(until));
        Some(pause)
    }

    /// Something else than a refusal came.
    pub fn answered(&mut self) {
        self.since = None;
        self.rounds = 0;
    }

    /// How long nothing is sent from now on.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let left = self.until?.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    /// What to say of it in the report.
    pub fn note(&self) -> Option<String> {
        (self.asked > 0).then(|| {
            format!(
                "the target asked for patience {} times (429 or 503): {:.1} s were waited, and the requests sent again",
                self.asked,
                self.spent.as_secs_f64()
            )
        })
    }
}

/// Retry-After (RFC 9110, section 10.2.3): seconds, or a date.
fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        // More seconds than can be counted are a long time too.
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
    fn pauses_are_read() {
        assert_eq!(asked_for(&with("3")), Some(Duration::from_secs(3)));
        assert_eq!(
            asked_for(&with("Wed, 21 Oct 2015 07:28:00 GMT")),
            Some(Duration::ZERO)
        );
        let ages = "9".repeat(40);
        assert_eq!(asked_for(&with(&ages)), Some(Duration::from_secs(u64::MAX)));
        for no_pause in ["soon", "-1", "", "1.5"] {
            assert_eq!(asked_for(&with(no_pause)), None, "{no_pause}");
        }
    }

    #[test]
    fn years_are_not_waited() {
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        let now = Instant::now();
        assert_eq!(rate_limit.refused(&with("99999999"), now), None);
        assert_eq!(rate_limit.left(now), None);
        let short = rate_limit.refused(&with("60"), now);
        assert_eq!(short, Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_target_that_refuses_for_ever_is_given_up_and_one_that_gets_on_is_not() {
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        let mut now = Instant::now();
        let start = now;
        while let Some(pause) = rate_limit.refused(&HeaderMap::new(), now) {
            now += pause;
        }
        let waited = now.duration_since(start);
        assert!((90..100).contains(&waited.as_secs()), "{waited:?}");
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        for _ in 0..1000 {
            let pause = rate_limit.refused(&with("1"), now);
            now += pause.unwrap();
            rate_limit.answered();
        }
        assert!(rate_limit.note().unwrap().contains("1000 times"));
    }

    #[test]
    fn unsaid_pauses_grow() {
        let mut rate_limit = RateLimit::new(Duration::from_secs(90));
        let now = Instant::now();
        let mut pause = |at| rate_limit.refused(&HeaderMap::new(), at).unwrap();
        assert_eq!(pause(now), UNSAID);
        // One of a swarm.
        assert_eq!(pause(now), UNSAID);
        let later = now + Duration::from_secs(1);
        assert_eq!(pause(later), UNSAID * 2);
    }
}
