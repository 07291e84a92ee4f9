//! Events of a run, sent as they happen: the only connection from the engine to its readers.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use crate::catalogue::Version;
use crate::record::{Target, Verdict};

/// An event. Readers match every variant, so that a new one does not compile until each of them handles it.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run begins.
    Started {
        /// How many cases will be run.
        cases: usize,
        /// The registry under test.
        target: Target,
        /// The version of the specification that it is tested against.
        spec: Version,
        /// The seed of names and content.
        seed: u32,
    },
    /// A case sends its first request.
    CaseStarted {
        /// Its name.
        id: Arc<str>,
    },
    /// A case is over.
    CaseFinished {
        /// Its name.
        id: Arc<str>,
        /// Its verdict by itself. In the record, `fail` may become `blocked` where another case keeps the failure.
        verdict: Verdict,
        /// The first violated MUST, or the reason why there is no verdict.
        reason: Option<String>,
        /// How long it took.
        duration_ms: u64,
    },
    /// The target answered 429, or 503 with `Retry-After`: nothing is sent for a while.
    RateLimited {
        /// For how long.
        pause_ms: u64,
    },
    /// The cases are over, and the content that they pushed is deleted.
    CleaningUp {
        /// How many items there are to delete.
        items: usize,
    },
    /// The last case is over.
    Finished {
        /// How many requests were sent.
        requests: u64,
    },
}

/// Sends an event. A reader that has gone away does not stop the run.
pub fn emit(events: &UnboundedSender<Event>, event: Event) {
    let _ = events.send(event);
}
