//! Ending a run before its last case.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

/// Why a run ends before its last case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CancelReason {
    /// The user stopped it.
    #[error("the run was stopped before this case ended")]
    Stopped,
    /// The deadline passed.
    #[error("the deadline ({}) passed before this case ended", humantime::format_duration(*.0))]
    Deadline(Duration),
}

/// Listened to wherever a case waits: once the run is ended, each case keeps the evidence that it has.
#[derive(Debug)]
pub struct Cancellation(watch::Sender<Option<CancelReason>>);

impl Default for Cancellation {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Cancellation {
    /// Ends the run; the first reason counts.
    pub fn end(&self, why: CancelReason) {
        self.0.send_if_modified(|known| {
            let first = known.is_none();
            if first {
                *known = Some(why);
            }
            first
        });
    }

    /// Why the run is ended; nothing while it goes on.
    pub fn why(&self) -> Option<CancelReason> {
        *self.0.borrow()
    }

    /// The result of `work`, unless the run is ended first.
    ///
    /// # Errors
    /// Why the run ends.
    pub async fn or_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, CancelReason> {
        if let Some(why) = self.why() {
            return Err(why);
        }
        tokio::select! {
            done = work => Ok(done),
            why = self.ended() => Err(why),
        }
    }

    async fn ended(&self) -> CancelReason {
        let mut listener = self.0.subscribe();
        loop {
            if let Some(why) = *listener.borrow_and_update() {
                return why;
            }
            // The sender lives as long as `self`.
            if listener.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_goes_on_until_the_run_ends() {
        let cancellation = Cancellation::default();
        assert_eq!(cancellation.or_cancelled(async { 1 }).await, Ok(1));
        let never = std::future::pending::<()>();
        let (outcome, ()) = tokio::join!(cancellation.or_cancelled(never), async {
            cancellation.end(CancelReason::Stopped)
        });
        assert_eq!(outcome, Err(CancelReason::Stopped));
        cancellation.end(CancelReason::Deadline(Duration::from_secs(1)));
        assert_eq!(
            cancellation.why(),
            Some(CancelReason::Stopped),
            "the first reason counts"
        );
        assert_eq!(
            cancellation.or_cancelled(async { 1 }).await,
            Err(CancelReason::Stopped)
        );
    }
}
