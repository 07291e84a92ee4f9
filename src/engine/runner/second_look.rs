//! Second looks at reads that did not show a write, and were repeated in place for a shorter time than the whole time to
//! settle.
//!
//! They cost no time while other cases run. Where a read shows its write then, the target is late, and the case runs
//! again with all patience.

use std::time::{Duration, Instant};

use super::patience::Patience;
use super::state::Runner;
use super::unsettled_read::UnsettledRead;
use crate::engine::cancel::CancelReason;
use crate::engine::consistency::{Learned, NOT_SHOWN, Sight};
use crate::engine::evidence::Stop;

/// The pause before the first second look; each after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest sleep: what is learned of the target may end the wait.
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

    /// Sends the unsettled reads again until one shows its write, which `Evidence::shown_late` records, until further attempts
    /// at the case confirm that none will, or until the time to settle is over for each.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn look_again(&mut self) -> Result<(), CancelReason> {
        if self.confirmed().await? {
            let missed = self.unsettled.drain(..).map(|read| read.step);
            self.missed.extend(missed);
        }
        self.look_until_settled().await
    }

    /// Waits for what is learned of the target, where the case makes use of it. Returns whether the unsettled reads will not
    /// show their writes.
    async fn confirmed(&mut self) -> Result<bool, CancelReason> {
        if matches!(self.patience, Patience::Whole | Patience::SecondLooks(None)) {
            return Ok(false);
        }
        let Some(learned) = self.look_until_learned().await? else {
            return Ok(false);
        };
        let Patience::SecondLooks(Some(confirm)) = &self.patience else {
            return Ok(true);
        };
        let steps = self.unsettled.iter().map(|read| read.step).collect();
        let confirmed = confirm(steps, learned.attempts).await;
        if confirmed {
            self.evidence.notes.push(confirmed_note(learned));
        }
        Ok(confirmed)
    }

    /// Sends the unsettled reads again until the time after which none will show its write is learned, and over. None where
    /// the time to settle was over first, or one showed its write.
    async fn look_until_learned(&mut self) -> Result<Option<Learned>, CancelReason> {
        let mut looks = Looks::begin();
        while self.is_unsettled() {
            let learned = self.learned().filter(|learned| {
                let mut reads = self.unsettled.iter();
                reads.all(|read| read.written.elapsed() >= learned.time)
            });
            if learned.is_none() && !self.is_time(&looks) {
                self.rest(&looks).await?;
                continue;
            }
            self.look(&mut looks).await;
            if learned.is_some() && self.is_unsettled() {
                return Ok(learned);
            }
        }
        Ok(None)
    }

    async fn look_until_settled(&mut self) -> Result<(), CancelReason> {
        let mut looks = Looks::begin();
        while self.is_unsettled() {
            match self.is_time(&looks) {
                true => self.look(&mut looks).await,
                false => self.rest(&looks).await?,
            }
        }
        Ok(())
    }

    /// What is learned of all unsettled reads.
    fn learned(&self) -> Option<Learned> {
        let consistency = &self.context.consistency;
        let each = self
            .unsettled
            .iter()
            .map(|read| consistency.learned(read.kind));
        each.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// Whether the next look is due, or the time to settle is over for a read.
    fn is_time(&self, looks: &Looks) -> bool {
        let now = Instant::now();
        let mut reads = self.unsettled.iter();
        now >= looks.next || reads.any(|read| now >= self.settled_at(read))
    }

    /// When a read that still misses its write violates what its step expects, whatever is learned.
    fn settled_at(&self, read: &UnsettledRead<'_>) -> Instant {
        read.written + self.context.consistency.settle()
    }

    async fn rest(&self, looks: &Looks) -> Result<(), CancelReason> {
        let due = self
            .unsettled
            .iter()
            .map(|read| self.settled_at(read))
            .min();
        let due = due.map_or(looks.next, |due| due.min(looks.next));
        let rest = due.saturating_duration_since(Instant::now()).min(MAX_SLEEP);
        self.context.consistency.pause(rest);
        let rest = tokio::time::sleep(rest);
        self.context.cancellation.or_cancelled(rest).await
    }

    /// Sends the unsettled reads once. None is left where one shows its write; those whose time to settle is over are not.
    async fn look(&mut self, looks: &mut Looks) {
        for mut read in std::mem::take(&mut self.unsettled) {
            let settled = Instant::now() >= self.settled_at(&read);
            if self.shows_now(&mut read).await {
                self.evidence.shown_late = true;
                self.unsettled.clear();
                return;
            }
            match settled {
                false => self.unsettled.push(read),
                true => {
                    self.missed.push(read.step);
                    self.evidence.notes.push(NOT_SHOWN.to_owned());
                }
            }
        }
        looks.advance();
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

/// The note of a case that further attempts confirm.
fn confirmed_note(learned: Learned) -> String {
    format!(
        "A read did not show a preceding write within {} ms, in {} attempts with new content, while other reads showed theirs \
         at once",
        learned.time.as_millis(),
        learned.attempts + 1
    )
}

/// When the unsettled reads are sent again: after pauses, each twice as long as the one before.
struct Looks {
    pause: Duration,
    next: Instant,
}

impl Looks {
    fn begin() -> Self {
        Self {
            pause: FIRST_PAUSE,
            next: Instant::now() + FIRST_PAUSE,
        }
    }

    fn advance(&mut self) {
        self.pause = self.pause.saturating_mul(2);
        self.next = Instant::now() + self.pause;
    }
}
