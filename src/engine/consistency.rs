//! Read-after-write consistency: repeating a read, with growing pauses, until it shows a write.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::cancel::{CancelReason, Cancellation};

/// The first pause before a read is repeated; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(40);

/// How many responses in a row must show the write, where the first did not.
const IN_A_ROW: usize = 3;

/// One read that is repeated.
pub struct ConsistencyPoll {
    until: Option<Instant>,
    began: Instant,
    pause: Duration,
    repeated: bool,
    /// How many responses in a row showed the write.
    in_a_row: usize,
}

impl ConsistencyPoll {
    /// Repeats until then; never where nothing was written.
    pub fn new(until: Option<Instant>) -> Self {
        Self {
            until,
            began: Instant::now(),
            pause: FIRST_PAUSE,
            repeated: false,
            in_a_row: 0,
        }
    }

    fn left(&self) -> Duration {
        let left = self
            .until
            .map(|until| until.saturating_duration_since(Instant::now()));
        left.unwrap_or_default()
    }

    /// Whether the read is repeated after a response that does `not_yet` show the write. A write that shows only after a
    /// while must show several times in a row: one of two replicas may not have it.
    ///
    /// After a write, a read is repeated at least once: on a slow machine the time may pass before the first read.
    pub fn should_retry(&mut self, not_yet: bool) -> bool {
        if !not_yet {
            self.in_a_row += 1;
            return self.repeated && self.in_a_row < IN_A_ROW;
        }
        self.in_a_row = 0;
        !self.left().is_zero() || (self.until.is_some() && !self.repeated)
    }

    /// Pauses before the next read; not where the last one showed the write.
    ///
    /// # Errors
    /// When the run is ended meanwhile.
    pub async fn pause(&mut self, cancellation: &Cancellation) -> Result<(), CancelReason> {
        if self.in_a_row == 0 {
            let left = self.left().max(FIRST_PAUSE);
            let pause = tokio::time::sleep(self.pause.min(left));
            cancellation.or_cancelled(pause).await?;
            self.pause = self.pause.saturating_mul(2);
        }
        self.repeated = true;
        Ok(())
    }

    /// Notes how long it took until a repeated read showed the write, or that it never did: `not_yet`, although a later
    /// response might.
    pub fn note(&self, holds: bool, not_yet: bool, late: &LateReads, notes: &mut Vec<String>) {
        let waited = self.began.elapsed();
        let millis = waited.as_millis();
        if self.repeated && holds {
            late.add(waited);
            notes.push(format!(
                "The write was visible after {millis} ms (the specification sets no limit)"
            ));
        } else if self.repeated && not_yet {
            notes.push(format!(
                "The read did not show the write within --settle: it was repeated for {millis} ms"
            ));
        }
    }
}

/// The reads of a run that showed a write late.
#[derive(Debug, Default)]
pub struct LateReads {
    count: AtomicUsize,
    longest_ms: AtomicU64,
}

impl LateReads {
    fn add(&self, waited: Duration) {
        let millis = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.longest_ms.fetch_max(millis, Ordering::Relaxed);
    }

    /// The note about them.
    pub fn note(&self) -> Option<String> {
        let longest = self.longest_ms.load(Ordering::Relaxed);
        let (reads, those) = match self.count.load(Ordering::Relaxed) {
            0 => return None,
            1 => ("1 read".to_owned(), "it was repeated for"),
            many => (format!("{many} reads"), "each was repeated for at most"),
        };
        Some(format!(
            "{reads} did not show a preceding write at once: {those} {longest} ms (the specification sets no limit)"
        ))
    }
}
