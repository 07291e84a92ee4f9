//! `any`: alternatives, one of which must hold.

use super::outcome::WordOutcome;
use crate::engine::matching::result::MatchResult;
use crate::engine::matching::settling::Settling;
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
    let (mut settles, mut first_part) = (Settling::Never, None);
    for alternative in alternatives {
        match evaluate(alternative)? {
            MatchResult::Conforms { expected, actual } => {
                return Ok(WordOutcome::lasting(true, expected, actual));
            }
            MatchResult::Violates {
                expected,
                actual,
                part,
                settling,
            } => {
                all_expected.push(expected);
                // The first alternative is the ordinary one: what came is said in its terms.
                first_actual.get_or_insert(actual);
                first_part = first_part.or(part);
                settles = settles.any(settling);
            }
            MatchResult::NotApplicable => {}
        }
    }
    let actual = first_actual.unwrap_or_default();
    let outcome = WordOutcome::lasting(false, all_expected.join(", or "), actual);
    Ok(WordOutcome {
        part: first_part,
        ..outcome.settling(settles)
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

    fn breaks(status: u16, settling: Settling) -> MatchResult {
        MatchResult::Violates {
            expected: format!("status {status}"),
            actual: "status 500".to_owned(),
            part: Some(Part::Status),
            settling,
        }
    }

    #[test]
    fn one_alternative_is_enough() {
        let holds = MatchResult::Conforms {
            expected: "status 202".to_owned(),
            actual: "status 202".to_owned(),
        };
        let outcome = check_all(vec![breaks(200, Settling::Arrival), holds]);
        assert!(outcome.rule.holds);
        assert_eq!(outcome.rule.expected, "status 202");
    }

    #[test]
    fn all_violated_alternatives_are_named() {
        let outcome = check_all(vec![
            breaks(200, Settling::Never),
            breaks(404, Settling::Removal),
        ]);
        assert!(!outcome.rule.holds);
        assert_eq!(outcome.rule.settling, Settling::Removal);
        assert_eq!(outcome.rule.expected, "status 200, or status 404");
        assert_eq!(outcome.rule.actual, "status 500");
        assert_eq!(outcome.part, Some(Part::Status));
    }

    #[test]
    fn an_alternative_that_does_not_apply_does_not_hold() {
        assert!(!check_all(vec![MatchResult::NotApplicable]).rule.holds);
    }
}
