//! Execution slots: which cases run at the same time, the turn of serial ones, and the end of all others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::cancel::{CancelReason, Cancellation};

/// How many cases run in parallel where `jobs` requests may be in flight: some cases have none, because they wait until a
/// write is visible. With one request, one case runs at a time.
const fn parallel_cases(jobs: usize) -> usize {
    match jobs {
        0 | 1 => 1,
        _ => jobs.saturating_mul(2),
    }
}

/// The slots of a run.
#[derive(Debug, Clone)]
pub struct Slots {
    permits: Arc<Semaphore>,
    running: watch::Sender<Running>,
}

/// The cases of a run that are not over.
#[derive(Debug, Clone, Copy, Default)]
struct Running {
    /// How many neither are over nor wait for the end of the others.
    busy: usize,
    /// How many of these may still change what serial cases read.
    disturbing: usize,
    /// How many serial cases are over.
    serial_over: usize,
    /// Whether a serial case runs its steps.
    serial_runs: bool,
}

/// The slot of one case. The case is over when it is dropped.
#[derive(Debug)]
pub struct ExecutionSlot {
    slots: Slots,
    permit: Option<OwnedSemaphorePermit>,
    busy: bool,
    disturbs: bool,
    serial: Serial,
    waited: Duration,
}

/// The turn of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Serial {
    /// It runs in parallel with others.
    No,
    /// It is the serial case of this number, from 0, and waits for its turn.
    Waits(usize),
    /// It is its turn.
    Runs,
}

impl Slots {
    /// Slots for the cases of a run with `jobs` requests in flight.
    pub fn new(jobs: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(parallel_cases(jobs))),
            running: watch::Sender::default(),
        }
    }

    /// The slot of a parallel case; `disturbs`: it may change what serial cases read.
    pub fn parallel(&self, disturbs: bool) -> ExecutionSlot {
        self.slot(Serial::No, disturbs)
    }

    /// The slot of the serial case with this number, from 0: its content is provided in parallel, its steps run while no
    /// other case disturbs them.
    pub fn serial(&self, number: usize) -> ExecutionSlot {
        self.slot(Serial::Waits(number), false)
    }

    fn slot(&self, serial: Serial, disturbs: bool) -> ExecutionSlot {
        self.running.send_modify(|running| {
            running.busy += 1;
            running.disturbing += usize::from(disturbs);
        });
        ExecutionSlot {
            slots: self.clone(),
            permit: None,
            busy: true,
            disturbs,
            serial,
            waited: Duration::ZERO,
        }
    }

    /// Changes the counts as soon as `may` allows it.
    async fn when(&self, may: impl Fn(&Running) -> bool, change: impl Fn(&mut Running)) {
        let mut changes = self.running.subscribe();
        let attempt = |running: &mut Running| {
            let allowed = may(running);
            if allowed {
                change(running);
            }
            allowed
        };
        while !self.running.send_if_modified(attempt) {
            // The sender lives as long as `self`.
            let _ = changes.changed().await;
        }
    }
}

impl ExecutionSlot {
    /// Waits for one of the slots.
    pub async fn acquire(&mut self) {
        // The semaphore is never closed; if it were, the case would run without a permit.
        self.permit = self.slots.permits.clone().acquire_owned().await.ok();
    }

