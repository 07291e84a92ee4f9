//! Execution slots: which cases run at the same time, and the turn of serial ones.

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
    /// How many cases run in parallel.
    parallel: usize,
    running: watch::Sender<Running>,
}

/// The cases of a run that keep others from running.
#[derive(Debug, Clone, Copy, Default)]
struct Running {
    /// How many may still change what serial cases read.
    disturbing: usize,
    /// How many serial cases run their steps.
    serial: usize,
    /// Whether one of them has the turn of those that use tags.
    turn_taken: bool,
    /// How many cases that had a turn are over, or wait until a write is visible.
    turns_over: usize,
}

/// The slot of one case. The case is over when it is dropped.
#[derive(Debug)]
pub struct ExecutionSlot {
    slots: Slots,
    permit: Option<OwnedSemaphorePermit>,
    /// Whether an attempt at the case may change what serial cases read.
    may_disturb: bool,
    /// Whether it may still do so in this attempt.
    disturbs: bool,
    turn: Turn,
    /// Whether the serial case uses tags: such cases run one after the other.
    one_by_one: bool,
    /// Its place in the order of these, from 0, until it gives its first turn back.
    number: Option<usize>,
    waited: Duration,
}

/// Makes the slots of further attempts beside a case.
#[derive(Debug, Clone)]
pub struct SlotsBeside {
    slots: Slots,
    may_disturb: bool,
}

/// Whether it is the turn of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// It runs in parallel with others.
    NotNeeded,
    /// The serial case waits for its turn, in each attempt.
    Awaited,
    /// It is its turn.
    Taken,
}

impl Slots {
    /// Slots for the cases of a run with `jobs` requests in flight.
    pub fn new(jobs: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(parallel_cases(jobs))),
            parallel: parallel_cases(jobs),
            running: watch::Sender::default(),
        }
    }

    /// The slot of a parallel case; `disturbs`: it may change what serial cases read.
    pub fn parallel(&self, disturbs: bool) -> ExecutionSlot {
        self.slot(Turn::NotNeeded, None, disturbs)
    }

    /// The slot of a serial case: its content is provided in parallel, its steps run while no other case disturbs them. Those
    /// that use tags have a number, from 0, and run one after the other; the others run beside them.
    pub fn serial(&self, number: Option<usize>) -> ExecutionSlot {
        self.slot(Turn::Awaited, number, false)
    }

    fn slot(&self, turn: Turn, number: Option<usize>, disturbs: bool) -> ExecutionSlot {
        self.running
            .send_modify(|running| running.disturbing += usize::from(disturbs));
        ExecutionSlot {
            slots: self.clone(),
            permit: None,
            may_disturb: disturbs,
            disturbs,
            turn,
            one_by_one: number.is_some(),
            number,
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
        if self.turn != Turn::Awaited {
            return Ok(false);
        }
        self.permit = None;
        let began = Instant::now();
        let next = |over| self.number.is_none_or(|number| over >= number);
        let beside = !self.one_by_one;
        let may = |running: &Running| {
            let free = beside || !running.turn_taken && next(running.turns_over);
            running.disturbing == 0 && free
        };
        let turn = self.slots.when(may, |running| {
            running.serial += 1;
            running.turn_taken |= !beside;
        });
        cancellation.or_cancelled(turn).await?;
        self.turn = Turn::Taken;
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

    /// Gives the slot and the turn back, and waits.
    pub async fn rest_during<T>(&mut self, work: impl Future<Output = T>) -> T {
        self.leave();
        let began = Instant::now();
        let done = work.await;
        self.waited += began.elapsed();
        done
    }

    /// Begins an attempt at the case, the first or a later one: it has a slot, and may change what serial cases read while
    /// none of them runs.
    pub async fn begin_attempt(&mut self) {
        self.may_disturb_now().await;
        // A serial case needs no slot in its turn.
        if self.permit.is_none() && self.turn != Turn::Taken {
            self.acquire().await;
        }
    }

    /// Makes slots of further attempts beside the case, which waits for them meanwhile: they take none from others. None
    /// where a case has no other beside it: it is serial, or requests are sent one by one.
    pub fn beside(&self) -> Option<SlotsBeside> {
        let parallel = self.turn == Turn::NotNeeded && self.slots.parallel > 1;
        parallel.then(|| SlotsBeside {
            slots: self.slots.clone(),
            may_disturb: self.may_disturb,
        })
    }

    /// Waits until the attempt may change what serial cases read, where it may at all.
    async fn may_disturb_now(&mut self) {
        if self.may_disturb && !self.disturbs {
            let slots = self.slots.clone();
            let enter = |running: &mut Running| running.disturbing += 1;
            slots.when(|running| running.serial == 0, enter).await;
            self.disturbs = true;
        }
    }

    /// How long it waited for its turn, and took second looks without a slot.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    fn leave(&mut self) {
        self.permit = None;
        self.stop_disturbing();
        if self.turn == Turn::NotNeeded {
            return;
        }
        let first = self.number.take().is_some();
        let ran = std::mem::replace(&mut self.turn, Turn::Awaited) == Turn::Taken;
        self.slots.running.send_modify(|running| {
            running.turns_over += usize::from(first);
            running.serial = running.serial.saturating_sub(usize::from(ran));
            running.turn_taken &= !(ran && self.one_by_one);
        });
    }
}

