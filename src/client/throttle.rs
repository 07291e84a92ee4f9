//! The gate that every request goes through: it heeds pauses, and the number of requests in flight.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use http::HeaderMap;
use tokio::sync::{Notify, watch};

use super::concurrency_limit::ConcurrencyLimit;
use super::rate_limit::RateLimit;

/// The gate of a run, shared by all requests.
#[derive(Debug)]
pub struct Throttle {
    state: Mutex<State>,
    freed: Notify,
    /// The length of the last pause of all requests.
    pauses: watch::Sender<Duration>,
}

#[derive(Debug)]
struct State {
    concurrency_limit: ConcurrencyLimit,
    in_flight: usize,
    rate_limit: RateLimit,
}

/// A request's place among those in flight, until it is dropped.
#[derive(Debug)]
pub struct InFlightPermit<'a> {
    throttle: &'a Throttle,
}

impl Throttle {
    /// At most `jobs` requests at once; a target that only refuses is given up after `rate_limit`.
    pub fn new(jobs: usize, rate_limit: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                concurrency_limit: ConcurrencyLimit::new(jobs),
                in_flight: 0,
                rate_limit: RateLimit::new(rate_limit),
            }),
            freed: Notify::new(),
            pauses: watch::Sender::new(Duration::ZERO),
        }
    }

    /// Waits for a place, and for the end of a pause.
    pub async fn enter(&self) -> InFlightPermit<'_> {
        let place = loop {
            let mut freed = std::pin::pin!(self.freed.notified());
            // Whoever is freed between the question and the waiting is heard.
            freed.as_mut().enable();
            if self.with(State::enter) {
                break InFlightPermit { throttle: self };
            }
            freed.await;
        };
        while let Some(left) = self.with(|state| state.rate_limit.left(Instant::now())) {
            tokio::time::sleep(left).await;
        }
        place
    }

    /// An answer came that does not ask for patience; `took` where it tells about the target's load.
    pub fn answered(&self, took: Option<Duration>) {
        self.with(|state| {
            let full = state.in_flight >= state.concurrency_limit.limit();
            if let Some(took) = took {
                state.concurrency_limit.answered(took, full);
            }
            state.rate_limit.answered();
        });
        self.wake();
    }

    /// The target had no time for a request.
    pub fn overloaded(&self) {
        self.with(|state| state.concurrency_limit.refused(Instant::now()));
    }

    /// Answers are large, and many of them wait for room.
    pub fn crowded(&self) {
        self.with(|state| state.concurrency_limit.crowded(Instant::now()));
    }

    /// The target asks for patience: how long everybody waits, and nothing where patience is at its end.
    pub fn refused(&self, headers: &HeaderMap) -> Option<Duration> {
        let now = Instant::now();
        let (paused, pause) = self.with(|state| {
            let paused = state.rate_limit.left(now).is_some();
            (paused, state.rate_limit.refused(headers, now))
        });
        if let Some(pause) = pause.filter(|_| !paused) {
            self.pauses.send_replace(pause);
        }
        pause
    }

    /// Changes with every pause of all requests, to its length.
    pub fn pauses(&self) -> watch::Receiver<Duration> {
        self.pauses.subscribe()
    }

    /// What to say of it in the report.
    pub fn notes(&self) -> Vec<String> {
        self.with(|state| {
            let slowed = state.concurrency_limit.least().map(|least| {
                let now = state.concurrency_limit.limit();
                format!("the run slowed down for the target: to {least} requests in flight, and {now} at its end")
            });
            state.rate_limit.note().into_iter().chain(slowed).collect()
        })
    }

    /// Wakes as many as there are places.
    fn wake(&self) {
        let free = self.with(|state| {
            state
                .concurrency_limit
                .limit()
                .saturating_sub(state.in_flight)
        });
        for _ in 0..free.min(2) {
            self.freed.notify_one();
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = match self.state.lock() {
            Ok(state) => state,
            // Nothing in here can be left half done.
            Err(poisoned) => poisoned.into_inner(),
        };
        change(&mut state)
    }
}

impl State {
    fn enter(&mut self) -> bool {
        let free = self.in_flight < self.concurrency_limit.limit();
        if free {
            self.in_flight += 1;
        }
        free
    }
}

impl Drop for InFlightPermit<'_> {
    fn drop(&mut self) {
        self.throttle
            .with(|state| state.in_flight = state.in_flight.saturating_sub(1));
        self.throttle.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn no_more_are_in_flight_than_may_be_and_all_get_their_turn() {
        let throttle = Throttle::new(3, Duration::from_secs(1));
        let (now, most, done) = Default::default();
        let (now, most, done): (AtomicUsize, AtomicUsize, AtomicUsize) = (now, most, done);
        join_all((0..50).map(|_| async {
            let _place = throttle.enter().await;
            let at_once = now.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(at_once, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(1)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            throttle.answered(Some(Duration::from_millis(1)));
            done.fetch_add(1, Ordering::SeqCst);
        }))
        .await;
        assert_eq!(most.load(Ordering::SeqCst), 3);
        assert_eq!(done.load(Ordering::SeqCst), 50);
    }

    #[test]
    fn a_pause_is_published_once_however_many_requests_are_refused() {
        let throttle = Throttle::new(3, Duration::from_secs(1));
        let mut pauses = throttle.pauses();
        assert_eq!(
            throttle.refused(&HeaderMap::new()),
            Some(*pauses.borrow_and_update())
        );
        throttle.refused(&HeaderMap::new());
        assert!(!pauses.has_changed().unwrap_or(true));
    }
}
