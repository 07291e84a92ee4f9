//! When a case has its turn: one of so many side by side, or alone, after all others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::cancel::{CancelReason, Cancellation};

/// How many cases may run at once where `jobs` requests may be in flight: some have none, as they wait for what was
/// written to show, or judge. One after the other where only one request may be.
pub const fn places(jobs: usize) -> usize {
    match jobs {
        0 | 1 => 1,
        _ => jobs.saturating_mul(2),
    }
}

/// Who may run now, of those that run alone: the first, when all others are over, is number 1.
pub type SerialSlots = watch::Sender<usize>;

/// The turn of one case.
pub struct ExecutionSlot {
    places: Arc<Semaphore>,
    place: Option<OwnedSemaphorePermit>,
    /// Its number among those that run alone, and which number it is now.
    serial: Option<(usize, watch::Receiver<usize>)>,
    waited: Duration,
}

impl ExecutionSlot {
    /// The turn of a case that runs beside others.
    pub fn beside(places: &Arc<Semaphore>) -> Self {
        Self {
            places: places.clone(),
            place: None,
            serial: None,
            waited: Duration::ZERO,
        }
    }

    /// The turn of a case that runs alone, as number `number`, once it has what it builds on.
    pub fn alone(places: &Arc<Semaphore>, number: usize, serial: &SerialSlots) -> Self {
        Self {
            serial: Some((number, serial.subscribe())),
            ..Self::beside(places)
        }
    }

    /// Waits for a place beside the others.
    pub async fn begin(&mut self) {
        // It is never closed: without a place the case simply goes ahead.
        self.place = self.places.clone().acquire_owned().await.ok();
    }

    /// Waits until the case may go on to its steps: at once for one that runs beside others. Whether it waited.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn come(&mut self, cancellation: &Cancellation) -> Result<bool, CancelReason> {
        let Some((number, mut now)) = self.serial.take() else {
            return Ok(false);
        };
        self.place = None;
        let began = Instant::now();
        let come = now.wait_for(|now| *now >= number);
        // Where nobody calls any more, there are no others.
        let _ = cancellation.unless(come).await?;
        self.waited += began.elapsed();
        Ok(true)
    }

    /// How long it waited for the others to be over.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn those_that_run_alone_wait_for_their_number_and_hold_no_place_meanwhile() {
        let (places, cancellation) = (Arc::new(Semaphore::new(1)), Cancellation::default());
        let serial = SerialSlots::new(0);
        let mut second = ExecutionSlot::alone(&places, 2, &serial);
        second.begin().await;
        let mut beside = ExecutionSlot::beside(&places);
        let come = async {
            let waited = second.come(&cancellation).await;
            assert_eq!(waited, Ok(true));
            assert_eq!(second.come(&cancellation).await, Ok(false), "it has come");
        };
        let others = async {
            beside.begin().await;
            assert_eq!(beside.come(&cancellation).await, Ok(false));
            serial.send_replace(1);
            tokio::task::yield_now().await;
            serial.send_replace(2);
        };
        tokio::join!(come, others);
    }

    #[tokio::test]
    async fn nobody_waits_for_a_run_that_ends() {
        let (places, cancellation) = (Arc::new(Semaphore::new(1)), Cancellation::default());
        let serial = SerialSlots::new(0);
        let mut slot = ExecutionSlot::alone(&places, 1, &serial);
        cancellation.end(CancelReason::Stopped);
        assert_eq!(slot.come(&cancellation).await, Err(CancelReason::Stopped));
    }

    #[test]
    fn with_one_request_at_once_there_is_one_case_at_once() {
        assert_eq!(places(1), 1);
        assert_eq!(places(64), 128);
    }
}
