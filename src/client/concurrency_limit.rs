//! The limit of requests in flight: it grows while responses are as fast as that of a single request, and shrinks where
//! the registry answers 429 or 503 and where latency grows with the load.
//!
//! The limit doubles with every round (as many responses as the limit, and not few) while responses are fast, like the window
//! of a TCP connection. It doubles on trial where latency varies by itself, and stays there if responses are as fast as in
//! the rounds before. After the first reduction it grows by one a round.
//! A 503, or a 429 for the whole run, halves it. The *fastest* response of a round decides about latency: some requests are
//! always slow, but where even the fastest takes several times as long as a single request does, requests wait for each
//! other. Where it is much faster than most, they do not: latency varies by itself.

use std::time::{Duration, Instant};

/// The limit at the start.
const START: usize = 32;

/// Latency does not reduce the limit below this: some requests are slow by nature. A 429 or 503 does.
const LATENCY_FLOOR: f64 = 8.0;

/// How long the fastest response of a round may take: a multiple of the time of a single request, plus a constant for a
/// busy machine.
const TOLERANCE: (u32, Duration) = (3, Duration::from_millis(30));

/// How long a response may take for the limit to grow: less than what reduces it, so that it comes to rest in between.
const GROWTH: (u32, Duration) = (2, Duration::from_millis(15));

/// The same for a response over a new connection: TCP and TLS take up to three round trips before the request.
const CONNECTING: (u32, Duration) = (4, Duration::from_millis(15));

/// How long the median of a round may take after the limit was doubled on trial, as a share of the lowest median of a round.
const FLAT: f64 = 1.3;

/// How many trials may fail.
const FAILED_TRIALS: usize = 2;

/// How fast the fastest response of a round may be where requests wait for each other, as a share of the median.
const QUEUED: f64 = 0.35;

/// The fewest responses of a round: among few, the fastest may be slow by chance.
const MIN_ROUND: usize = 32;

/// The shortest time between two halvings: one overload causes many refusals at about the same time.
const MIN_BETWEEN_HALVINGS: Duration = Duration::from_millis(100);

/// The time of a response.
#[derive(Debug, Clone, Copy)]
pub enum Took {
    /// Over a connection that was open.
    Connected(Duration),
    /// The time of connecting included.
    Connecting(Duration),
}

#[derive(Debug)]
pub struct ConcurrencyLimit {
    limit: f64,
    max: f64,
    /// The fastest response of all: the time of a single request.
    fastest: Option<Duration>,
    /// The lowest median of a round.
    lowest_median: Option<Duration>,
    /// The responses of this round.
    round: Vec<Duration>,
    /// The limit before it was doubled on trial in this round.
    before_trial: Option<f64>,
    failed_trials: usize,
    /// Whether there was no reduction yet.
    doubling: bool,
    halved: Option<Instant>,
    /// The lowest limit that the registry caused.
    least: Option<f64>,
}

impl ConcurrencyLimit {
    pub fn new(max: usize) -> Self {
        let limit = max.clamp(1, START) as f64;
        Self {
            limit,
            max: max.max(1) as f64,
            fastest: None,
            lowest_median: None,
            round: Vec::new(),
            before_trial: None,
            failed_trials: 0,
            doubling: true,
            halved: None,
            least: None,
        }
    }

    /// How many requests may be in flight.
    pub fn limit(&self) -> usize {
        // Between 1 and `max`, by construction.
        self.limit as usize
    }

    /// A response came. Only where the limit is reached (`full`), the limit may grow.
    pub fn answered(&mut self, took: Took, full: bool) {
        let took = match took {
            Took::Connected(took) => took,
            Took::Connecting(took) => return self.answered_connecting(took, full),
        };
        let single = self.fastest.map_or(took, |fastest| fastest.min(took));
        self.fastest = Some(single);
        self.round.push(took);
        if self.round.len() >= self.limit().max(MIN_ROUND) {
            self.end_round(single, full);
        } else if full && self.doubling && took <= bound(single, GROWTH) {
            self.grow(1.0);
        }
    }

