//! When an exchange last made progress.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// The last progress of an exchange.
#[derive(Debug)]
pub struct Progress {
    start: Instant,
    /// Milliseconds from the start to the last progress.
    last: AtomicU64,
}

impl Progress {
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            last: AtomicU64::new(0),
        }
    }

    /// Something passed just now.
    pub fn advance(&self) {
        let since = crate::record::millis(self.start.elapsed());
        self.last.store(since, Ordering::Relaxed);
    }

    /// How long nothing passed.
    pub fn idle(&self) -> Duration {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(last)
    }

    /// Returns once nothing passed for so long, and a little longer: a body that its own side does not send ends before.
    pub async fn stands_still(&self, silence: Duration) {
        let silence = silence + silence / 4;
        loop {
            let left = silence.saturating_sub(self.idle());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }
}
