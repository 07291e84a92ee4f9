//! Read-after-write: repeating a read, with growing pauses, until it shows what was written.

use std::time::{Duration, Instant};

use super::ending::{End, Ending};

/// The first pause before a read is repeated; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(40);

/// One read that is repeated.
pub struct Waiting {
    until: Option<Instant>,
    began: Instant,
    pause: Duration,
    repeated: bool,
}

impl Waiting {
    /// Repeats until then; not at all where there is no time.
    pub fn new(until: Option<Instant>) -> Self {
        Self {
            until,
            began: Instant::now(),
            pause: FIRST_PAUSE,
            repeated: false,
        }
    }

    fn left(&self) -> Duration {
        let left = self
            .until
            .map(|until| until.saturating_duration_since(Instant::now()));
        left.unwrap_or_default()
    }

    /// Whether there is time to ask again. Once there always is where something was written: on a slow machine the time
    /// may be over before anybody has asked at all.
    pub fn has_time(&self) -> bool {
        !self.left().is_zero() || (self.until.is_some() && !self.repeated)
    }

    /// Pauses before it is asked again.
    ///
    /// # Errors
    /// When the run ends meanwhile: what is not there yet might still have come.
    pub async fn pause(&mut self, ending: &Ending) -> Result<(), End> {
        let left = self.left().max(FIRST_PAUSE);
        let pause = tokio::time::sleep(self.pause.min(left));
        ending.unless(pause).await?;
        self.pause = self.pause.saturating_mul(2);
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
