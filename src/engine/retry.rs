//! Retrying a case whose write got no response: the effect of the write is unknown, so the write itself is not repeated.
//! The whole case is, from its beginning and with new content. After a time-out only once: what hangs again keeps hanging, and
//! each attempt takes the whole time-out. A write that a gateway answers with 502 or 504 counts as without a response
//! (`engine::gateway`).
//!
//! A case in which a second look at a read showed its write is run once more too, with all patience.

use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use crate::fixture::Seed;
use crate::record::Check;

/// The most attempts at a case, or at the push of a fixture.
const MAX_ATTEMPTS: usize = 8;

/// The most attempts where the connection of the last write was closed, and the registry answers other requests: where one
/// response in fifty is lost, a case with fifty writes loses one in two of three attempts.
const MAX_ATTEMPTS_CLOSED: usize = 20;

/// In how many attempts in a row the connection must be closed in place of the response to the same write, for a violation.
const MIN_CLOSED: usize = 5;

/// The attempts at a case, or at the push of a fixture.
#[derive(Debug)]
pub struct CaseRetry {
    seed: Seed,
    count: usize,
    /// Whether a write of the attempt before timed out.
    timed_out: bool,
    notes: Vec<String>,
    /// Whether reads are repeated for the whole time to settle.
    patient: bool,
    /// The write whose connection was closed in the last attempt.
    closed: Option<ClosedWrite>,
}

/// A write whose connection was closed. Where responses are lost at random, a case with many writes of one kind loses another
/// one in each attempt.
#[derive(Debug)]
struct ClosedWrite {
    /// The requirement of its check.
    requirement: String,
    /// The procedure that sent it.
    procedure: Option<String>,
    /// The position of its exchange.
    exchange: Option<usize>,
    /// In how many attempts in a row it was closed.
    attempts: usize,
}

impl ClosedWrite {
    /// The write of a failed check, closed in one more attempt than the write that was closed in the attempt before.
    fn after(before: Option<Self>, check: &Check) -> Self {
        let same = |one: &Self| {
            one.requirement == check.requirement
                && one.procedure == check.via_procedure
                && one.exchange == check.exchange
        };
        let attempts = before.filter(same).map_or(0, |one| one.attempts);
        Self {
            requirement: check.requirement.clone(),
            procedure: check.via_procedure.clone(),
            exchange: check.exchange,
            attempts: attempts + 1,
        }
    }
}

impl CaseRetry {
    pub fn new(seed: Seed) -> Self {
        Self {
            seed,
            count: 0,
            timed_out: false,
            notes: Vec::new(),
            patient: false,
            closed: None,
        }
    }

    /// The seed of the next attempt's names and content: each attempt has its own.
    pub fn seed(&self) -> Seed {
        match self.count {
            0 => self.seed.clone(),
            count => self.seed.of(&format!("again-{count}")),
        }
    }

    /// Whether the reads of the next attempt are repeated for the whole time to settle.
    pub fn is_patient(&self) -> bool {
        self.patient
    }

    /// Whether another attempt follows. A violation that an attempt found stands: then none follows.
    pub fn should_retry(&mut self, context: &RunContext, evidence: &mut Evidence) -> bool {
        if std::mem::take(&mut evidence.shown_late) && !self.patient {
            self.patient = true;
            self.count += 1;
            let note = "A read showed a write late: the case was run again with new content";
            self.notes.push(note.to_owned());
            return true;
        }
        let most = match evidence.closed {
            Some(_) => MAX_ATTEMPTS_CLOSED,
            None => MAX_ATTEMPTS,
        };
        self.judge_closed(evidence);
        let broken = evidence
            .checks
            .iter()
            .any(|check| check.verdict.is_broken());
        let unanswered = match &evidence.stopped {
            Some(Stop::WriteUnanswered(why)) if !broken && !context.target_is_gone() => Some(why),
            _ => None,
        };
        self.count += 1;
        let hangs = evidence.timed_out.take().is_some_and(|kind| {
            let unanswered = &context.unanswered;
            if self.timed_out {
                unanswered.hangs(kind.clone());
            }
            self.timed_out = true;
            unanswered.is_hanging(&kind)
        });
        let unanswered = unanswered.filter(|_| !hangs);
        if let Some(why) = unanswered.filter(|_| self.count < most) {
            context.count_retry();
            self.notes.push(format!(
                "A write got no response ({why}): the case was retried with new content"
            ));
            return true;
        }
        evidence.notes.splice(0..0, self.notes.drain(..));
        false
    }

    /// Turns a write whose connection is closed in every attempt into a violation.
    fn judge_closed(&mut self, evidence: &mut Evidence) {
        let Some(check) = evidence.closed.take() else {
            self.closed = None;
            return;
        };
        let write = ClosedWrite::after(self.closed.take(), &check);
        let attempts = write.attempts;
        self.closed = Some(write);
        if attempts < MIN_CLOSED {
            return;
        }
        self.notes = vec![format!(
            "The registry closed the connection in {MIN_CLOSED} attempts, each with new content, and answered other requests in between"
        )];
        evidence.stopped = Some(Stop::Broken(evidence.checks.len()));
        evidence.checks.push(check);
    }
}
