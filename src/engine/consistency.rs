//! Read-after-write: repeating a read, with growing pauses, until it shows what was written.

use std::time::{Duration, Instant};

use super::cancel::{CancelReason, Cancellation};

/// The first pause before a read is repeated; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(40);

/// How many answers in a row must show what was written, where the first did not.
const IN_A_ROW: usize = 3;

/// One read that is repeated.
pub struct ConsistencyPoll {
    until: Option<Instant>,
    began: Instant,
    pause: Duration,
    repeated: bool,
    /// How many answers in a row showed what was written.
    in_a_row: usize,
}

impl ConsistencyPoll {
    /// Repeats until then; not at all where there is no time.
    pub fn new(until: Option<Instant>) -> Self {
        Self {
            until,
            began: Instant::now(),
            pause: FIRST_PAUSE,
            repeated: false,
            in_a_row: 0,
        }
    }

    fn left(&self) -> Duration {
        let left = self
            .until
            .map(|until| until.saturating_duration_since(Instant::now()));
        left.unwrap_or_default()
    }

    /// Whether it is asked again, after an answer that does `not_yet` show what was written. What shows only after
    /// a while must show several times in a row: one of two places that answer by turns may never have heard of it.
    ///
    /// Asked again it always is once, where something was written: on a slow machine the time may be over before
    /// anybody has asked at all.
    pub fn should_retry(&mut self, not_yet: bool) -> bool {
        if !not_yet {
            self.in_a_row += 1;
            return self.repeated && self.in_a_row < IN_A_ROW;
        }
        self.in_a_row = 0;
        !self.left().is_zero() || (self.until.is_some() && !self.repeated)
    }

    /// Pauses before it is asked again; not where it only has to show once more.
    ///
    /// # Errors
    /// When the run ends meanwhile: what is not there yet might still have come.
    pub async fn pause(&mut self, cancellation: &Cancellation) -> Result<(), CancelReason> {
        if self.in_a_row == 0 {
            let left = self.left().max(FIRST_PAUSE);
            let pause = tokio::time::sleep(self.pause.min(left));
            cancellation.unless(pause).await?;
            self.pause = self.pause.saturating_mul(2);
        }
        self.repeated = true;
        Ok(())
    }

    /// Says how long it took, where it was repeated and holds at last.
    pub fn note(&self, holds: bool, notes: &mut Vec<String>) {
        if self.repeated && holds {
            let waited = self.began.elapsed().as_millis();
            notes.push(format!(
                "what was written showed after {waited} ms: the specification does not promise that it shows at once"
            ));
        }
    }
}
