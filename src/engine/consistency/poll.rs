//! One read that is repeated, with growing pauses, until it shows a write.

use std::time::{Duration, Instant};

use super::observed::ObservedConsistency;
use super::read_kind::ReadKind;
use crate::engine::cancel::{CancelReason, Cancellation};

/// The first pause before a read is repeated; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(40);

/// How many responses in a row must show the write, where the first did not.
const IN_A_ROW: usize = 3;

/// The note of a case one of whose reads missed a write for the whole time to settle.
pub const NOT_SHOWN: &str = "A read did not show a preceding write within the time of --settle";

/// What a response shows of the writes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Not all of them yet: a later response of this kind may.
    Missing(ReadKind),
    /// All of them, by a read of this kind.
    Shown(ReadKind),
    /// Nothing that time can change.
    Final,
}

/// One read that is repeated.
#[derive(Debug)]
pub struct ConsistencyPoll<'a> {
    observed: &'a ObservedConsistency,
    /// When the last write was done; absent where nothing was written.
    written: Option<Instant>,
    /// Whether the whole time to settle is waited for, also where no read of the kind was late.
    patient: bool,
    began: Instant,
    /// When the last read was sent: a slow response says nothing about the time after that.
    sent: Instant,
    pause: Duration,
    repeated: bool,
    /// How many responses in a row showed the write.
    in_a_row: usize,
}

impl<'a> ConsistencyPoll<'a> {
    /// Repeats a read of what was written then; never where nothing was written.
    pub fn new(observed: &'a ObservedConsistency, written: Option<Instant>, patient: bool) -> Self {
        Self {
            observed,
            written,
            patient,
            began: Instant::now(),
            sent: Instant::now(),
            pause: FIRST_PAUSE,
            repeated: false,
            in_a_row: 0,
        }
    }

    /// The read is sent now.
    pub fn sending(&mut self) {
        self.sent = Instant::now();
    }

    /// Whether the read is repeated after a response. A write that shows only after a while must show several times in a row:
    /// one of two replicas may not have it.
    ///
    /// After a write, a read is repeated at least once: on a slow machine the time may pass before the first read.
    pub fn should_retry(&mut self, sight: Sight) -> bool {
        let Sight::Missing(kind) = sight else {
            self.in_a_row += 1;
            return self.repeated && self.in_a_row < IN_A_ROW;
        };
        self.in_a_row = 0;
        !self.left_at(kind, self.sent).is_zero() || (self.written.is_some() && !self.repeated)
    }

    /// Pauses before the next read; not where the last one showed the write.
    ///
    /// # Errors
    /// When the run is ended meanwhile.
    pub async fn pause(
        &mut self,
        sight: Sight,
        cancellation: &Cancellation,
    ) -> Result<(), CancelReason> {
        if let Sight::Missing(kind) = sight {
            let left = self.left_at(kind, Instant::now()).max(FIRST_PAUSE);
            let pause = self.pause.min(left);
            self.observed.pause(pause);
            let pause = tokio::time::sleep(pause);
            cancellation.or_cancelled(pause).await?;
            self.pause = self.pause.saturating_mul(2);
        }
        self.repeated = true;
        Ok(())
    }

    /// Records how soon the read showed the write, and returns a note for the report where it was repeated.
    pub fn finish(&self, sight: Sight) -> Option<String> {
        self.written?;
        let repeated = self.began.elapsed();
        match sight {
            Sight::Shown(kind) if self.repeated => {
                self.observed.shown_late(kind, repeated);
                Some(format!(
                    "The write was visible after {} ms (the specification sets no limit)",
                    repeated.as_millis()
                ))
            }
            Sight::Missing(_) if self.repeated && self.is_settled() => Some(NOT_SHOWN.to_owned()),
            Sight::Shown(_) | Sight::Missing(_) | Sight::Final => None,
        }
    }

    /// Whether the read was sent more than once.
    pub const fn was_repeated(&self) -> bool {
        self.repeated
    }

