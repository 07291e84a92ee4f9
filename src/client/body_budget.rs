//! BodyBudget: how much memory all bodies together may take up until they are looked at, whatever a target sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What is counted: a unit is taken for every part of it.
const UNIT: usize = 64 * 1024;

/// The room for all bodies at once, in bytes: many of the usual ones, or a larger one alone.
const TOTAL: usize = 16 * 1024 * 1024;

/// How many units that is.
const UNITS: usize = TOTAL / UNIT;

/// How many bodies may wait for room before fewer requests are sent at once: each of them keeps a connection's buffers.
const CROWD: usize = 6;

/// The room of a run.
#[derive(Debug)]
pub struct BodyBudget {
    units: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// The room that one body takes, until it is dropped.
#[derive(Debug)]
pub struct Permit {
    _units: Option<OwnedSemaphorePermit>,
}

impl BodyBudget {
    /// BodyBudget for all bodies.
    pub fn new() -> Self {
        Self {
            units: Arc::new(Semaphore::new(UNITS)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Waits for the room that a body of `length` bytes takes, or for all of it, where that is more than there is. The
    /// first part of any body is read without: most are no longer.
    pub async fn take(&self, length: u64) -> Permit {
        let bytes = usize::try_from(length).unwrap_or(usize::MAX);
        let units = u32::try_from(bytes.div_ceil(UNIT).min(UNITS)).unwrap_or(u32::MAX);
        let _waiting = Waiting::one_of(&self.waiting);
        Permit {
            // It is never closed.
            _units: self.units.clone().acquire_many_owned(units).await.ok(),
        }
    }

    /// Whether many bodies wait.
    pub fn is_crowded(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= CROWD
    }

    /// How many bytes are read without asking for room.
    pub const fn free() -> usize {
        UNIT
    }
}

/// One that waits, also where it stops waiting because its time is over.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn one_of(all: &'a AtomicUsize) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        Self(all)
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
        let unknown = budget.take(TOTAL as u64).await;
        let mut small = Box::pin(budget.take(1));
        let soon = Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, &mut small).await.is_err());
        drop(unknown);
        drop(small.await);
        // What is larger than all room has it alone.
        drop(budget.take(u64::MAX).await);
        assert!(!budget.is_crowded());
    }

    #[tokio::test]
    async fn it_is_crowded_while_many_wait() {
        let budget = BodyBudget::new();
        let first = budget.take(TOTAL as u64).await;
        let others = (0..CROWD).map(|_| budget.take(TOTAL as u64));
        let others = futures_util::future::join_all(others);
        let soon = tokio::time::timeout(Duration::from_millis(20), async {
            tokio::join!(others, async {
                assert!(budget.is_crowded());
            })
        });
        assert!(soon.await.is_err());
        assert!(!budget.is_crowded(), "nobody waits any more");
        drop(first);
    }
}
