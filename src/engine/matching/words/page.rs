//! `page`: a matcher for each page of a list.

use super::outcome::WordOutcome;
use crate::engine::matching::result::MatchResult;
use crate::engine::matching::subject::{Pages, ParsedResponse};

/// The outcome for the first page that violates the matcher, which `evaluate` compares with a page.
///
/// # Errors
/// What `evaluate` returns.
pub fn check<E>(
    pages: &Pages,
    mut evaluate: impl FnMut(&ParsedResponse) -> Result<MatchResult, E>,
) -> Result<Option<WordOutcome>, E> {
    for (response, number) in pages.pages.iter().zip(1..) {
        if let MatchResult::Violates {
            expected,
            actual,
            part,
            settling,
        } = evaluate(response)?
        {
            let expected = format!("each page: {expected}");
            let outcome = WordOutcome::lasting(false, expected, format!("page {number}: {actual}"));
            return Ok(Some(WordOutcome {
                part,
                ..outcome.settling(settling)
            }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::engine::matching::settling::Settling;
    use crate::engine::matching::testing::pages;
    use crate::record::Part;

    fn check_status(statuses: &[u16]) -> Option<WordOutcome> {
        let evaluate = |page: &ParsedResponse| {
            Ok::<_, Infallible>(match page.http.status {
                200 => MatchResult::NotApplicable,
                status => MatchResult::Violates {
                    expected: "status 200".to_owned(),
                    actual: format!("status {status}"),
                    part: Some(Part::Status),
                    settling: Settling::Arrival,
                },
            })
        };
        let Ok(outcome) = check(&pages(statuses, &[]), evaluate);
        outcome
    }

    #[test]
    fn the_first_wrong_page_is_named() {
        assert_eq!(check_status(&[200, 200]), None);
        let Some(outcome) = check_status(&[200, 404, 500]) else {
            unreachable!()
        };
        assert_eq!(outcome.rule.expected, "each page: status 200");
        assert_eq!(outcome.rule.actual, "page 2: status 404");
        assert_eq!(
            (outcome.part, outcome.rule.settling),
            (Some(Part::Status), Settling::Arrival)
        );
    }

    #[test]
    fn without_pages_there_is_nothing_to_check() {
        assert_eq!(check_status(&[]), None);
    }
}