    /// Changes the limit by the responses of a round; `single` is the time of a single request.
    fn end_round(&mut self, single: Duration, full: bool) {
        let mut round = std::mem::take(&mut self.round);
        round.sort_unstable();
        let fastest = round.first().copied().unwrap_or_default();
        let median = round.get(round.len() / 2).copied().unwrap_or_default();
        let lowest = self.lowest_median.map_or(median, |one| one.min(median));
        self.lowest_median = Some(lowest);
        let trial = self.before_trial.take();
        let flat = median <= lowest.mul_f64(FLAT);
        let queued = fastest >= median.mul_f64(QUEUED);
        if queued && fastest > bound(single, TOLERANCE) {
            self.shrink(0.7, LATENCY_FLOOR);
        } else if let Some(before) = trial.filter(|_| !flat) {
            self.failed_trials += 1;
            self.limit = self.limit.min(before);
        } else if full && flat && self.may_try(median > bound(single, GROWTH)) {
            self.before_trial = Some(self.limit);
            self.grow(self.limit);
        } else if full && fastest <= bound(single, GROWTH) {
            self.grow(1.0);
        }
    }

    /// Whether the limit may be doubled on trial, where most responses are slower than a single one (`slow`).
    fn may_try(&self, slow: bool) -> bool {
        slow && self.doubling && self.failed_trials < FAILED_TRIALS
    }

    /// A response came over a new connection: no sign of load, but the limit may grow.
    fn answered_connecting(&mut self, took: Duration, full: bool) {
        let single = self.fastest.unwrap_or_default();
        if full && self.doubling && took <= bound(single, CONNECTING) {
            self.grow(1.0);
        }
    }

    /// The response was 429 or 503.
    pub fn refused(&mut self, now: Instant) {
        if self.start_halving(now) {
            self.shrink(0.5, 1.0);
        }
    }

    /// Large bodies wait for memory, or headers take much of it: a reason for fewer requests, but not one that the registry caused.
    pub fn memory_is_short(&mut self, now: Instant) {
        if self.start_halving(now) {
            self.doubling = false;
            self.limit = (self.limit * 0.5).max(LATENCY_FLOOR.min(self.limit));
        }
    }

    /// The lowest limit, where the registry caused a reduction.
    pub fn least(&self) -> Option<usize> {
        self.least.map(|least| least as usize)
    }

    /// Notes the time of a halving; false where one was a moment ago.
    fn start_halving(&mut self, now: Instant) -> bool {
        let recent = |halved: Instant| now.saturating_duration_since(halved) < MIN_BETWEEN_HALVINGS;
        let starts = !self.halved.is_some_and(recent);
        if starts {
            self.halved = Some(now);
        }
        starts
    }

    fn grow(&mut self, by: f64) {
        self.limit = (self.limit + by).min(self.max);
    }

    fn shrink(&mut self, factor: f64, floor: f64) {
        self.doubling = false;
        let limit = (self.limit * factor).max(floor.min(self.limit));
        // At the floor already: nothing is reduced.
        if limit < self.limit {
            self.least = Some(self.least.map_or(limit, |least| least.min(limit)));
            self.limit = limit;
        }
    }
}