    /// Waits until a serial case may run its steps. Returns whether it waited; a parallel case does not.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn wait_for_turn(
        &mut self,
        cancellation: &Cancellation,
    ) -> Result<bool, CancelReason> {
        let Serial::Waits(number) = self.serial else {
            return Ok(false);
        };
        self.permit = None;
        let began = Instant::now();
        let may = |running: &Running| {
            running.disturbing == 0 && !running.serial_runs && running.serial_over >= number
        };
        let turn = self.slots.when(may, |running| running.serial_runs = true);
        cancellation.or_cancelled(turn).await?;
        self.serial = Serial::Runs;
        self.waited += began.elapsed();
        Ok(true)
    }

    /// Records that the case changes nothing any more that serial cases read.
    pub fn stop_disturbing(&mut self) {
        if std::mem::take(&mut self.disturbs) {
            let running = &self.slots.running;
            running
                .send_modify(|running| running.disturbing = running.disturbing.saturating_sub(1));
        }
    }

    /// Gives the slot back and waits until no other case is busy, or until then.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn rest_until(
        &mut self,
        until: Instant,
        cancellation: &Cancellation,
    ) -> Result<(), CancelReason> {
        self.leave();
        let began = Instant::now();
        let quiet = self.slots.when(|running| running.busy == 0, |_| {});
        let rest = tokio::time::timeout_at(until.into(), quiet);
        // Either is the end of the rest.
        let _ = cancellation.or_cancelled(rest).await?;
        self.waited += began.elapsed();
        Ok(())
    }

    /// Takes a slot again after a rest, when no serial case runs; `disturbs` as at first.
    pub async fn resume(&mut self, disturbs: bool) {
        if self.busy {
            return;
        }
        let slots = self.slots.clone();
        let enter = |running: &mut Running| {
            running.busy += 1;
            running.disturbing += usize::from(disturbs);
        };
        slots.when(|running| !running.serial_runs, enter).await;
        (self.busy, self.disturbs) = (true, disturbs);
        self.acquire().await;
    }

    /// How long it waited for its turn, and for the end of others.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    fn leave(&mut self) {
        self.permit = None;
        self.stop_disturbing();
        let was_busy = std::mem::take(&mut self.busy);
        let serial_over = self.serial != Serial::No;
        let ran = self.serial == Serial::Runs;
        self.serial = Serial::No;
        self.slots.running.send_modify(|running| {
            running.busy = running.busy.saturating_sub(usize::from(was_busy));
            running.serial_over += usize::from(serial_over);
            running.serial_runs &= !ran;
        });
    }
}

impl Drop for ExecutionSlot {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn serial_cases_wait_for_their_number_and_hold_no_slot_meanwhile() {
        let (slots, cancellation) = (Slots::new(1), Cancellation::default());
        let (mut first, mut second) = (slots.serial(0), slots.serial(1));
        second.acquire().await;
        let mut parallel = slots.parallel(true);
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
            drop(parallel);
            assert_eq!(first.wait_for_turn(&cancellation).await, Ok(true));
            drop(first);
        };
        tokio::join!(turn, others);
    }

    #[tokio::test]
    async fn serial_cases_run_beside_what_does_not_disturb_them() {
        let (slots, cancellation) = (Slots::new(8), Cancellation::default());
        let (mut disturbing, _other) = (slots.parallel(true), slots.parallel(false));
        let mut serial = slots.serial(0);
        let early = tokio::time::timeout(SOON, serial.wait_for_turn(&cancellation)).await;
        assert!(early.is_err(), "another case writes");
        disturbing.stop_disturbing();
        assert_eq!(serial.wait_for_turn(&cancellation).await, Ok(true));
    }

    #[tokio::test]
    async fn a_rest_ends_with_the_other_cases_or_in_time() {
        let (slots, cancellation) = (Slots::new(8), Cancellation::default());
        let (mut rests, busy) = (slots.parallel(true), slots.parallel(false));
        let began = Instant::now();
        let rest = rests.rest_until(began + SOON, &cancellation);
        assert_eq!(rest.await, Ok(()));
        assert!(began.elapsed() >= SOON);
        drop(busy);
        let began = Instant::now();
        let long = Duration::from_secs(60);
        assert_eq!(rests.rest_until(began + long, &cancellation).await, Ok(()));
        assert!(began.elapsed() < long);
    }

    #[tokio::test]
    async fn a_case_resumes_when_no_serial_case_runs() {
        let (slots, cancellation) = (Slots::new(8), Cancellation::default());
        let (mut rests, mut serial) = (slots.parallel(true), slots.serial(0));
        let rested = rests.rest_until(Instant::now(), &cancellation).await;
        assert_eq!(rested, Ok(()));
        assert_eq!(serial.wait_for_turn(&cancellation).await, Ok(true));
        assert!(
            tokio::time::timeout(SOON, rests.resume(true))
                .await
                .is_err()
        );
        drop(serial);
        rests.resume(true).await;
    }

    #[tokio::test]
    async fn waiting_ends_with_the_run() {
        let (slots, cancellation) = (Slots::new(1), Cancellation::default());
        let _parallel = slots.parallel(true);
        cancellation.end(CancelReason::Stopped);
        let mut serial = slots.serial(0);
        let stopped = Err(CancelReason::Stopped);
        assert_eq!(serial.wait_for_turn(&cancellation).await, stopped);
    }

    #[test]
    fn with_one_request_at_once_there_is_one_case_at_once() {
        assert_eq!(parallel_cases(1), 1);
        assert_eq!(parallel_cases(64), 128);
    }
}
