//! What a case has to show when it is over.

use std::time::Duration;

use super::ending::End;
use crate::record::{Check, Exchange};

/// What became of a case, a fixture's push, or a part of them.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// What was checked, in order.
    pub checks: Vec<Judged>,
    /// Requests and answers, in order.
    pub exchanges: Vec<Exchange>,
    /// What a reader should know besides.
    pub notes: Vec<String>,
    /// Features that the target declined.
    pub declined: Vec<String>,
    /// Why it did not reach its end; nothing where it did.
    pub stopped: Option<Stop>,
    /// How long it took.
    pub took: Duration,
}

/// A check, and whether it is the case's own.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The check.
    pub check: Check,
    /// The procedure that it belongs to, where the case only borrows it: then another case tests it.
    pub borrowed: Option<String>,
}

/// Why a case did not reach its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The target declined the feature that it is about.
    Declined,
    /// A step on which the rest builds was not answered as expected: the check with this position says how.
    Broken(usize),
    /// What it builds on was not there: the name of the set-up.
    Blocked(String),
    /// A write was sent and not answered, so that nobody knows whether it was done: why.
    Lost(String),
    /// No answer came, or the case cannot be run: why.
    Error(String),
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

impl From<End> for Stop {
    fn from(end: End) -> Self {
        Self::Error(end.to_string())
    }
}

impl Evidence {
    /// Adds what a part of it has to show; positions are moved along.
    pub fn append(&mut self, part: Self) {
        let (checks, exchanges) = (self.checks.len(), self.exchanges.len());
        self.checks
            .extend(part.checks.into_iter().map(|mut judged| {
                judged.check.exchange = judged.check.exchange.map(|index| index + exchanges);
                judged
            }));
        self.exchanges.extend(part.exchanges);
        self.notes.extend(part.notes);
        self.declined.extend(part.declined);
        if self.stopped.is_none() {
            self.stopped = part.stopped.map(|stop| match stop {
                Stop::Broken(index) => Stop::Broken(index + checks),
                other => other,
            });
        }
    }
}
