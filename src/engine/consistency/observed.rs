//! Which kinds of reads of a run were late to show a write, and how long a read that misses one is repeated in place.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::read_kind::ReadKind;

/// The time that a read is repeated in place while no other of its kind was late.
const SHORT: Duration = Duration::from_millis(150);

/// How soon the reads of a run show writes.
///
/// A read that misses its write violates nothing before the whole time to settle is over. It waits for this time in place
/// where its kind was late before, since its case needs what it shows. Where its kind never was, the case goes on after
/// a few short tries, and the read is sent again while other cases run: all reads that miss a write, and none of which
/// is ever late, cost the run the time to settle once.
///
/// That other reads show their writes at once does not shorten this time: a registry may be late for one kind of content
/// alone, for content that is replaced, or now and then. However many are counted, those that are late are among the ones
/// that are not: nothing but time tells them from violations.
#[derive(Debug)]
pub struct ObservedConsistency {
    /// The longest time that a read is repeated.
    settle: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The kinds of reads of which one showed its write late.
    late_kinds: HashSet<ReadKind>,
    /// How many reads showed a write late, and for how long the longest was repeated.
    late: (usize, Duration),
    /// How long all reads together waited to be repeated.
    paused: Duration,
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

    /// A read missed its write, and showed it after it was repeated for this time.
    pub fn shown_late(&self, kind: ReadKind, repeated: Duration) {
        let mut state = self.state();
        state.late_kinds.insert(kind);
        let (count, longest) = state.late;
        state.late = (count.saturating_add(1), longest.max(repeated));
    }

    /// How long after a write a read of a kind that does not show it is repeated in place.
    pub fn patience(&self, kind: ReadKind) -> Duration {
        match self.state().late_kinds.contains(&kind) {
            true => self.settle,
            false => SHORT.min(self.settle),
        }
    }

    /// Records a pause before a read that is repeated.
    pub fn pause(&self, pause: Duration) {
        let mut state = self.state();
        state.paused = state.paused.saturating_add(pause);
    }

    /// How long all reads together waited to be repeated.
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

    #[test]
    fn a_kind_that_was_late_is_waited_for_in_place() {
        let observed = ObservedConsistency::new(SETTLE);
        assert_eq!(observed.patience(BLOB), SHORT);
        observed.shown_late(BLOB, SHORT * 2);
        observed.shown_late(BLOB, SHORT);
        assert_eq!(observed.patience(BLOB), SETTLE);
        assert_eq!(observed.patience(ReadKind::Deleted), SHORT);
        let note = observed.note().unwrap_or_default();
        assert!(note.starts_with("2 reads"), "{note}");
    }

    #[test]
    fn patience_is_never_longer_than_the_time_to_settle() {
        let observed = ObservedConsistency::new(Duration::ZERO);
        assert_eq!(observed.patience(BLOB), Duration::ZERO);
    }
}
