//! The outcomes of the words of a matcher, added up.

use super::result::MatchResult;
use super::settling::Settling;
use super::words::WordOutcome;
use crate::record::Part;

/// The outcomes of the words of a matcher, added up.
#[derive(Debug, Default)]
pub struct Tally {
    expected: Vec<String>,
    actual: Vec<String>,
    /// The first violation: what was expected, and what came.
    broken: Option<(String, String)>,
    /// The part of the response that the first violation is about.
    part: Option<Part>,
    /// How a later response may meet all words that are violated.
    settling: Option<Settling>,
}

impl Tally {
    pub fn add(&mut self, outcome: WordOutcome) {
        let rule = outcome.rule;
        if rule.holds {
            self.expected.push(rule.expected);
            self.actual.push(rule.actual);
            return;
        }
        let settling = rule.settling;
        self.settling = Some(self.settling.map_or(settling, |known| known.all(settling)));
        if self.broken.is_some() {
            return;
        }
        self.part = outcome.part;
        self.broken = Some((rule.expected, rule.actual));
    }

    pub fn result(self) -> MatchResult {
        match self.broken {
            Some((expected, actual)) => MatchResult::Violates {
                expected,
                actual,
                part: self.part,
                settling: self.settling.unwrap_or(Settling::Never),
            },
            None => MatchResult::Conforms {
                expected: self.expected.join("; "),
                actual: self.actual.join("; "),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(outcomes: Vec<WordOutcome>) -> MatchResult {
        let mut tally = Tally::default();
        outcomes.into_iter().for_each(|outcome| tally.add(outcome));
        tally.result()
    }

    fn word(holds: bool, name: &str) -> WordOutcome {
        WordOutcome::lasting(holds, format!("expected {name}"), format!("actual {name}"))
    }

    #[test]
    fn words_that_hold_are_joined() {
        let result = tally(vec![word(true, "a"), word(true, "b")]);
        let (expected, actual) = ("expected a; expected b", "actual a; actual b");
        let holds = MatchResult::Conforms {
            expected: expected.to_owned(),
            actual: actual.to_owned(),
        };
        assert_eq!(result, holds);
    }

    #[test]
    fn the_first_violation_is_told_and_all_of_them_must_settle() {
        let status = || {
            word(false, "a")
                .about(Part::Status)
                .settling(Settling::Arrival)
        };
        let breaks = |settling| MatchResult::Violates {
            expected: "expected a".to_owned(),
            actual: "actual a".to_owned(),
            part: Some(Part::Status),
            settling,
        };
        let one = tally(vec![word(true, "b"), status()]);
        assert_eq!(one, breaks(Settling::Arrival));
        let two = tally(vec![status(), word(false, "c")]);
        assert_eq!(two, breaks(Settling::Never));
    }
}
