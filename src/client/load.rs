//! The requests in flight over time, for the timings of a run.

use std::time::{Duration, Instant};

/// The first length of an interval.
const INTERVAL: Duration = Duration::from_millis(10);

/// The most intervals: of a longer run, two are joined to one, again and again.
const MAX_INTERVALS: usize = 240;

/// The most requests in flight in each interval.
#[derive(Debug)]
pub struct Load {
    began: Instant,
    interval: Duration,
    most: Vec<u32>,
}

impl Load {
    pub fn new(now: Instant) -> Self {
        Self {
            began: now,
            interval: INTERVAL,
            most: Vec::new(),
        }
    }

    /// Records how many requests are in flight now.
    pub fn record(&mut self, in_flight: usize, now: Instant) {
        let age = now.saturating_duration_since(self.began).as_millis();
        let index = |interval: Duration| {
            let interval = interval.as_millis().max(1);
            usize::try_from(age / interval).unwrap_or(usize::MAX)
        };
        while index(self.interval) >= MAX_INTERVALS {
            let pairs = self.most.chunks(2);
            let joined = pairs.map(|pair| pair.iter().copied().max().unwrap_or(0));
            self.most = joined.collect();
            self.interval = self.interval.saturating_mul(2);
        }
        let at = index(self.interval);
        let in_flight = u32::try_from(in_flight).unwrap_or(u32::MAX);
        if self.most.len() <= at {
            // What was in flight stayed so in the intervals since.
            self.most.resize(at + 1, in_flight.saturating_sub(1));
        }
        if let Some(most) = self.most.get_mut(at) {
            *most = in_flight.max(*most);
        }
    }

    /// The length of an interval in milliseconds, and the most requests in flight in each.
    pub fn intervals(&self) -> (u64, Vec<u32>) {
        let millis = u64::try_from(self.interval.as_millis()).unwrap_or(u64::MAX);
        (millis, self.most.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_interval_has_its_most() {
        let now = Instant::now();
        let mut load = Load::new(now);
        for (in_flight, millis) in [(1, 0), (3, 5), (2, 9), (4, 10), (1, 12)] {
            load.record(in_flight, now + Duration::from_millis(millis));
        }
        assert_eq!(load.intervals(), (10, vec![3, 4]));
    }

    #[test]
    fn a_long_run_has_longer_intervals() {
        let now = Instant::now();
        let mut load = Load::new(now);
        for second in 0..60 {
            load.record(second + 1, now + Duration::from_secs(second as u64));
        }
        let (interval, most) = load.intervals();
        assert!(interval > 10 && most.len() <= MAX_INTERVALS, "{interval}");
        assert_eq!(most.last(), Some(&60));
    }
}
