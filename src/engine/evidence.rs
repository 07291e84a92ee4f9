//! What a case has to show when it is over.

use std::time::Duration;

use super::cancel::CancelReason;
pub use crate::record::Stop;
use crate::record::{Check, Exchange};

/// What became of a case, a fixture's push, or a part of them.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// What was checked, in order.
    pub checks: Vec<Check>,
    /// Requests and answers, in order.
    pub exchanges: Vec<Exchange>,
    /// What a reader should know besides.
    pub notes: Vec<String>,
    /// Features that the target declined.
    pub declined: Vec<String>,
    /// The shared fixtures that it builds on, by the names of their set-ups.
    pub set_ups: Vec<String>,
    /// Why it did not reach its end; nothing where it did.
    pub stopped: Option<Stop>,
    /// How long it took.
    pub took: Duration,
}

/// The longest text that a verdict quotes, in bytes: a target may send headers of any length.
const QUOTED: usize = 2 * 1024;

/// A text of a verdict, cut and marked where it is too long.
pub fn cut(text: String) -> String {
    if text.len() <= QUOTED {
        return text;
    }
    let kept = text.char_indices().take_while(|(at, _)| *at < QUOTED);
    let kept: String = kept.map(|(_, c)| c).collect();
    format!("{kept}… ({} bytes)", text.len())
}

impl From<CancelReason> for Stop {
    fn from(end: CancelReason) -> Self {
        Self::Error(end.to_string())
    }
}

impl Evidence {
    /// Adds what a part of it has to show; positions are moved along.
    pub fn append(&mut self, part: Self) {
        let (checks, exchanges) = (self.checks.len(), self.exchanges.len());
        self.checks.extend(part.checks.into_iter().map(|mut check| {
            check.exchange = check.exchange.map(|index| index + exchanges);
            check
        }));
        self.exchanges.extend(part.exchanges);
        self.notes.extend(part.notes);
        self.declined.extend(part.declined);
        self.set_ups.extend(part.set_ups);
        if self.stopped.is_none() {
            self.stopped = part.stopped.map(|stop| match stop {
                Stop::Broken(index) => Stop::Broken(index + checks),
                other => other,
            });
        }
    }
}
