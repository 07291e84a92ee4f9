//! `any`: alternatives, one of which must hold.

use super::outcome::WordOutcome;
use crate::engine::matching::result::MatchResult;
use crate::suite::Matcher;

/// The outcome of the first alternative that holds; otherwise of all of them. `evaluate` compares with one.
///
/// # Errors
/// What `evaluate` returns.
pub fn check<E>(
    alternatives: &[Matcher],
    mut evaluate: impl FnMut(&Matcher) -> Result<MatchResult, E>,
) -> Result<WordOutcome, E> {
    let (mut all_expected, mut first_actual) = (Vec::new(), None);
    let (mut settles, mut first_part) = (false, None);
    for alternative in alternatives {
        match evaluate(alternative)? {
            MatchResult::Conforms { expected, actual } => {
                return Ok(WordOutcome::lasting(true, expected, actual));
            }
            MatchResult::Violates {
                expected,
                actual,
                part,
                may_settle,
            } => {
                all_expected.push(expected);
                // The first alternative is the ordinary one: what came is said in its terms.
                first_actual.get_or_insert(actual);
                first_part = first_part.or(part);
                settles |= may_settle;
            }
            MatchResult::NotApplicable => {}
        }
    }
    Ok(WordOutcome {
        part: first_part,
        may_settle: settles,
        ..WordOutcome::lasting(
            false,
            all_expected.join(", or "),
            first_actual.unwrap_or_default(),
        )
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::record::Part;

    fn check_all(results: Vec<MatchResult>) -> WordOutcome {
        let alternatives: Vec<Matcher> = results.iter().map(|_| Matcher::default()).collect();
        let mut results = results.into_iter();
        let evaluate = |_: &Matcher| {
            let next = results.next().unwrap_or(MatchResult::NotApplicable);
            Ok::<_, Infallible>(next)
        };
        let Ok(outcome) = check(&alternatives, evaluate);
        outcome
    }

    fn breaks(status: u16, may_settle: bool) -> MatchResult {
        MatchResult::Violates {
            expected: format!("status {status}"),
            actual: "status 500".to_owned(),
            part: Some(Part::Status),
            may_settle,
        }
    }

    #[test]
    fn one_alternative_is_enough() {
        let holds = MatchResult::Conforms {
            expected: "status 202".to_owned(),
            actual: "status 202".to_owned(),
        };
        let outcome = check_all(vec![breaks(200, true), holds]);
        assert!(outcome.rule.holds);
        assert_eq!(outcome.rule.expected, "status 202");
    }

    #[test]
    fn all_violated_alternatives_are_named() {
        let outcome = check_all(vec![breaks(200, false), breaks(404, true)]);
        assert!(!outcome.rule.holds && outcome.may_settle);
        assert_eq!(outcome.rule.expected, "status 200, or status 404");
        assert_eq!(outcome.rule.actual, "status 500");
        assert_eq!(outcome.part, Some(Part::Status));
    }

    #[test]
    fn an_alternative_that_does_not_apply_does_not_hold() {
        assert!(!check_all(vec![MatchResult::NotApplicable]).rule.holds);
    }
}
