//! Room: how much memory all bodies together may take up while they are read, whatever a target sends.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What is counted: a unit is taken for every part of it.
const UNIT: usize = 64 * 1024;

/// The room for all bodies that are read at once, in bytes: one of the largest, or many of the usual ones.
const TOTAL: usize = 24 * 1024 * 1024;

/// The room of a run.
#[derive(Debug)]
pub struct Room {
    units: Arc<Semaphore>,
    largest: usize,
}

impl Room {
    /// Room in which a body of `largest` bytes fits.
    pub fn new(largest: usize) -> Self {
        let units = largest.max(TOTAL).div_ceil(UNIT);
        Self {
            units: Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))),
            largest,
        }
    }

    /// Waits for the room that a body of `length` bytes takes; where its length is not known, for that of
    /// the largest. The first part of any body is read without: most are no longer.
    pub async fn take(&self, length: Option<u64>) -> Option<OwnedSemaphorePermit> {
        let known = length.and_then(|length| usize::try_from(length).ok());
        let bytes = known.unwrap_or(self.largest).min(self.largest);
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        // It is never closed.
        self.units.clone().acquire_many_owned(units).await.ok()
    }

    /// How many bytes are read without asking for room.
    pub const fn free() -> usize {
        UNIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn large_bodies_wait_for_one_another_and_small_ones_do_not() {
        let room = Room::new(TOTAL);
        let unknown = room.take(None).await;
        assert!(unknown.is_some());
        let mut small = Box::pin(room.take(Some(1)));
        let soon = std::time::Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, &mut small).await.is_err());
        drop(unknown);
        assert!(small.await.is_some());
        let beyond = room.take(Some(u64::MAX)).await;
        assert!(beyond.is_some(), "what is larger than the largest is cut");
    }
}
