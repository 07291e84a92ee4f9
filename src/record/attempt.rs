//! The attempts at a case that failed before its last one, where the user lets failing cases be retried.

use serde::{Deserialize, Serialize};

use super::{Check, Exchange};

/// An attempt that failed, before the last one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::CheckVerdict;
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
