//! Second looks at reads that did not show a write, and were repeated in place for a shorter time than the whole time to
//! settle.
//!
//! They cost no time while other cases run. Where a read shows its write then, the target is late, and the case runs
//! again with all patience.

use std::time::{Duration, Instant};

use super::state::Runner;
use super::unsettled_read::UnsettledRead;
use crate::engine::cancel::CancelReason;
use crate::engine::consistency::Sight;
use crate::engine::evidence::Stop;

/// The pause before the first second look; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest sleep: the time to settle may become shorter meanwhile.
const MAX_SLEEP: Duration = Duration::from_millis(50);

impl<'w> Runner<'w> {
    /// Whether reads missed a write, and may show it later.
    pub fn is_unsettled(&self) -> bool {
        !self.unsettled.is_empty()
    }

    /// The number of checks before the first unsettled read, none of which time can change.
    pub fn settled_checks(&self) -> usize {
        let unsettled = self.unsettled.iter();
        unsettled.map(|read| read.first_check).min().unwrap_or(0)
    }

    /// Sends the unsettled reads again until one shows its write, which `Evidence::shown_late` records, or until the time
    /// to settle is over for each.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn look_again(&mut self) -> Result<(), CancelReason> {
        let mut pause = FIRST_PAUSE;
        let mut next_look = Instant::now() + pause;
        while !self.unsettled.is_empty() {
            let now = Instant::now();
            let settles = self
                .unsettled
                .iter()
                .map(|read| self.settles_at(read))
                .min();
            let until = settles.map_or(next_look, |settles| settles.min(next_look));
            if until > now {
                let rest = (until - now).min(MAX_SLEEP);
                self.context.consistency.pause(rest);
                let rest = tokio::time::sleep(rest);
                self.context.cancellation.or_cancelled(rest).await?;
                continue;
            }
            for mut read in std::mem::take(&mut self.unsettled) {
                let settled = Instant::now() >= self.settles_at(&read);
                if self.shows_now(&mut read).await {
                    self.evidence.shown_late = true;
                    self.unsettled.clear();
                    return Ok(());
                }
                match settled {
                    false => self.unsettled.push(read),
                    true => {
                        let note = self.context.consistency.not_shown(read.kind);
                        self.evidence.notes.push(note);
                    }
                }
            }
            pause = pause.saturating_mul(2);
            next_look = Instant::now() + pause;
        }
        Ok(())
    }

    /// When a read that still misses its write violates what its step expects.
    fn settles_at(&self, read: &UnsettledRead<'_>) -> Instant {
        read.written + self.context.consistency.time_to_settle(read.kind)
    }

    /// Waits until the unsettled reads are settled, before a write that could change what they show.
    ///
    /// # Errors
    /// When one showed its write late, or when the run ends first.
    pub async fn settle_before_write(&mut self, method: &http::Method) -> Result<(), Stop> {
        if !matches!(*method, http::Method::PUT | http::Method::DELETE) {
            return Ok(());
        }
        self.look_again().await?;
        match self.evidence.shown_late {
            true => Err(Stop::Error("a read showed a write late".to_owned())),
            false => Ok(()),
        }
    }

    /// Sends a read again, without evidence. Returns whether it no longer misses its write.
    async fn shows_now(&mut self, read: &mut UnsettledRead<'w>) -> bool {
        let UnsettledRead {
            step,
            request,
            pages,
            before,
            scope,
            ..
        } = read;
        let (checks, exchanges) = (self.evidence.checks.len(), self.evidence.exchanges.len());
        let judged = self.ask(step, request, *pages, *before, scope).await;
        self.evidence.checks.truncate(checks);
        self.evidence.exchanges.truncate(exchanges);
        match judged.map(|judged| judged.map(|one| one.sight)) {
            Ok(Some(Sight::Shown(_))) => {
                let consistency = &self.context.consistency;
                consistency.shown_late(read.kind, read.written.elapsed());
                true
            }
            // The write may be there, with a violation beside it that time does not change.
            Ok(Some(Sight::Final)) => true,
            Ok(Some(Sight::Missing(_)) | None) | Err(_) => false,
        }
    }
}
