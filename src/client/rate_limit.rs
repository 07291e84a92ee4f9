//! Pauses that a registry's rate limit causes, and when to give up.
//!
//! One resource that is refused delays its own request. Where many are refused at the same time, or several again and again,
//! the limit is the run's: then every request waits.

use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;

use crate::data::is_invisible;

/// How long a request waits first, where the response has no `Retry-After`; each time after it is twice as long.
const FIRST_DELAY: Duration = Duration::from_millis(100);

/// The first pause of all requests where the response has no `Retry-After`; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The longest pause where the response has no `Retry-After`.
const MAX_DEFAULT_PAUSE: Duration = Duration::from_secs(5);

/// The shortest pause: a registry that answers `Retry-After: 0` would be asked again and again.
const MIN_PAUSE: Duration = Duration::from_millis(20);

/// The time in which refusals are counted together.
const WINDOW: Duration = Duration::from_secs(1);

/// How many refusals within [`WINDOW`], if they are half of all responses, make every request wait.
const MANY: usize = 4;

/// How many requests within [`WINDOW`] must be refused again for every request to wait.
const AGAIN: usize = 3;

/// How many times longer a request is repeated that waits its turn while the registry answers others.
const TURNS: u32 = 3;

/// By how much a pause must grow to be reported again.
const NEWS: Duration = Duration::from_millis(500);

/// The longest `Retry-After` that is shown, in characters.
const MAX_SHOWN: usize = 64;

/// The pauses of a run.
#[derive(Debug)]
pub struct RateLimit {
    /// The longest time without another response than 429, for the run and for one request.
    patience: Duration,
    /// The end of the pause.
    until: Option<Instant>,
    /// The first 429 after the last other response.
    since: Option<Instant>,
    /// The number of pauses since then.
    rounds: u32,
    /// The responses of late.
    window: Window,
    /// The number of responses 429, for the report.
    count: usize,
    /// The length of all pauses, for the report.
    waited: Duration,
}

/// The responses since a time.
#[derive(Debug, Default)]
struct Window {
    since: Option<Instant>,
    refused: usize,
    /// How many requests were refused for the second time.
    again: usize,
    answered: usize,
}

/// The refusals of one request.
#[derive(Debug, Default)]
pub struct Refusals {
    since: Option<Instant>,
    count: u32,
    /// Whether one of them was part of a limit of the run, for which requests wait their turn.
    shared: bool,
}

/// What a refusal delays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// The request that was refused.
    Request(Duration),
    /// Every request.
    Run(Pause),
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
                    .filter(|c| !is_invisible(*c))
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
            window: Window::default(),
            count: 0,
            waited: Duration::ZERO,
        }
    }

    /// The response was 429, or 503 with `Retry-After`: the request waits, or every request does.
    ///
    /// # Errors
    /// When the registry is given up: every response was such a one for too long, or the pause would be too long.
    pub fn refused(
        &mut self,
        request: &mut Refusals,
        headers: &HeaderMap,
        now: Instant,
    ) -> Result<Delay, GaveUp> {
        self.count += 1;
        request.count = request.count.saturating_add(1);
        let first = *request.since.get_or_insert(now);
        let since = *self.since.get_or_insert(now);
        let refused_for = now.saturating_duration_since(first);
        let patience = match request.shared {
            true => self.patience.saturating_mul(TURNS),
            false => self.patience,
        };
        if now.saturating_duration_since(since) > self.patience || refused_for > patience {
            return Err(GaveUp::After(
                now.saturating_duration_since(first.min(since)),
            ));
        }
        let window = self.window.at(now);
        window.refused += 1;
        window.again += usize::from(request.count == 2);
        let many = window.refused >= MANY && window.refused >= window.answered;
        let lasting = self.until.filter(|until| *until > now);
        if lasting.is_some() || many || self.window.again >= AGAIN {
            request.shared = true;
            return self.pause(headers, lasting, now).map(Delay::Run);
        }
        let delay = retry_after(headers).unwrap_or_else(|| doubled(FIRST_DELAY, request.count));
        match delay <= self.patience {
            true => Ok(Delay::Request(delay.max(MIN_PAUSE))),
            false => Err(GaveUp::TooLong(self.patience)),
        }
    }

    fn pause(
        &mut self,
        headers: &HeaderMap,
        lasting: Option<Instant>,
        now: Instant,
    ) -> Result<Pause, GaveUp> {
        if lasting.is_none() {
            self.rounds = self.rounds.saturating_add(1);
        }
        let length = retry_after(headers).unwrap_or_else(|| doubled(FIRST_PAUSE, self.rounds));
        let length = length.max(MIN_PAUSE);
        let until = now.checked_add(length).filter(|_| length <= self.patience);
        let until = until.ok_or(GaveUp::TooLong(self.patience))?;
        let longer = match lasting {
            Some(known) => until.saturating_duration_since(known),
            None => length,
        };
        self.waited = self.waited.saturating_add(longer);
        self.until = self.until.max(Some(until));
        Ok(Pause {
            length,
            is_news: lasting.is_none() || longer >= NEWS,
        })
    }

    /// Another response than 429 came.
    pub fn answered(&mut self, now: Instant) {
        self.since = None;
        self.rounds = 0;
        self.window.at(now).answered += 1;
    }

    /// How long the pause lasts from now on.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let left = self.until?.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    /// A note for the report.
    pub fn note(&self) -> Option<String> {
        let waited = match self.waited.as_secs_f64() {
            0.0 => "each delayed its own request".to_owned(),
            seconds => format!("every request waited for {seconds:.1} s"),
        };
        (self.count > 0).then(|| {
            format!(
                "{} responses were 429, or 503 with Retry-After: assay sent the requests again ({waited})",
                self.count
            )
        })
    }
}

impl Window {
    /// The window that holds this time.
    fn at(&mut self, now: Instant) -> &mut Self {
        let recent = |since: Instant| now.saturating_duration_since(since) <= WINDOW;
        if !self.since.is_some_and(recent) {
            *self = Self {
                since: Some(now),
                ..Self::default()
            };
        }
        self
    }
}

/// The wait after so many refusals, where the response has no `Retry-After`.
fn doubled(first: Duration, refusals: u32) -> Duration {
    let factor = 1 << refusals.saturating_sub(1).min(8);
    first.saturating_mul(factor).min(MAX_DEFAULT_PAUSE)
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
mod tests;
