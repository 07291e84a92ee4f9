//! What every request waits for: the end of a pause, and the number of requests in flight.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use http::HeaderMap;
use tokio::sync::{Notify, watch};

use super::concurrency_limit::{ConcurrencyLimit, Took};
use super::load::Load;
use super::priority::Priority;
use super::rate_limit::{Delay, GaveUp, RateLimit, Refusals};

/// The limits of a run, shared by all requests.
#[derive(Debug)]
pub struct Throttle {
    state: Mutex<State>,
    freed: Notify,
    /// The same for requests that are sent before others.
    freed_first: Notify,
    pauses: watch::Sender<Duration>,
}

#[derive(Debug)]
struct State {
    concurrency_limit: ConcurrencyLimit,
    in_flight: usize,
    /// How many requests wait to be in flight.
    waiting: usize,
    /// How many of them are sent before others.
    waiting_first: usize,
    load: Load,
    rate_limit: RateLimit,
}

/// One of the requests in flight, until this is dropped.
#[derive(Debug)]
pub struct InFlightPermit<'a> {
    throttle: &'a Throttle,
}

impl Throttle {
    /// At most `jobs` requests at once. A registry whose every response is 429 is given up after `patience`.
    pub fn new(jobs: usize, patience: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                concurrency_limit: ConcurrencyLimit::new(jobs),
                in_flight: 0,
                waiting: 0,
                waiting_first: 0,
                load: Load::new(Instant::now()),
                rate_limit: RateLimit::new(patience),
            }),
            freed: Notify::new(),
            freed_first: Notify::new(),
            pauses: watch::Sender::new(Duration::ZERO),
        }
    }

    /// Waits until one more request may be in flight, and for the end of a pause.
    pub async fn enter(&self, priority: Priority) -> InFlightPermit<'_> {
        let permit = self.wait_for_permit(priority).await;
        while let Some(left) = self.with(|state| state.rate_limit.left(Instant::now())) {
            tokio::time::sleep(left).await;
        }
        permit
    }

    async fn wait_for_permit(&self, priority: Priority) -> InFlightPermit<'_> {
        let _waits = Waiting::new(self, priority);
        let changes = match priority {
            Priority::First => &self.freed_first,
            Priority::Normal => &self.freed,
        };
        loop {
            let mut freed = std::pin::pin!(changes.notified());
            // A permit that is dropped between the check and the wait counts too.
            freed.as_mut().enable();
            if self.with(|state| state.enter(priority)) {
                return InFlightPermit { throttle: self };
            }
            freed.await;
        }
    }

    /// A response came that is not about load; `took` is its time where the time depends on the load.
    pub fn answered(&self, took: Option<Took>) {
        self.with(|state| {
            // Far away, responses come together: those that wait are not in flight yet.
            let wanted = state.in_flight.saturating_add(state.waiting);
            let full = wanted >= state.concurrency_limit.limit();
            if let Some(took) = took {
                state.concurrency_limit.answered(took, full);
            }
            state.rate_limit.answered(Instant::now());
        });
        self.wake();
    }

    /// The response was 503.
    pub fn overloaded(&self) {
        self.with(|state| state.concurrency_limit.refused(Instant::now()));
    }

    /// Many large bodies wait for memory, or headers take much of it.
    pub fn memory_is_short(&self) {
        self.with(|state| state.concurrency_limit.memory_is_short(Instant::now()));
    }

    /// The response to a request was 429, or 503 with `Retry-After`. Returns how long this request waits; where every request
    /// waits, the next one does so before it is sent.
    ///
    /// # Errors
    /// When the registry is given up.
    pub fn rate_limited(
        &self,
        request: &mut Refusals,
        headers: &HeaderMap,
    ) -> Result<Duration, GaveUp> {
        let now = Instant::now();
        let delay = self.with(|state| {
            let delay = state.rate_limit.refused(request, headers, now);
            if matches!(delay, Ok(Delay::Run(_))) {
                state.concurrency_limit.refused(now);
            }
            delay
        });
        match delay? {
            Delay::Request(delay) => Ok(delay),
            Delay::Run(pause) => {
                if pause.is_news {
                    self.pauses.send_replace(pause.length);
                }
                Ok(Duration::ZERO)
            }
        }
    }

    /// Changes to the length of each pause that starts.
    pub fn subscribe_pauses(&self) -> watch::Receiver<Duration> {
        self.pauses.subscribe()
    }

    /// The length of an interval in milliseconds, and the most requests in flight in each interval.
    pub fn load(&self) -> (u64, Vec<u32>) {
        self.with(|state| state.load.intervals())
    }

    /// Notes for the report.
    pub fn notes(&self) -> Vec<String> {
        self.with(|state| {
            let reduced = state.concurrency_limit.least().map(|least| {
                let now = state.concurrency_limit.limit();
                format!("concurrency was reduced to {least} requests ({now} at the end)")
            });
            state.rate_limit.note().into_iter().chain(reduced).collect()
        })
    }

    /// Wakes up to two requests: one for a permit that was dropped, one for a limit that grew.
    fn wake(&self) {
        let (free, first) = self.with(|state| {
            let limit = state.concurrency_limit.limit();
            (limit.saturating_sub(state.in_flight), state.waiting_first)
        });
        for woken in 0..free.min(2) {
            match woken < first {
                true => self.freed_first.notify_one(),
                false => self.freed.notify_one(),
            }
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = match self.state.lock() {
            Ok(state) => state,
            // No change to the state panics halfway.
            Err(poisoned) => poisoned.into_inner(),
        };
        change(&mut state)
    }
}

