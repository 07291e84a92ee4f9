//! A bound for the memory of all response bodies together, until the suites have checked them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The unit of reservations, in bytes.
const UNIT: usize = 64 * 1024;

/// The memory for all bodies together, in bytes. A larger body takes all of it.
const TOTAL: usize = 16 * 1024 * 1024;

const UNITS: usize = TOTAL / UNIT;

/// How many bodies may wait for memory before fewer requests are sent at once: each of them keeps a connection's buffers.
const MAX_WAITING: usize = 6;

/// The memory for the bodies of a run.
#[derive(Debug)]
pub struct BodyBudget {
    units: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// The memory of one body, reserved until this is dropped.
#[derive(Debug)]
pub struct Permit {
    _units: Option<OwnedSemaphorePermit>,
}

impl BodyBudget {
    /// How many bytes of each body are read without a reservation; most bodies are no longer.
    pub const UNRESERVED: usize = UNIT;

    pub fn new() -> Self {
        Self {
            units: Arc::new(Semaphore::new(UNITS)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Waits for the memory of a body of `length` bytes; a body larger than all memory waits for all of it.
    pub async fn take(&self, length: u64) -> Permit {
        let bytes = usize::try_from(length).unwrap_or(usize::MAX);
        let units = u32::try_from(bytes.div_ceil(UNIT).min(UNITS)).unwrap_or(u32::MAX);
        let _waiting = Waiting::new(&self.waiting);
        Permit {
            // Fails only for a closed semaphore, and this one is never closed.
            _units: self.units.clone().acquire_many_owned(units).await.ok(),
        }
    }

    /// Whether many bodies wait for memory.
    pub fn is_contended(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= MAX_WAITING
    }
}

/// Counts a body that waits, until it has its memory or its request times out.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn large_bodies_wait_for_one_another_and_small_ones_do_not() {
        let budget = BodyBudget::new();
        let all = budget.take(TOTAL as u64).await;
        let mut small = Box::pin(budget.take(1));
        let soon = Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, &mut small).await.is_err());
        drop(all);
        drop(small.await);
        // A body that is larger than all memory takes all of it.
        drop(budget.take(u64::MAX).await);
        assert!(!budget.is_contended());
    }

    #[tokio::test]
    async fn it_is_contended_while_many_wait() {
        let budget = BodyBudget::new();
        let first = budget.take(TOTAL as u64).await;
        let others = (0..MAX_WAITING).map(|_| budget.take(TOTAL as u64));
        let others = futures_util::future::join_all(others);
        let soon = tokio::time::timeout(Duration::from_millis(20), async {
            tokio::join!(others, async {
                assert!(budget.is_contended());
            })
        });
        assert!(soon.await.is_err());
        assert!(!budget.is_contended(), "no body waits any more");
        drop(first);
    }
}
