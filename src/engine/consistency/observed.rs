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
const ENOUGH_IN_ALL: usize = 200;
const ENOUGH_OF_KIND: usize = 25;
const ENOUGH_CACHED: usize = 40;

/// The longest time to settle that what is learned may shorten. Whoever asks for more knows of a registry that needs it.
const SHORTENED: Duration = Duration::from_secs(2);

/// In how many runs a registry that misses writes by chance, for a while, may be accused of losing one.
const FALSE_ACCUSATION: f64 = 1e-4;

/// How many further attempts at a case the time to settle is worth.
const ATTEMPTS: [i32; 4] = [2, 3, 4, 5];

/// When a read that misses its write will not show it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Learned {
    /// How long after the write.
    pub time: Duration,
    /// Once so many further attempts at the case, with new content, missed the same write for this time.
    pub attempts: usize,
}

/// How soon the reads of a run show writes.
///
/// A read that misses its write violates nothing before the whole time to settle is over. It waits for this time in place
/// where its kind was late before, since its case needs what it shows. Where its kind never was, the case goes on after
/// a few short tries, and the read is sent again while other cases run: all reads that miss a write, and none of which
/// is ever late, cost the run the time to settle once.
///
/// Where enough reads of a kind, and of all kinds, showed their writes at once, and none in the run was late, this time is
/// shorter (`Learned`). A registry may still be late for content that is replaced, of which no read proves that it is not: it
/// always has the whole time. So has a registry of which one read was late, and one for which a longer time was asked.
///
/// However many reads are counted, those that are late now and then are, until they show their writes, among the ones that
/// miss them. So the shorter time is enough only where further attempts at the case, with new content, miss the same writes.
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
    /// How many reads of each kind missed their write.
    missed: HashMap<ReadKind, u32>,
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

    /// A read missed its write, and may show it later.
    pub fn missed(&self, kind: ReadKind) {
        *self.state().missed.entry(kind).or_default() += 1;
    }

    /// When a read of a kind that misses its write will not show it any more; none where only the time to settle tells.
    pub fn learned(&self, kind: ReadKind) -> Option<Learned> {
        let learned = self.state().learned(kind)?;
        (self.settle <= SHORTENED && learned.time < self.settle).then_some(learned)
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

    fn learned(&self, kind: ReadKind) -> Option<Learned> {
        if !self.late_kinds.is_empty() {
            return None;
        }
        let enough_by = |time: &Duration| {
            let enough = |least: usize, counts: fn(ReadKind, ReadKind) -> bool| {
                self.prompt_by(*time / 2, |one| counts(one, kind)) >= least
            };
            enough(ENOUGH_IN_ALL, |_, _| true)
                && enough(ENOUGH_OF_KIND, ReadKind::shows_same)
                && (!kind.cached || enough(ENOUGH_CACHED, |one, _| one.cached))
        };
        let time = LEARNED.into_iter().find(enough_by)?;
        let shown = self.prompt_by(time / 2, |one| one.shows_same(kind));
        let missed = self.missed.iter().filter(|(one, _)| one.shows_same(kind));
        let attempts = attempts_needed(missed.map(|(_, count)| count).sum(), shown)?;
        Some(Learned { time, attempts })
    }

    /// How many reads of some kinds showed their write at once, within a time.
    fn prompt_by(&self, time: Duration, of: impl Fn(ReadKind) -> bool) -> usize {
        let kinds = self.prompt.iter().filter(|(kind, _)| of(**kind));
        let ages = kinds.flat_map(|(_, ages)| ages);
        ages.filter(|age| **age <= time).count()
    }
}

/// How many further attempts must miss the same write: a registry that misses this share of its writes by chance, for a
/// while, is then accused in one run of ten thousand at most. None where that takes more attempts than the time to settle is worth.
fn attempts_needed(missed: u32, shown: usize) -> Option<usize> {
    let missed = f64::from(missed.max(1));
    let shown = f64::from(u32::try_from(shown).unwrap_or(u32::MAX));
    let share = missed / (missed + shown);
    ATTEMPTS.into_iter().find_map(|attempts| {
        (missed * share.powi(attempts) <= FALSE_ACCUSATION)
            .then_some(usize::try_from(attempts).ok()?)
    })
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
        observed_for(SETTLE, kind, count)
    }

    fn observed_for(settle: Duration, kind: ReadKind, count: usize) -> ObservedConsistency {
        let observed = ObservedConsistency::new(settle);
        (0..count).for_each(|_| observed.shown_at_once(kind, SHORT));
        let other = ReadKind {
            endpoint: EndpointKind::TagList,
            ..BLOB
        };
        (0..ENOUGH_IN_ALL).for_each(|_| observed.shown_at_once(other, SHORT));
        observed
    }

    #[test]
    fn a_time_is_learned_where_enough_reads_of_the_kind_were_prompt() {
        assert_eq!(observed(BLOB, ENOUGH_OF_KIND - 1).learned(BLOB), None);
        let enough = observed(BLOB, ENOUGH_OF_KIND);
        assert_eq!(enough.learned(BLOB).map(|one| one.time), Some(LEARNED[0]));
        for other in [DELETED, REPLACED, CACHED] {
            assert_eq!(enough.learned(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_longer_time_that_was_asked_for_is_never_shortened() {
        let longer = observed_for(SETTLE * 2, BLOB, ENOUGH_OF_KIND);
        assert_eq!(longer.learned(BLOB), None);
    }

    #[test]
    fn what_a_cache_might_have_held_and_is_prompt_proves_it_for_all_of_its_kind() {
        let cached = observed(CACHED, ENOUGH_CACHED);
        for kind in [CACHED, BLOB] {
            assert_eq!(cached.learned(kind).map(|one| one.time), Some(LEARNED[0]));
        }
    }

    #[test]
    fn nothing_is_learned_where_one_read_of_any_kind_was_late() {
        let late = observed(BLOB, ENOUGH_OF_KIND);
        late.shown_late(DELETED, SHORT * 2);
        assert_eq!(late.learned(BLOB), None);
    }

    #[test]
    fn the_more_reads_miss_their_writes_the_more_attempts_must() {
        for (missed, shown, attempts) in [
            (1, 100, Some(2)),
            (1, 25, Some(3)),
            (4, 60, Some(4)),
            (5, 60, Some(5)),
            (20, 60, None),
        ] {
            assert_eq!(
                attempts_needed(missed, shown),
                attempts,
                "{missed} of {shown}"
            );
        }
        let observed = observed(BLOB, ENOUGH_OF_KIND);
        (0..ENOUGH_OF_KIND).for_each(|_| observed.missed(BLOB));
        assert_eq!(observed.learned(BLOB), None, "half of them");
    }

    #[test]
    fn patience_is_never_longer_than_the_time_to_settle() {
        let observed = ObservedConsistency::new(Duration::ZERO);
        assert_eq!(observed.patience(BLOB), Duration::ZERO);
    }
}
