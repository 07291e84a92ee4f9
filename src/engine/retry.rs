//! A case whose write was sent and never answered: whether it was done nobody knows, so it is not sent again.
//! The whole case is, from its beginning and with content of its own, which is safe whatever it does.

use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use crate::fixture::Seed;

/// How often a case, or the push of a fixture, is run at most: where one answer in fifty is lost, a long case loses one in
/// every other attempt.
const MOST: usize = 8;

/// The attempts at a case, or at the push of a fixture.
#[derive(Debug)]
pub struct CaseRetry {
    seed: Seed,
    count: usize,
    notes: Vec<String>,
}

impl CaseRetry {
    /// None yet, with names and content from `seed`.
    pub fn new(seed: Seed) -> Self {
        Self {
            seed,
            count: 0,
            notes: Vec::new(),
        }
    }

    /// Where the next attempt's names and content come from: each has its own.
    pub fn seed(&self) -> Seed {
        match self.count {
            0 => self.seed.clone(),
            count => self.seed.of(&format!("again-{count}")),
        }
    }

    /// Whether there is to be another attempt after this one. What an attempt found broken stands: then there
    /// is none.
    pub fn should_retry(&mut self, context: &RunContext, evidence: &mut Evidence) -> bool {
        let broken = evidence
            .checks
            .iter()
            .any(|check| check.verdict.is_broken());
        let again = match &evidence.stopped {
            Some(Stop::WriteUnanswered(why)) if !broken && !context.target_is_gone() => Some(why),
            _ => None,
        };
        self.count += 1;
        if let Some(why) = again.filter(|_| self.count < MOST) {
            context.run_again();
            self.notes.push(format!(
                "a write was not answered ({why}): it was all run again from the beginning, with content of its own"
            ));
            return true;
        }
        evidence.notes.splice(0..0, self.notes.drain(..));
        false
    }
}
