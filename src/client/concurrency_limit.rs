//! How many requests are in flight: more while answers come back as fast as one alone, fewer when the target
//! asks for patience or answers take longer the more there are.
//!
//! It starts with a few and doubles with every round (as many answers as there may be requests in flight), as
//! a TCP connection does; after the first setback it grows by one a round. A refusal halves it. Latency is
//! judged by the *fastest* answer of a round: slow requests there always are, but when even the fastest takes
//! several times what one takes alone, they wait for each other.

use std::time::{Duration, Instant};

/// How many requests it starts with.
const START: usize = 16;

/// Below this only refusals lead: some requests are slow by nature, and waiting for each other costs more.
const FLOOR: f64 = 8.0;

/// How many times what one request takes alone the fastest of a round may take, and what comes on top, so that
/// a busy machine does not count as a slow target.
const TOLERANCE: (u32, Duration) = (3, Duration::from_millis(30));

/// The shortest time between two halvings: refusals come in swarms.
const SWARM: Duration = Duration::from_millis(100);

/// The number of requests in flight, and what it follows.
#[derive(Debug)]
pub struct ConcurrencyLimit {
    limit: f64,
    most: f64,
    /// The fastest answer of all: what one request takes alone.
    alone: Option<Duration>,
    /// The fastest answer of this round, and how many there were.
    round: (Option<Duration>, usize),
    /// Whether there was no setback yet.
    doubling: bool,
    halved: Option<Instant>,
    setbacks: usize,
    least: f64,
}

impl ConcurrencyLimit {
    /// At most `most` requests in flight.
    pub fn new(most: usize) -> Self {
        let limit = most.clamp(1, START) as f64;
        Self {
            limit,
            most: most.max(1) as f64,
            alone: None,
            round: (None, 0),
            doubling: true,
            halved: None,
            setbacks: 0,
            least: limit,
        }
    }

    /// How many requests may be in flight.
    pub fn limit(&self) -> usize {
        // Between 1 and `most`, by construction.
        self.limit as usize
    }

    /// An answer came after `took`; `full` says whether as many were in flight as may be: only then there is
    /// something to learn about more.
    pub fn answered(&mut self, took: Duration, full: bool) {
        let alone = self.alone.map_or(took, |alone| alone.min(took));
        self.alone = Some(alone);
        let (fastest, count) = self.round;
        let fastest = fastest.map_or(took, |fastest| fastest.min(took));
        self.round = (Some(fastest), count + 1);
        if self.round.1 < self.limit() {
            if full && self.doubling {
                self.grow(1.0);
            }
            return;
        }
        self.round = (None, 0);
        let (factor, on_top) = TOLERANCE;
        if fastest > alone.saturating_mul(factor).saturating_add(on_top) {
            self.shrink(0.7, FLOOR);
        } else if full {
            self.grow(1.0);
        }
    }

    /// The target refused a request for now.
    pub fn refused(&mut self, now: Instant) {
        if self.may_halve(now) {
            self.shrink(0.5, 1.0);
        }
    }

    /// Answers are so large that they wait for room here: no setback of the target's, and a reason for fewer at once.
    pub fn crowded(&mut self, now: Instant) {
        if self.may_halve(now) {
            self.doubling = false;
            self.limit = (self.limit * 0.5).max(FLOOR.min(self.limit));
        }
    }

    /// How low it went, where there was a setback.
    pub fn least(&self) -> Option<usize> {
        (self.setbacks > 0).then_some(self.least as usize)
    }

    /// Once a swarm.
    fn may_halve(&mut self, now: Instant) -> bool {
        let swarm = |halved: Instant| now.saturating_duration_since(halved) < SWARM;
        let may = !self.halved.is_some_and(swarm);
        if may {
            self.halved = Some(now);
        }
        may
    }

    fn grow(&mut self, by: f64) {
        self.limit = (self.limit + by).min(self.most);
    }

    fn shrink(&mut self, factor: f64, floor: f64) {
        self.doubling = false;
        self.setbacks += 1;
        self.limit = (self.limit * factor).max(floor.min(self.limit));
        self.least = self.least.min(self.limit);
    }
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
            let limit = concurrency_limit.limit();
            for _ in 0..limit {
                concurrency_limit.answered(took(concurrency_limit.limit()), true);
            }
        }
    }

    #[test]
    fn it_doubles_while_answers_stay_as_fast_as_one_alone() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        assert_eq!(concurrency_limit.limit(), START);
        rounds(&mut concurrency_limit, 4, |_| FAST);
        assert_eq!(concurrency_limit.limit(), 256);
        assert_eq!(concurrency_limit.least(), None);
    }

    #[test]
    fn it_does_not_grow_where_nothing_waits() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        for _ in 0..1000 {
            concurrency_limit.answered(FAST, false);
        }
        assert_eq!(concurrency_limit.limit(), START);
    }

    #[test]
    fn it_settles_where_latency_rises_with_load() {
        let mut concurrency_limit = ConcurrencyLimit::new(256);
        concurrency_limit.answered(FAST, false);
        // Four at once are served as fast as one; more wait for their turn.
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
    fn slow_requests_among_fast_ones_do_not_slow_it_down() {
        let mut concurrency_limit = ConcurrencyLimit::new(64);
        for index in 0..1000_u32 {
            let slow = index % 3 > 0;
            concurrency_limit.answered(if slow { FAST * 50 } else { FAST }, true);
        }
        assert_eq!(concurrency_limit.limit(), 64);
    }

    #[test]
    fn refusals_halve_it_once_a_swarm_and_it_recovers_slowly() {
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
    fn a_crowd_makes_it_smaller_and_is_no_setback() {
        let mut concurrency_limit = ConcurrencyLimit::new(64);
        rounds(&mut concurrency_limit, 4, |_| FAST);
        let now = Instant::now();
        for second in 0..10 {
            concurrency_limit.crowded(now + Duration::from_secs(second));
        }
        assert_eq!(concurrency_limit.limit(), 8);
        assert_eq!(concurrency_limit.least(), None);
        let mut one = ConcurrencyLimit::new(1);
        one.crowded(now);
        assert_eq!(one.limit(), 1);
    }
}