impl State {
    fn enter(&mut self, priority: Priority) -> bool {
        let free = self.in_flight < self.concurrency_limit.limit();
        let free = free && (priority == Priority::First || self.waiting_first == 0);
        if free {
            self.in_flight += 1;
            self.load.record(self.in_flight, Instant::now());
        }
        free
    }
}

/// A request that waits to be in flight, until this is dropped.
struct Waiting<'a> {
    throttle: &'a Throttle,
    priority: Priority,
}

impl<'a> Waiting<'a> {
    fn new(throttle: &'a Throttle, priority: Priority) -> Self {
        throttle.with(|state| {
            state.waiting += 1;
            state.waiting_first += usize::from(priority == Priority::First);
        });
        Self { throttle, priority }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let first = self.priority == Priority::First;
        self.throttle.with(|state| {
            state.waiting = state.waiting.saturating_sub(1);
            state.waiting_first = state.waiting_first.saturating_sub(usize::from(first));
        });
        // A request that came later may have waited for this one alone.
        if first {
            self.throttle.wake();
        }
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
    async fn the_limit_holds_and_every_request_is_sent() {
        let throttle = Throttle::new(3, Duration::from_secs(1));
        let [now, most, done] = [const { AtomicUsize::new(0) }; 3];
        join_all((0..50).map(|_| async {
            let _permit = throttle.enter(Priority::Normal).await;
            let at_once = now.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(at_once, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(1)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            throttle.answered(Some(Took::Connected(Duration::from_millis(1))));
            done.fetch_add(1, Ordering::SeqCst);
        }))
        .await;
        assert_eq!(most.load(Ordering::SeqCst), 3);
        assert_eq!(done.load(Ordering::SeqCst), 50);
    }

    #[tokio::test]
    async fn responses_that_come_together_let_the_limit_grow_while_requests_wait() {
        let throttle = Throttle::new(256, Duration::from_secs(1));
        let limit = || throttle.with(|state| state.concurrency_limit.limit());
        let start = limit();
        let permits = join_all((0..start).map(|_| throttle.enter(Priority::Normal))).await;
        let waiting: Vec<Waiting<'_>> = (0..4 * start)
            .map(|_| Waiting::new(&throttle, Priority::Normal))
            .collect();
        for permit in permits {
            throttle.answered(Some(Took::Connected(Duration::from_millis(1))));
            drop(permit);
        }
        assert_eq!(limit(), 2 * start);
        drop(waiting);
        throttle.answered(Some(Took::Connected(Duration::from_millis(1))));
        assert_eq!(limit(), 2 * start, "nothing waits");
    }

    #[tokio::test]
    async fn a_request_with_priority_is_sent_next() {
        let throttle = Throttle::new(1, Duration::from_secs(1));
        let first = throttle.enter(Priority::Normal).await;
        let order = Mutex::new(Vec::new());
        let sent = |priority: Priority| {
            let (throttle, order) = (&throttle, &order);
            async move {
                let _permit = throttle.enter(priority).await;
                tokio::task::yield_now().await;
                if let Ok(mut order) = order.lock() {
                    order.push(priority);
                }
            }
        };
        let release = async {
            tokio::task::yield_now().await;
            drop(first);
        };
        let (first, normal) = (Priority::First, Priority::Normal);
        tokio::join!(sent(normal), sent(normal), sent(first), release);
        assert_eq!(order.into_inner().ok(), Some(vec![first, normal, normal]));
    }

    #[tokio::test]
    async fn subscribers_see_each_pause_once() {
        let throttle = Throttle::new(3, Duration::from_secs(90));
        let mut pauses = throttle.subscribe_pauses();
        assert!(!pauses.has_changed().unwrap_or(true));
        let wait = [(
            http::header::RETRY_AFTER,
            http::HeaderValue::from_static("7"),
        )];
        let wait: HeaderMap = wait.into_iter().collect();
        let refuse = || throttle.rate_limited(&mut Refusals::default(), &wait);
        for _ in 0..3 {
            assert_eq!(refuse(), Ok(Duration::from_secs(7)), "one request waits");
        }
        assert!(!pauses.has_changed().unwrap_or(true));
        assert_eq!(refuse(), Ok(Duration::ZERO), "every request waits");
        assert!(pauses.changed().await.is_ok());
        assert_eq!(*pauses.borrow_and_update(), Duration::from_secs(7));
        assert!(refuse().is_ok());
        assert!(!pauses.has_changed().unwrap_or(true), "the same pause");
    }
}