/// A multiple of the time of a single request, plus a constant.
fn bound(single: Duration, (factor, constant): (u32, Duration)) -> Duration {
    single.saturating_mul(factor).saturating_add(constant)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAST: Duration = Duration::from_millis(20);

    fn rounds(
        concurrency_limit: &mut ConcurrencyLimit,
        count: usize,
        took: impl Fn(usize) -> Duration,
    ) {
        for _ in 0..count {
            for _ in 0..concurrency_limit.limit().max(MIN_ROUND) {
                concurrency_limit.answered(Took::Connected(took(concurrency_limit.limit())), true);
            }
        }
    }

    #[test]
    fn it_doubles_while_latency_stays_low() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        assert_eq!(concurrency_limit.limit(), START);
        rounds(&mut concurrency_limit, 3, |_| FAST);
        assert_eq!(concurrency_limit.limit(), 256);
        assert_eq!(concurrency_limit.least(), None);
    }

    #[test]
    fn connecting_takes_round_trips_and_is_no_load() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        concurrency_limit.answered(Took::Connected(FAST), false);
        for _ in 0..START {
            concurrency_limit.answered(Took::Connecting(4 * FAST), true);
        }
        assert_eq!(concurrency_limit.limit(), 2 * START);
        for _ in 0..1000 {
            concurrency_limit.answered(Took::Connecting(40 * FAST), true);
        }
        assert_eq!(concurrency_limit.limit(), 2 * START);
        assert_eq!(concurrency_limit.least(), None);
    }

    #[test]
    fn it_does_not_grow_below_the_limit() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        for _ in 0..1000 {
            concurrency_limit.answered(Took::Connected(FAST), false);
        }
        assert_eq!(concurrency_limit.limit(), START);
    }

    #[test]
    fn it_stays_where_latency_grows_with_load() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        concurrency_limit.answered(Took::Connected(FAST), false);
        // Four requests at once are as fast as one; more wait for each other.
        rounds(&mut concurrency_limit, 50, |at_once| {
            FAST * (at_once as u32 / 4).max(1)
        });
        assert!(
            (8..=40).contains(&concurrency_limit.limit()),
            "{}",
            concurrency_limit.limit()
        );
    }

    #[test]
    fn slow_requests_among_fast_ones_do_not_reduce_it() {
        let mut concurrency_limit = ConcurrencyLimit::new(START);
        for index in 0..1000_u32 {
            let slow = index % 3 > 0;
            let took = if slow { FAST * 50 } else { FAST };
            concurrency_limit.answered(Took::Connected(took), true);
        }
        assert_eq!(concurrency_limit.limit(), START);
    }

    #[test]
    fn latency_that_varies_by_itself_does_not_keep_it_low() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        // From 1 to 800 ms, whatever is in flight.
        let times = (0..3000_u64).map(|index| Duration::from_millis(1 + index * 347 % 800));
        for took in times {
            concurrency_limit.answered(Took::Connected(took), true);
        }
        assert_eq!(concurrency_limit.limit(), 256);
        assert_eq!(concurrency_limit.least(), None);
    }

    #[test]
    fn a_trial_that_fails_does_not_undo_a_reduction() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        concurrency_limit.answered(Took::Connected(FAST / 20), false);
        // Most take long, some do not: the limit is doubled on trial.
        let uneven = |index: usize, slow: u32| match index % 4 {
            0 => FAST,
            _ => FAST * slow,
        };
        for index in 0..MIN_ROUND {
            concurrency_limit.answered(Took::Connected(uneven(index, 10)), true);
        }
        assert_eq!(concurrency_limit.limit(), 2 * START);
        let now = Instant::now();
        for second in 0..3 {
            concurrency_limit.refused(now + Duration::from_secs(second));
        }
        let reduced = concurrency_limit.limit();
        for index in 0..2 * START {
            concurrency_limit.answered(Took::Connected(uneven(index, 40)), true);
        }
        assert!(concurrency_limit.limit() <= reduced + 1);
    }

    #[test]
    fn refusals_at_about_the_same_time_halve_it_once_and_it_recovers_slowly() {
        let mut concurrency_limit = ConcurrencyLimit::new(64);
        rounds(&mut concurrency_limit, 4, |_| FAST);
        let now = Instant::now();
        for _ in 0..64 {
            concurrency_limit.refused(now);
        }
        assert_eq!(concurrency_limit.limit(), 32);
        for second in 1..10 {
            concurrency_limit.refused(now + Duration::from_secs(second));
        }
        assert_eq!(concurrency_limit.limit(), 1);
        rounds(&mut concurrency_limit, 3, |_| FAST);
        assert_eq!(concurrency_limit.limit(), 4);
        assert_eq!(concurrency_limit.least(), Some(1));
    }

    #[test]
    fn a_low_limit_that_stays_was_not_reduced() {
        let mut concurrency_limit = ConcurrencyLimit::new(4);
        concurrency_limit.answered(Took::Connected(FAST), false);
        rounds(&mut concurrency_limit, 10, |_| FAST * 20);
        assert_eq!(concurrency_limit.limit(), 4);
        assert_eq!(concurrency_limit.least(), None);
        concurrency_limit.refused(Instant::now());
        assert_eq!(concurrency_limit.least(), Some(2));
    }

    #[test]
    fn short_memory_reduces_it_and_the_registry_is_not_the_cause() {
        let mut concurrency_limit = ConcurrencyLimit::new(64);
        rounds(&mut concurrency_limit, 4, |_| FAST);
        let now = Instant::now();
        for second in 0..10 {
            concurrency_limit.memory_is_short(now + Duration::from_secs(second));
        }
        assert_eq!(concurrency_limit.limit(), 8);
        assert_eq!(concurrency_limit.least(), None);
        let mut one = ConcurrencyLimit::new(1);
        one.memory_is_short(now);
        assert_eq!(one.limit(), 1);
    }
}
