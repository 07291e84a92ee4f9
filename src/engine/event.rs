//! Events of a run, sent as they happen: the only connection from the engine to its readers.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use crate::catalogue::Version;
use crate::record::{Target, Verdict};

/// Why a case has no good end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A response differs from what a MUST demands.
    Deviates {
        /// The requirement.
        requirement: String,
        /// The finding, in a sentence.
        message: String,
    },
    /// There is no verdict: why.
    NoVerdict(String),
}

/// An event. Readers match every variant, so that a new one does not compile until each of them handles it.
#[derive(Debug, Clone)]
pub enum Event {
    /// The first request is sent: the target may not answer it for a while.
    Connecting {
        /// The address of the target.
        url: String,
    },
    /// The target has not started yet, and is asked again.
    WaitingForStart {
        /// The last error.
        reason: String,
        /// How long it is waited for at most from now on.
        left_ms: u64,
    },
    /// The run begins.
    Started {
        /// How many cases the record will have: the selected ones, set-ups and invariants. Fewer, if set-ups are not
        /// needed after all.
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
        /// The first deviation from a MUST, or the reason why there is no verdict.
        reason: Option<Reason>,
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
        /// How many cases of the record were run.
        cases: usize,
    },
}

/// Sends an event. A reader that has gone away does not stop the run.
pub fn emit(events: &UnboundedSender<Event>, event: Event) {
    let _ = events.send(event);
}
