//! The evidence of a case: checks, exchanges and why it stopped.

use std::time::{Duration, Instant};

use super::cancel::CancelReason;
use super::event::Reason;
use super::unanswered::WriteKind;
use crate::data;
pub use crate::record::Stop;
use crate::record::{Attempt, Check, CheckVerdict, Exchange, Verdict, millis, verdict};

/// The evidence of a case, of a fixture's push, or of a part of them.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// In the order of the steps.
    pub checks: Vec<Check>,
    /// Requests and responses, in order.
    pub exchanges: Vec<Exchange>,
    /// Why it is declined or skipped; `stopped` has the reason of any other end.
    pub reason: Option<String>,
    /// Remarks for the report.
    pub notes: Vec<String>,
    /// Features that the target declined.
    pub declined: Vec<String>,
    /// The shared fixtures that it uses, by the names of their set-ups.
    pub set_ups: Vec<String>,
    /// The kind of the write that timed out, where that stopped it.
    pub timed_out: Option<WriteKind>,
    /// Why it did not reach its end; absent where it did.
    pub stopped: Option<Stop>,
    /// The check that fails if the connection is closed in place of the response to the last write in every attempt.
    pub closed: Option<Check>,
    /// Whether a read showed a write that reads before it had missed for a shorter time than the whole time to settle.
    pub shown_late: bool,
    /// How many requests were sent, without retries and redirects.
    pub requests: usize,
    /// When it began and ended, where it is the evidence of a whole case.
    pub ran: Option<(Instant, Instant)>,
    /// The attempts that failed before this one.
    pub failed: Vec<Attempt>,
    /// How long it took.
    pub took: Duration,
}

/// The longest text of a check, in bytes: a target may send headers of any length.
const MAX_QUOTED: usize = 2 * 1024;

/// A text of a check, cut and marked where it is too long.
pub fn cut(text: String) -> String {
    data::cut(text, MAX_QUOTED)
}

impl From<CancelReason> for Stop {
    fn from(end: CancelReason) -> Self {
        Self::Error(end.to_string())
    }
}

impl Evidence {
    /// The evidence of a case that stopped before its first request.
    pub fn stopped(stop: Stop, reason: Option<String>) -> Self {
        Self {
            reason,
            stopped: Some(stop),
            ..Self::default()
        }
    }

    /// Adds a part; the positions that it refers to are shifted.
    pub fn append(&mut self, part: Self) {
        let (checks, exchanges) = (self.checks.len(), self.exchanges.len());
        self.checks.extend(part.checks.into_iter().map(|mut check| {
            check.exchange = check.exchange.map(|index| index + exchanges);
            check
        }));
        if self.closed.is_none() {
            self.closed = part.closed.map(|check| Check {
                exchange: check.exchange.map(|index| index + exchanges),
                ..check
            });
        }
        self.exchanges.extend(part.exchanges);
        self.notes.extend(part.notes);
        if let Some(reason) = part.reason {
            self.notes.extend(self.reason.replace(reason));
        }
        self.declined.extend(part.declined);
        self.set_ups.extend(part.set_ups);
        self.requests += part.requests;
        self.shown_late |= part.shown_late;
        self.timed_out = self.timed_out.take().or(part.timed_out);
        if self.stopped.is_none() {
            self.stopped = part.stopped.map(|stop| match stop {
                Stop::Broken(index) => Stop::Broken(index + checks),
                other => other,
            });
        }
    }

    /// Removes the violations among the checks from position `first` on.
    pub fn drop_violations_from(&mut self, first: usize) {
        let mut later = self.checks.split_off(first.min(self.checks.len()));
        later.retain(|check| !check.verdict.is_broken());
        self.checks.append(&mut later);
    }

    /// The verdict of a case by itself: another case may yet keep its failure.
    pub fn verdict(&self) -> Verdict {
        verdict(&self.checks, self.stopped.as_ref(), &self.declined)
    }

    /// Its failed checks, as an attempt that another one follows.
    pub fn as_failed_attempt(&self) -> Attempt {
        let checks = self.checks.iter();
        let failed = checks.filter(|check| check.verdict == CheckVerdict::Fail);
        Attempt::of(failed, &self.exchanges, millis(self.took))
    }

    /// The first violated MUST, or the reason why there is no verdict, as far as the case itself shows it.
    pub fn bad_end(&self) -> Option<Reason> {
        let mut checks = self.checks.iter();
        if let Some(check) = checks.find(|check| check.verdict == CheckVerdict::Fail) {
            return Some(Reason::Deviates {
                requirement: check.requirement.clone(),
                message: check.message.clone(),
            });
        }
        match self.stopped.as_ref()? {
            // Whether a violation explains it is known once all cases are over.
            Stop::Missing(_) => None,
            stop => stop.reason().map(Reason::NoVerdict),
        }
    }
}
