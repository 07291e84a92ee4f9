//! A second look at reads that did not show a write, and were repeated for a shorter time than the whole time to settle.
//!
//! It costs no time: it is taken when all other cases are over, or when the whole time to settle is. Where a read shows its
//! write then, the target is late, and the case runs again with all patience.

use std::time::Instant;

use super::state::Runner;
use super::unsettled_read::UnsettledRead;
use crate::engine::consistency::Sight;
use crate::engine::evidence::Stop;

impl<'w> Runner<'w> {
    /// When the last unsettled read counts as settled; none where there is none.
    pub fn unsettled_until(&self) -> Option<Instant> {
        self.unsettled.iter().map(|read| read.until).max()
    }

    /// Sends the unsettled reads again, and records whether one shows its write now.
    pub async fn look_again(&mut self) {
        for mut read in std::mem::take(&mut self.unsettled) {
            let (checks, exchanges) = (self.evidence.checks.len(), self.evidence.exchanges.len());
            let sight = self.read_again(&mut read).await;
            self.evidence.checks.truncate(checks);
            self.evidence.exchanges.truncate(exchanges);
            match sight {
                Ok(Sight::Shown(_)) => {
                    self.evidence.shown_late = true;
                    return;
                }
                _ => self.evidence.notes.push(format!(
                    "The read did not show the write, also {} ms after it, and other reads of its kind showed theirs at once",
                    read.written.elapsed().as_millis()
                )),
            }
        }
    }

    /// Waits until the unsettled reads are settled, before a write that could change what they show.
    ///
    /// # Errors
    /// When one showed its write late, or when the run ends first.
    pub async fn settle_before_write(&mut self, method: &http::Method) -> Result<(), Stop> {
        let changes = matches!(*method, http::Method::PUT | http::Method::DELETE);
        let Some(until) = self.unsettled_until().filter(|_| changes) else {
            return Ok(());
        };
        let settled = tokio::time::sleep_until(until.into());
        self.context.cancellation.or_cancelled(settled).await?;
        self.look_again().await;
        match self.evidence.shown_late {
            true => Err(Stop::Error("a read showed a write late".to_owned())),
            false => Ok(()),
        }
    }

    async fn read_again(&mut self, read: &mut UnsettledRead<'w>) -> Result<Sight, Stop> {
        let UnsettledRead {
            step,
            request,
            pages,
            scope,
            ..
        } = read;
        let judged = self.ask(step, request, *pages, scope).await?;
        let sight = judged.map_or(Sight::Final, |judged| judged.sight);
        if let Sight::Shown(kind) = sight {
            let age = read.written.elapsed();
            self.context.consistency.shown_late(kind, age, age);
        }
        Ok(sight)
    }
}
