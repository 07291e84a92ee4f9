//! Patience: how many requests are in flight, and pauses that the target asks for.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use http::HeaderMap;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The longest pause at once.
const LONGEST: Duration = Duration::from_secs(60);

/// The longest that all pauses of a run may take together.
const TOTAL: Duration = Duration::from_secs(120);

/// The pause where the target asks for one and does not say how long.
const UNSAID: Duration = Duration::from_secs(1);

/// The bounds on requests in flight, shared by all of them.
#[derive(Debug)]
pub struct Throttle {
    places: Semaphore,
    patience: Mutex<Patience>,
}

#[derive(Debug, Default)]
struct Patience {
    until: Option<Instant>,
    asked: usize,
    spent: Duration,
}

impl Throttle {
    /// At most `jobs` requests at once.
    pub fn new(jobs: usize) -> Self {
        Self {
            places: Semaphore::new(jobs.max(1)),
            patience: Mutex::default(),
        }
    }

    /// Waits for a place, and for the end of a pause. The semaphore is never closed.
    pub async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        let place = self.places.acquire().await.ok();
        while let Some(left) = self.left() {
            tokio::time::sleep(left).await;
        }
        place
    }

    /// Makes everybody wait as an answer asks; nothing where patience is at its end.
    pub fn pause(&self, headers: &HeaderMap) -> Option<Duration> {
        let pause = asked_for(headers).unwrap_or(UNSAID).min(LONGEST);
        let mut patience = self.patience.lock().ok()?;
        let now = Instant::now();
        let until = now.checked_add(pause)?;
        let longer = match patience.until {
            Some(known) if known > now => until.saturating_duration_since(known),
            _ => pause.max(Duration::from_millis(20)),
        };
        if patience.spent.saturating_add(longer) > TOTAL || patience.asked >= 10_000 {
            return None;
        }
        patience.asked += 1;
        patience.spent += longer;
        patience.until = patience.until.max(Some(until));
        Some(pause)
    }

    /// What to say of it in the report.
    pub fn note(&self) -> Option<String> {
        let patience = self.patience.lock().ok()?;
        (patience.asked > 0).then(|| {
            format!(
                "the target asked for patience {} times: {:.1} s were waited, and the requests sent again",
                patience.asked,
                patience.spent.as_secs_f64()
            )
        })
    }

    fn left(&self) -> Option<Duration> {
        let until = self.patience.lock().ok()?.until?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }
}

/// Retry-After (RFC 9110, section 10.2.3): seconds, or a date.
fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
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
    fn pauses_are_read_and_bounded() {
        assert_eq!(asked_for(&with("3")), Some(Duration::from_secs(3)));
        assert_eq!(
            asked_for(&with("Wed, 21 Oct 2015 07:28:00 GMT")),
            Some(Duration::ZERO)
        );
        assert_eq!(asked_for(&with("soon")), None);
        let throttle = Throttle::new(1);
        assert_eq!(throttle.pause(&with("999999999")), Some(LONGEST));
        let end = (0..10_001).find(|_| throttle.pause(&with("99999")).is_none());
        assert!(end.is_some(), "patience ends");
    }
}
