//! Second looks at reads that did not show a write, and were repeated in place for a shorter time than the whole time to
//! settle.
//!
//! They cost no time while other cases run. Where a read shows its write then, the target is late, and the case runs
//! again with all patience.

use std::time::{Duration, Instant};

use super::state::Runner;
use super::unsettled_read::UnsettledRead;
use crate::engine::cancel::CancelReason;
use crate::engine::consistency::{NOT_SHOWN, Sight};
use crate::engine::evidence::Stop;

/// The pause before the first second look; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

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
        while let Some(last) = self.unsettled.iter().map(|read| read.until).max() {
            let rest = pause.min(last.saturating_duration_since(Instant::now()));
            self.context.consistency.pause(rest);
            let rest = tokio::time::sleep(rest);
            self.context.cancellation.or_cancelled(rest).await?;
            pause = pause.saturating_mul(2);
            for mut read in std::mem::take(&mut self.unsettled) {
                let settled = Instant::now() >= read.until;
                if self.shows_now(&mut read).await {
                    self.evidence.shown_late = true;
                    self.unsettled.clear();
                    return Ok(());
                }
                match settled {
                    false => self.unsettled.push(read),
                    true => self.evidence.notes.push(NOT_SHOWN.to_owned()),
                }
            }
        }
        Ok(())
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
            scope,
            ..
        } = read;
        let (checks, exchanges) = (self.evidence.checks.len(), self.evidence.exchanges.len());
        let judged = self.ask(step, request, *pages, scope).await;
        self.evidence.checks.truncate(checks);
        self.evidence.exchanges.truncate(exchanges);
        match judged.map(|judged| judged.map(|one| one.sight)) {
            Ok(Some(Sight::Shown(kind))) => {
                let consistency = &self.context.consistency;
                consistency.shown_late(kind, read.written.elapsed());
                true
            }
            // The write may be there, with a violation beside it that time does not change.
            Ok(Some(Sight::Final)) => true,
            Ok(Some(Sight::Missing(_)) | None) | Err(_) => false,
        }
    }
}
