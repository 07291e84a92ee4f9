//! The attempts at a case that failed before its last one, where the user lets failing cases be retried.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Case, Check, CheckVerdict, Exchange};

/// An attempt that failed, before the last one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// How long it took.
    pub duration_ms: u64,
    /// The checks that failed. Their positions of exchanges are those in `exchanges` below.
    pub checks: Vec<Check>,
    /// The exchanges that these checks judged.
    pub exchanges: Vec<Exchange>,
}

impl Attempt {
    /// The failed checks of an attempt, with the exchanges that they judged.
    pub(crate) fn of<'a>(
        checks: impl Iterator<Item = &'a Check>,
        exchanges: &[Exchange],
        duration_ms: u64,
    ) -> Self {
        let mut kept = Self {
            duration_ms,
            checks: Vec::new(),
            exchanges: Vec::new(),
        };
        let mut positions: Vec<usize> = Vec::new();
        for check in checks {
            let judged = check.exchange.and_then(|at| Some((at, exchanges.get(at)?)));
            let exchange = judged.map(|(at, exchange)| {
                let known = positions.iter().position(|position| *position == at);
                known.unwrap_or_else(|| {
                    positions.push(at);
                    kept.exchanges.push(exchange.clone());
                    kept.exchanges.len() - 1
                })
            });
            kept.checks.push(Check {
                exchange,
                ..check.clone()
            });
        }
        kept
    }
}

impl Case {
    /// Removes from the earlier attempts what the last attempt shows, too, and leaves to another case: it did not pass when
    /// it was retried.
    pub(super) fn drop_attributed_attempts(&mut self) {
        let checks = self.checks.iter();
        let left = checks.filter(|check| check.verdict == CheckVerdict::Blocked);
        let left: Vec<&str> = left.map(|check| check.requirement.as_str()).collect();
        for attempt in &mut self.attempts {
            let own = |check: &&Check| !left.contains(&check.requirement.as_str());
            let checks = attempt.checks.iter().filter(own);
            *attempt = Attempt::of(checks, &attempt.exchanges, attempt.duration_ms);
        }
        self.attempts.retain(|attempt| !attempt.checks.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn an_attempt_keeps_the_exchanges_of_its_failed_checks() {
        let run = sample::all_states();
        let cases = run.cases.iter();
        for case in cases.filter(|case| !case.exchanges.is_empty()) {
            let failed = || {
                let checks = case.checks.iter();
                checks.filter(|check| check.verdict == CheckVerdict::Fail)
            };
            let attempt = Attempt::of(failed(), &case.exchanges, 3);
            assert_eq!(attempt.checks.len(), failed().count());
            for (kept, check) in attempt.checks.iter().zip(failed()) {
                let kept = kept.exchange.and_then(|at| attempt.exchanges.get(at));
                let judged = check.exchange.and_then(|at| case.exchanges.get(at));
                assert_eq!(kept, judged);
            }
        }
    }
}
