//! What happens during a run, told as it happens: the only seam between the engine and its readers.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use crate::catalogue::Version;
use crate::record::{Target, Verdict};

/// Something that happened. Readers match every variant, so that a new one does not compile until each has
/// decided what to do with it.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run begins.
    Started {
        /// How many cases will be run.
        cases: usize,
        /// What is tested.
        target: Target,
        /// The version judged against.
        spec: Version,
        /// What names and content are drawn from.
        seed: u32,
    },
    /// A case sends its first request.
    CaseStarted {
        /// Which.
        id: Arc<str>,
    },
    /// A case is over. Its verdict is the one it reached by itself: the record's may still turn from `fail`
    /// to `blocked` where another case shows the same cause.
    CaseFinished {
        /// Which.
        id: Arc<str>,
        /// What it came to by itself.
        verdict: Verdict,
        /// What it saw broken, or what kept it from a verdict.
        reason: Option<String>,
        /// How long it took.
        duration_ms: u64,
    },
    /// The target asked for patience, and everything waits.
    RateLimited {
        /// For how long.
        pause_ms: u64,
    },
    /// The cases are over, and what they pushed is deleted.
    CleaningUp {
        /// How many things there are to delete.
        things: usize,
    },
    /// The last case is over.
    Finished {
        /// How many requests were sent.
        requests: u64,
    },
}

/// Tells it. A reader that has gone away is no reason to stop.
pub fn tell(events: &UnboundedSender<Event>, event: Event) {
    let _ = events.send(event);
}
