//! Execution slots: which cases run at the same time, and the turn of serial ones.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::cancel::{CancelReason, Cancellation};

/// How many cases run in parallel where `jobs` requests may be in flight: some cases have none, because they wait until a
/// write is visible. With one request, one case runs at a time.
pub const fn parallel_cases(jobs: usize) -> usize {
    match jobs {
        0 | 1 => 1,
        _ => jobs.saturating_mul(2),
    }
}

/// The number of the serial case that may run now: 1, once all parallel cases are over.
pub type SerialSlots = watch::Sender<usize>;

/// The slot of one case.
pub struct ExecutionSlot {
    slots: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    /// Its number among the serial cases, and the number that may run now.
    serial: Option<(usize, watch::Receiver<usize>)>,
    waited: Duration,
}

impl ExecutionSlot {
    /// The slot of a parallel case.
    pub fn parallel(slots: &Arc<Semaphore>) -> Self {
        Self {
            slots: slots.clone(),
            permit: None,
            serial: None,
            waited: Duration::ZERO,
        }
    }

    /// The slot of the serial case with this number: its content is provided in parallel, its steps run alone.
    pub fn serial(slots: &Arc<Semaphore>, number: usize, serial: &SerialSlots) -> Self {
        Self {
            serial: Some((number, serial.subscribe())),
            ..Self::parallel(slots)
        }
    }

    /// Waits for one of the slots.
    pub async fn acquire(&mut self) {
        // The semaphore is never closed; if it were, the case would run without a permit.
        self.permit = self.slots.clone().acquire_owned().await.ok();
    }

    /// Waits until a serial case may run its steps. Returns whether it waited; a parallel case does not.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn wait_for_turn(
        &mut self,
        cancellation: &Cancellation,
    ) -> Result<bool, CancelReason> {
        let Some((number, mut now)) = self.serial.take() else {
            return Ok(false);
        };
        self.permit = None;
        let began = Instant::now();
        let turn = now.wait_for(|now| *now >= number);
        // Without a sender, all other cases are over.
        let _ = cancellation.or_cancelled(turn).await?;
        self.waited += began.elapsed();
        Ok(true)
    }

    /// How long it waited for its turn.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn serial_cases_wait_for_their_number_and_hold_no_slot_meanwhile() {
        let (slots, cancellation) = (Arc::new(Semaphore::new(1)), Cancellation::default());
        let serial = SerialSlots::new(0);
        let mut second = ExecutionSlot::serial(&slots, 2, &serial);
        second.acquire().await;
        let mut parallel = ExecutionSlot::parallel(&slots);
        let turn = async {
            let waited = second.wait_for_turn(&cancellation).await;
            assert_eq!(waited, Ok(true));
            assert_eq!(
                second.wait_for_turn(&cancellation).await,
                Ok(false),
                "its turn came before"
            );
        };
        let others = async {
            parallel.acquire().await;
            assert_eq!(parallel.wait_for_turn(&cancellation).await, Ok(false));
            serial.send_replace(1);
            tokio::task::yield_now().await;
            serial.send_replace(2);
        };
        tokio::join!(turn, others);
    }

    #[tokio::test]
    async fn waiting_ends_with_the_run() {
        let (slots, cancellation) = (Arc::new(Semaphore::new(1)), Cancellation::default());
        let serial = SerialSlots::new(0);
        let mut slot = ExecutionSlot::serial(&slots, 1, &serial);
        cancellation.end(CancelReason::Stopped);
        assert_eq!(
            slot.wait_for_turn(&cancellation).await,
            Err(CancelReason::Stopped)
        );
    }

    #[test]
    fn with_one_request_at_once_there_is_one_case_at_once() {
        assert_eq!(parallel_cases(1), 1);
        assert_eq!(parallel_cases(64), 128);
    }
}
