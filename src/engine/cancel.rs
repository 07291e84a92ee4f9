//! How a run comes to its end: by itself, or before its last case.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

/// Why a run ends before its last case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CancelReason {
    /// The user stopped it.
    #[error("the run was stopped before this case was over")]
    Stopped,
    /// Its time was over.
    #[error("the run's time ({}) was over before this case was", humantime::format_duration(*.0))]
    Deadline(Duration),
}

/// What every case listens to while it waits for anything: once the run ends, each keeps what it has.
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

    /// Why it ends, once it does.
    pub fn why(&self) -> Option<CancelReason> {
        *self.0.borrow()
    }

    /// What comes of `work`, unless the run ends first.
    ///
    /// # Errors
    /// Why the run ends.
    pub async fn unless<T>(&self, work: impl Future<Output = T>) -> Result<T, CancelReason> {
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
        assert_eq!(cancellation.unless(async { 1 }).await, Ok(1));
        let never = std::future::pending::<()>();
        let (outcome, ()) = tokio::join!(cancellation.unless(never), async {
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
            cancellation.unless(async { 1 }).await,
            Err(CancelReason::Stopped)
        );
    }
}
