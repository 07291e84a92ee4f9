//! How soon the reads of a run show writes, by kind of read, and how long a read that does not is repeated.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::read_kind::ReadKind;

/// A read that is sent this soon after a write, and shows it, shows it at once.
const AT_ONCE: Duration = Duration::from_millis(250);

/// So many reads of a kind must show their writes at once before others of the kind are repeated for a shorter time.
const ENOUGH_OF_KIND: u32 = 30;

/// So many reads of all kinds must show their writes at once before any is repeated for a shorter time: a registry that
/// is late for a part of its content alone is found out by then.
const ENOUGH: u32 = 150;

/// The time that a read is repeated where enough others showed their write at once.
const SHORT: Duration = Duration::from_millis(150);

/// The time that a kind of read is given which showed a write late: a multiple of the longest, plus a constant.
const MARGIN: (u32, Duration) = (3, Duration::from_millis(200));

/// How soon the reads of a run show writes.
#[derive(Debug)]
pub struct ObservedConsistency {
    /// The longest time that a read is repeated.
    settle: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kinds: HashMap<ReadKind, Shown>,
    /// How many reads missed their write, and are repeated for the whole time to settle.
    undecided: usize,
    /// How many reads showed a write late, and for how long the longest was repeated.
    late: (usize, Duration),
    /// How long all reads together were repeated.
    paused: Duration,
}

/// The reads of one kind that showed their writes.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    at_once: u32,
    /// The longest time from a write to the read that showed it, where one was late.
    longest: Option<Duration>,
}

impl ObservedConsistency {
    pub fn new(settle: Duration) -> Self {
        Self {
            settle,
            state: Mutex::default(),
        }
    }

    /// The longest time that a read is repeated.
    pub fn settle(&self) -> Duration {
        self.settle
    }

    /// A read showed its write; it was sent `age` after the write, which no earlier read had missed.
    pub fn shown_at_once(&self, kind: ReadKind, age: Duration) {
        if age <= AT_ONCE {
            let mut state = self.state();
            let shown = state.kinds.entry(kind).or_default();
            shown.at_once = shown.at_once.saturating_add(1);
        }
    }

    /// A read missed its write, and another one showed it: it was sent `age` after the write.
    pub fn shown_late(&self, kind: ReadKind, age: Duration, repeated: Duration) {
        let mut state = self.state();
        let shown = state.kinds.entry(kind).or_default();
        shown.longest = shown.longest.max(Some(age));
        let (count, longest) = state.late;
        state.late = (count.saturating_add(1), longest.max(repeated));
    }

    /// A read missed its write, and is repeated for the whole time to settle.
    pub fn missed(&self) {
        let mut state = self.state();
        state.undecided = state.undecided.saturating_add(1);
    }

    /// The outcome of such a read is known.
    pub fn decided(&self) {
        let mut state = self.state();
        state.undecided = state.undecided.saturating_sub(1);
    }

    /// How long after a write a read of a kind is repeated that does not show it. It is the whole time to settle until
    /// enough reads showed theirs, and while a read is repeated that may turn out to be late; a shorter one calls for a
    /// second look.
    pub fn patience(&self, kind: ReadKind) -> Duration {
        let state = self.state();
        let shown = state.kinds.get(&kind).copied().unwrap_or_default();
        let all = state.kinds.values().map(|shown| shown.at_once);
        let all = all.fold(0, u32::saturating_add);
        let prompt = shown.at_once >= ENOUGH_OF_KIND && all >= ENOUGH;
        let none_late = state.undecided == 0 && state.late.0 == 0;
        let needed = match shown.longest {
            Some(longest) => {
                let (factor, constant) = MARGIN;
                longest.saturating_mul(factor).saturating_add(constant)
            }
            None if prompt && none_late => SHORT,
            None => self.settle,
        };
        needed.min(self.settle)
    }

    /// Records a pause before a read that is repeated.
    pub fn pause(&self, pause: Duration) {
        let mut state = self.state();
        state.paused = state.paused.saturating_add(pause);
    }

    /// How long all reads together were repeated.
    pub fn paused(&self) -> Duration {
        self.state().paused
    }

    /// The note about the reads that were late.
    pub fn note(&self) -> Option<String> {
        let (count, longest) = self.state().late;
        let longest = longest.as_millis();
        let (reads, those) = match count {
            0 => return None,
            1 => ("1 read".to_owned(), "it was repeated for"),
            many => (format!("{many} reads"), "each was repeated for at most"),
        };
        Some(format!(
            "{reads} did not show a preceding write at once: {those} {longest} ms (the specification sets no limit)"
        ))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one call: nothing is left half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::EndpointKind;

    const SETTLE: Duration = Duration::from_secs(2);
    const BLOB: ReadKind = ReadKind::Written(EndpointKind::Blob);

    fn observed(at_once: u32) -> ObservedConsistency {
        let observed = ObservedConsistency::new(SETTLE);
        (0..at_once).for_each(|_| observed.shown_at_once(BLOB, Duration::ZERO));
        observed
    }

    #[test]
    fn patience_gets_shorter_with_reads_that_show_their_write_at_once() {
        assert_eq!(observed(0).patience(BLOB), SETTLE);
        assert_eq!(observed(ENOUGH - 1).patience(BLOB), SETTLE);
        assert_eq!(observed(ENOUGH).patience(BLOB), SHORT);
        assert_eq!(observed(1000).patience(ReadKind::Deleted), SETTLE);
    }

    #[test]
    fn patience_is_whole_while_a_read_may_turn_out_to_be_late() {
        let observed = observed(ENOUGH);
        observed.missed();
        assert_eq!(observed.patience(BLOB), SETTLE);
        observed.decided();
        assert_eq!(observed.patience(BLOB), SHORT);
        observed.shown_late(ReadKind::Deleted, SHORT, SHORT);
        assert_eq!(observed.patience(BLOB), SETTLE);
    }

    #[test]
    fn a_read_long_after_its_write_tells_nothing() {
        let observed = ObservedConsistency::new(SETTLE);
        (0..1000).for_each(|_| observed.shown_at_once(BLOB, SETTLE / 4));
        assert_eq!(observed.patience(BLOB), SETTLE);
    }

    #[test]
    fn a_kind_that_was_late_gets_the_time_that_it_needed_with_a_margin() {
        let observed = observed(1000);
        let late = Duration::from_millis(300);
        observed.shown_late(BLOB, late, late);
        assert_eq!(observed.patience(BLOB), Duration::from_millis(1100));
        observed.shown_late(BLOB, SETTLE, SETTLE);
        assert_eq!(observed.patience(BLOB), SETTLE);
        let note = observed.note().unwrap_or_default();
        assert!(note.starts_with("2 reads"), "{note}");
    }

    #[test]
    fn patience_is_never_longer_than_the_time_to_settle() {
        let observed = ObservedConsistency::new(Duration::ZERO);
        assert_eq!(observed.patience(BLOB), Duration::ZERO);
        (0..1000).for_each(|_| observed.shown_at_once(BLOB, Duration::ZERO));
        assert_eq!(observed.patience(BLOB), Duration::ZERO);
    }
}
