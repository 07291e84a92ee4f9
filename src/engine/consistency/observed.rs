//! Which kinds of reads of a run were late to show a write, and how long a read that misses one is repeated in place.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::read_kind::ReadKind;
use super::url_history::{BeforeRead, UrlHistory};

/// The time that a read is repeated in place while no other of its kind was late.
const SHORT: Duration = Duration::from_millis(150);

/// The times to settle of a kind of which enough reads showed their write in half the time, the shortest first.
const LEARNED: [Duration; 2] = [Duration::from_millis(400), Duration::from_secs(1)];

/// How many reads must have shown their write at once, of all kinds, of the kind, and of those that a cache might have answered.
/// A registry that is late now and then shows it by then: one in 25 of 200 reads in all but three of 10,000 runs, and one in
/// eight of 25 in all but four of a hundred.
const ENOUGH_IN_ALL: usize = 200;
const ENOUGH_OF_KIND: usize = 25;
const ENOUGH_CACHED: usize = 40;

/// How soon the reads of a run show writes.
///
/// A read that misses its write violates nothing before the whole time to settle is over. It waits for this time in place
/// where its kind was late before, since its case needs what it shows. Where its kind never was, the case goes on after
/// a few short tries, and the read is sent again while other cases run: all reads that miss a write, and none of which
/// is ever late, cost the run the time to settle once.
///
/// Where enough reads of a kind, and of all kinds, showed their writes at once, and none in the run was late, this time is
/// shorter (`LEARNED`). A registry may still be late for content that is replaced, of which no read proves that it is not: it
/// always has the whole time. So has a registry of which one read was late.
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
    /// How soon the reads of each kind that were sent once showed their write.
    prompt: HashMap<ReadKind, Vec<Duration>>,
    urls: UrlHistory,
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

    /// A read that was sent once showed its write so soon after it.
    pub fn shown_at_once(&self, kind: ReadKind, age: Duration) {
        self.state().prompt.entry(kind).or_default().push(age);
    }

    /// Records that a URL is requested.
    pub fn requested(&self, url: &Url) {
        self.state().urls.request(url);
    }

    /// Records that the content of a URL was written or deleted.
    pub fn changed(&self, url: &Url) {
        self.state().urls.change(url);
    }

    /// What the run did before a read of a URL that follows a write (`UrlHistory::before_read`).
    pub fn before_read(&self, url: &Url, written: Instant, is_list: bool) -> BeforeRead {
        self.state().urls.before_read(url, written, is_list)
    }

    /// How long after a write a read of a kind that does not show it is repeated in place.
    pub fn patience(&self, kind: ReadKind) -> Duration {
        match self.state().was_late(kind) {
            true => self.settle,
            false => SHORT.min(self.settle),
        }
    }

    /// How long after a write a read of a kind that does not show it violates nothing.
    pub fn time_to_settle(&self, kind: ReadKind) -> Duration {
        let learned = self.state().learned(kind);
        learned.map_or(self.settle, |learned| learned.min(self.settle))
    }

    /// The note of a case one of whose reads missed a write for the whole time to settle.
    pub fn not_shown(&self, kind: ReadKind) -> String {
        match self.state().learned(kind) {
            Some(learned) if learned < self.settle => format!(
                "A read did not show a preceding write within {} ms, and hundreds of other reads showed theirs at once",
                learned.as_millis()
            ),
            _ => "A read did not show a preceding write within the time of --settle".to_owned(),
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

impl State {
    /// Whether a read that shows the same was late.
    fn was_late(&self, kind: ReadKind) -> bool {
        self.late_kinds.iter().any(|late| late.shows_same(kind))
    }

    /// The time after which a read of a kind will not show its write any more: so many reads showed theirs in half of it, and
    /// none in the run was late.
    fn learned(&self, kind: ReadKind) -> Option<Duration> {
        let none_late = self.late_kinds.is_empty();
        let mut times = LEARNED.into_iter().filter(|_| none_late);
        times.find(|time| {
            let enough = |least: usize, counts: fn(ReadKind, ReadKind) -> bool| {
                let counted = self.prompt.iter().filter(|(one, _)| counts(**one, kind));
                let ages = counted.flat_map(|(_, ages)| ages);
                ages.filter(|age| **age <= *time / 2).count() >= least
            };
            enough(ENOUGH_IN_ALL, |_, _| true)
                && enough(ENOUGH_OF_KIND, ReadKind::shows_same)
                && (!kind.cached || enough(ENOUGH_CACHED, |one, _| one.cached))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_kind::Shows;
    use super::*;
    use crate::endpoint::EndpointKind;

    const SETTLE: Duration = Duration::from_secs(2);
    const BLOB: ReadKind = ReadKind {
        endpoint: EndpointKind::Blob,
        shows: Shows::Arrival,
        cached: false,
    };
    const DELETED: ReadKind = ReadKind {
        shows: Shows::Removal,
        ..BLOB
    };
    const REPLACED: ReadKind = ReadKind {
        shows: Shows::Replacement,
        ..BLOB
    };
    const CACHED: ReadKind = ReadKind {
        cached: true,
        ..BLOB
    };

    #[test]
    fn a_kind_that_was_late_is_waited_for_in_place() {
        let observed = ObservedConsistency::new(SETTLE);
        assert_eq!(observed.patience(BLOB), SHORT);
        observed.shown_late(BLOB, SHORT * 2);
        observed.shown_late(BLOB, SHORT);
        assert_eq!(observed.patience(BLOB), SETTLE);
        assert_eq!(observed.patience(DELETED), SHORT);
        let note = observed.note().unwrap_or_default();
        assert!(note.starts_with("2 reads"), "{note}");
    }

    /// What was observed after so many prompt reads of a kind, and as many of others as are needed.
    fn observed(kind: ReadKind, count: usize) -> ObservedConsistency {
        let observed = ObservedConsistency::new(SETTLE);
        (0..count).for_each(|_| observed.shown_at_once(kind, SHORT));
        let other = ReadKind {
            endpoint: EndpointKind::TagList,
            ..BLOB
        };
        (0..ENOUGH_IN_ALL).for_each(|_| observed.shown_at_once(other, SHORT));
        observed
    }

    #[test]
    fn the_time_to_settle_is_short_where_enough_reads_of_the_kind_were_prompt() {
        assert_eq!(
            observed(BLOB, ENOUGH_OF_KIND - 1).time_to_settle(BLOB),
            SETTLE
        );
        let enough = observed(BLOB, ENOUGH_OF_KIND);
        assert_eq!(enough.time_to_settle(BLOB), LEARNED[0]);
        for other in [DELETED, REPLACED, CACHED] {
            assert_eq!(enough.time_to_settle(other), SETTLE, "{other:?}");
        }
    }

    #[test]
    fn what_a_cache_might_have_held_and_is_prompt_proves_it_for_all_of_its_kind() {
        let cached = observed(CACHED, ENOUGH_CACHED);
        assert_eq!(cached.time_to_settle(CACHED), LEARNED[0]);
        assert_eq!(cached.time_to_settle(BLOB), LEARNED[0]);
    }

    #[test]
    fn nothing_is_learned_where_one_read_of_any_kind_was_late() {
        let late = observed(BLOB, ENOUGH_OF_KIND);
        late.shown_late(DELETED, SHORT * 2);
        assert_eq!(late.time_to_settle(BLOB), SETTLE);
        let note = late.not_shown(BLOB);
        assert!(note.ends_with("--settle"), "{note}");
    }

    #[test]
    fn patience_is_never_longer_than_the_time_to_settle() {
        let observed = ObservedConsistency::new(Duration::ZERO);
        assert_eq!(observed.patience(BLOB), Duration::ZERO);
    }
}