impl SlotsBeside {
    /// The slot of a further attempt, which begins now.
    pub async fn begin(&self) -> ExecutionSlot {
        let mut slot = self.slots.slot(Turn::NotNeeded, None, false);
        slot.may_disturb = self.may_disturb;
        slot.may_disturb_now().await;
        slot
    }
}

impl Drop for ExecutionSlot {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn serial_cases_wait_for_their_number_and_hold_no_slot_meanwhile() {
        let (slots, cancellation) = (Slots::new(1), Cancellation::default());
        let (mut first, mut second) = (slots.serial(Some(0)), slots.serial(Some(1)));
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
        let mut serial = slots.serial(Some(0));
        let early = tokio::time::timeout(SOON, serial.wait_for_turn(&cancellation)).await;
        assert!(early.is_err(), "another case writes");
        disturbing.stop_disturbing();
        assert_eq!(serial.wait_for_turn(&cancellation).await, Ok(true));
    }

    #[tokio::test]
    async fn serial_cases_that_use_no_tags_run_beside_the_others() {
        let (slots, cancellation) = (Slots::new(8), Cancellation::default());
        let disturbing = slots.parallel(true);
        let (mut first, mut second) = (slots.serial(Some(0)), slots.serial(Some(1)));
        let mut beside = slots.serial(None);
        let early = tokio::time::timeout(SOON, beside.wait_for_turn(&cancellation)).await;
        assert!(early.is_err(), "another case writes");
        drop(disturbing);
        assert_eq!(first.wait_for_turn(&cancellation).await, Ok(true));
        assert_eq!(beside.wait_for_turn(&cancellation).await, Ok(true));
        drop(beside);
        let early = tokio::time::timeout(SOON, second.wait_for_turn(&cancellation)).await;
        assert!(early.is_err(), "the first has its turn");
        drop(first);
        assert_eq!(second.wait_for_turn(&cancellation).await, Ok(true));
    }

    #[tokio::test]
    async fn a_case_begins_another_attempt_when_no_serial_case_runs() {
        let (slots, cancellation) = (Slots::new(8), Cancellation::default());
        let (mut rested, mut writes_no_more) = (slots.parallel(true), slots.parallel(true));
        let mut serial = slots.serial(Some(0));
        rested.rest_during(async {}).await;
        writes_no_more.stop_disturbing();
        assert_eq!(serial.wait_for_turn(&cancellation).await, Ok(true));
        for slot in [&mut rested, &mut writes_no_more] {
            let early = tokio::time::timeout(SOON, slot.begin_attempt()).await;
            assert!(early.is_err(), "the serial case runs");
        }
        drop(serial);
        rested.begin_attempt().await;
        writes_no_more.begin_attempt().await;
        assert_eq!(slots.running.borrow().disturbing, 2);
    }

    #[tokio::test]
    async fn a_further_attempt_takes_no_slot_and_disturbs_no_serial_case() {
        let (slots, cancellation) = (Slots::new(2), Cancellation::default());
        assert!(Slots::new(1).parallel(true).beside().is_none());
        let mut case = slots.parallel(true);
        case.acquire().await;
        let beside = case.beside().unwrap();
        let mut serial = slots.serial(Some(0));
        assert!(serial.beside().is_none());
        let free = slots.permits.available_permits();
        let further = beside.begin().await;
        assert_eq!(slots.permits.available_permits(), free);
        drop(case);
        let early = tokio::time::timeout(SOON, serial.wait_for_turn(&cancellation)).await;
        assert!(early.is_err(), "the further attempt may write");
        drop(further);
        assert_eq!(serial.wait_for_turn(&cancellation).await, Ok(true));
        let early = tokio::time::timeout(SOON, beside.begin()).await;
        assert!(early.is_err(), "the serial case runs");
    }

    #[tokio::test]
    async fn a_serial_case_has_its_turn_in_each_attempt() {
        let (slots, cancellation) = (Slots::new(8), Cancellation::default());
        let (mut first, mut second) = (slots.serial(Some(0)), slots.serial(Some(1)));
        assert_eq!(first.wait_for_turn(&cancellation).await, Ok(true));
        first.rest_during(async {}).await;
        assert_eq!(second.wait_for_turn(&cancellation).await, Ok(true));
        first.begin_attempt().await;
        let early = tokio::time::timeout(SOON, first.wait_for_turn(&cancellation)).await;
        assert!(early.is_err(), "the other serial case runs");
        drop(second);
        assert_eq!(first.wait_for_turn(&cancellation).await, Ok(true));
    }

    #[tokio::test]
    async fn waiting_ends_with_the_run() {
        let (slots, cancellation) = (Slots::new(1), Cancellation::default());
        let _parallel = slots.parallel(true);
        cancellation.end(CancelReason::Stopped);
        let mut serial = slots.serial(Some(0));
        let stopped = Err(CancelReason::Stopped);
        assert_eq!(serial.wait_for_turn(&cancellation).await, stopped);
    }

    #[test]
    fn with_one_request_at_once_there_is_one_case_at_once() {
        assert_eq!(parallel_cases(1), 1);
        assert_eq!(parallel_cases(64), 128);
    }
}