    /// The kind of a read whose missed write may still show; none where the time to settle is over.
    pub fn unsettled(&self, sight: Sight) -> Option<ReadKind> {
        match sight {
            Sight::Missing(kind) if self.written.is_some() && !self.is_settled() => Some(kind),
            Sight::Missing(_) | Sight::Shown(_) | Sight::Final => None,
        }
    }

    /// Whether the whole time to settle was over when the last read was sent.
    fn is_settled(&self) -> bool {
        let age = self.age_at(self.sent);
        age.is_none_or(|age| age >= self.observed.settle())
    }

    /// How long ago, at a time, what is read was written; none where nothing was.
    fn age_at(&self, now: Instant) -> Option<Duration> {
        let written = self.written?;
        Some(now.saturating_duration_since(written))
    }

    /// How much longer than at a time a read of a kind is repeated in place.
    fn left_at(&self, kind: ReadKind, now: Instant) -> Duration {
        let whole = self.observed.settle();
        let patience = match self.patient {
            true => whole,
            false => self.observed.patience(kind),
        };
        self.age_at(now)
            .map_or(Duration::ZERO, |age| patience.saturating_sub(age))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::read_kind::Shows;
    use super::*;
    use crate::endpoint::EndpointKind;

    const KIND: ReadKind = ReadKind {
        endpoint: EndpointKind::Blob,
        shows: Shows::Arrival,
        cached: false,
    };
    const SETTLE: Duration = Duration::from_secs(2);

    /// How long a read is repeated that shows its write after `late`, if another of its kind was late, or none was.
    async fn repeated(late_before: bool, late: Duration) -> (Duration, Option<ReadKind>) {
        let observed = ObservedConsistency::new(SETTLE);
        if late_before {
            observed.shown_late(KIND, SETTLE);
        }
        let written = Instant::now();
        let mut poll = ConsistencyPoll::new(&observed, Some(written), false);
        let sight = loop {
            poll.sending();
            let sight = match written.elapsed() < late {
                true => Sight::Missing(KIND),
                false => Sight::Shown(KIND),
            };
            if !poll.should_retry(sight) {
                break sight;
            }
            poll.pause(sight, &Cancellation::default()).await.unwrap();
        };
        poll.finish(sight);
        (written.elapsed(), poll.unsettled(sight))
    }

    #[tokio::test]
    async fn a_read_is_repeated_for_the_whole_time_where_its_kind_was_late() {
        let (took, unsettled) = repeated(true, SETTLE * 2).await;
        assert!(took >= SETTLE && unsettled.is_none(), "{took:?}");
    }

    #[tokio::test]
    async fn a_read_is_repeated_for_a_short_time_where_its_kind_was_never_late() {
        let (took, unsettled) = repeated(false, SETTLE * 2).await;
        assert!(took < SETTLE / 4 && unsettled.is_some(), "{took:?}");
    }

    #[tokio::test]
    async fn a_write_that_shows_late_ends_the_wait() {
        let late = Duration::from_millis(100);
        let (took, unsettled) = repeated(false, late).await;
        assert!(took >= late && took < SETTLE / 2, "{took:?}");
        assert_eq!(unsettled, None);
    }

    #[tokio::test]
    async fn a_slow_response_is_no_look_after_the_time_to_settle() {
        let settle = Duration::from_millis(60);
        let observed = ObservedConsistency::new(settle);
        let mut poll = ConsistencyPoll::new(&observed, Some(Instant::now()), false);
        for (took, repeated) in [(settle * 2, true), (Duration::ZERO, false)] {
            poll.sending();
            tokio::time::sleep(took).await;
            let missing = Sight::Missing(KIND);
            assert_eq!(poll.should_retry(missing), repeated);
            assert_eq!(poll.unsettled(missing).is_some(), repeated);
            if repeated {
                poll.pause(missing, &Cancellation::default()).await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn nothing_written_is_not_waited_for() {
        let observed = ObservedConsistency::new(SETTLE);
        let mut poll = ConsistencyPoll::new(&observed, None, false);
        assert!(!poll.should_retry(Sight::Missing(KIND)));
        assert_eq!(poll.finish(Sight::Missing(KIND)), None);
    }
}
