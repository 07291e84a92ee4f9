//! Comparing a response, or the pages of a list, with a matcher.

use super::result::MatchResult;
use super::subject::{Pages, ParsedResponse, Subject};
use super::tally::Tally;
use super::words::{
    WordOutcome, any, body, digest, ends, error, header, is_json, items, json, lines, link, page,
    part, status,
};
use crate::engine::scope::Scope;
use crate::suite::{Matcher, MatcherWord, Rule};
use crate::template::{TemplateError, Value};

/// Compares a response, or the pages of a list, with a matcher.
///
/// # Errors
/// When a reference of the matcher cannot be resolved.
pub fn evaluate(
    matcher: &Matcher,
    subject: Subject<'_>,
    scope: &mut Scope<'_>,
) -> Result<MatchResult, TemplateError> {
    if cannot_apply(matcher, subject) {
        return Ok(MatchResult::NotApplicable);
    }
    if let Some(when) = &matcher.when
        && !evaluate(when, subject, scope)?.conforms()
    {
        return Ok(MatchResult::NotApplicable);
    }
    let mut tally = Tally::default();
    let mut other_status = false;
    for word in matcher.words() {
        let outcome = match (word, subject) {
            (MatcherWord::Any(all), _) => {
                Some(any::check(all, |one| evaluate(one, subject, scope))?)
            }
            // The other expectations are about a response with another status.
            (_, Subject::Response(_)) if other_status => None,
            (word, Subject::Response(response)) => of_response(word, response, scope)?,
            (word, Subject::Pages(pages)) => of_pages(word, pages, scope)?,
        };
        if let (MatcherWord::Status(statuses), Subject::Response(response)) = (word, subject) {
            other_status = !statuses.has(response.http.status);
        }
        if let Some(outcome) = outcome {
            tally.add(outcome);
        }
    }
    Ok(tally.result())
}

/// Whether the status or the names of the headers show that the condition of a matcher is not met. Most responses are of
/// this kind, and need no texts.
pub fn cannot_apply(matcher: &Matcher, subject: Subject<'_>) -> bool {
    let (Some(when), Subject::Response(response)) = (&matcher.when, subject) else {
        return false;
    };
    let status = when.status.as_ref();
    let missing = |name: &str| !response.http.headers.contains_key(name);
    let wanted = |rules: &[Rule]| rules.iter().any(|rule| matches!(rule, Rule::Present(true)));
    let mut headers = when.headers.iter();
    status.is_some_and(|status| !status.has(response.http.status))
        || headers.any(|(name, rules)| missing(name) && wanted(rules))
}

/// The outcome of a word for one response; none of one for pages.
fn of_response(
    word: MatcherWord<'_>,
    response: &ParsedResponse,
    scope: &mut Scope<'_>,
) -> Result<Option<WordOutcome>, TemplateError> {
    Ok(Some(match word {
        MatcherWord::Status(statuses) => status::check(statuses, response),
        MatcherWord::Header(name, rules) => header::check(name, rules, response, scope)?,
        MatcherWord::Lines(name, rules) => lines::check(name, rules, response, scope)?,
        MatcherWord::Link(link) => link::check(link, response),
        MatcherWord::Body(body) => body::check(&scope.bytes(body)?, response),
        MatcherWord::Part(part) => {
            let chunk = scope.value(part)?;
            let start = match chunk.get("start") {
                Some(Value::Number(start)) => *start,
                _ => 0,
            };
            part::check(&scope.bytes(part)?, start, response)
        }
        MatcherWord::Digest(digest) => digest::check(&scope.text(digest)?, response),
        MatcherWord::Json(pointer, rules) => json::check(pointer, rules, response, scope)?,
        MatcherWord::IsJson(wanted) => is_json::check(wanted, response),
        MatcherWord::Error(codes) => error::check(codes, response),
        MatcherWord::Page(_) | MatcherWord::Items(_) | MatcherWord::Ends | MatcherWord::Any(_) => {
            return Ok(None);
        }
    }))
}

/// The outcome of a word for the pages of a list; none of one for a response, or if no page is one to judge.
fn of_pages(
    word: MatcherWord<'_>,
    pages: &Pages,
    scope: &mut Scope<'_>,
) -> Result<Option<WordOutcome>, TemplateError> {
    match word {
        MatcherWord::Page(inner) => {
            let evaluate = |page: &ParsedResponse| evaluate(inner, Subject::Response(page), scope);
            page::check(pages, evaluate)
        }
        MatcherWord::Items(rules) => items::check(rules, pages, scope).map(Some),
        MatcherWord::Ends => Ok(Some(ends::check(pages))),
        MatcherWord::Status(_)
        | MatcherWord::Header(..)
        | MatcherWord::Lines(..)
        | MatcherWord::Link(_)
        | MatcherWord::Body(_)
        | MatcherWord::Part(_)
        | MatcherWord::Digest(_)
        | MatcherWord::Json(..)
        | MatcherWord::IsJson(_)
        | MatcherWord::Error(_)
        | MatcherWord::Any(_) => Ok(None),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::{response, with_scope};
    use crate::suite::Statuses;

    fn of_status(status: u16) -> Matcher {
        let ranges = vec![(status, status)];
        Matcher {
            status: Some(Statuses { ranges }),
            ..Matcher::default()
        }
    }

    fn result(matcher: &Matcher, response: &ParsedResponse) -> MatchResult {
        let subject = Subject::Response(response);
        with_scope(|scope| evaluate(matcher, subject, scope).unwrap())
    }

    #[test]
    fn a_condition_that_is_not_met_asks_nothing() {
        let matcher = Matcher {
            when: Some(Box::new(of_status(404))),
            is_json: Some(true),
            ..Matcher::default()
        };
        let text = "not found";
        let result = |status| result(&matcher, &response(status, &[], text));
        assert_eq!(result(200), MatchResult::NotApplicable);
        assert!(result(404).violates());
    }

    #[test]
    fn with_another_status_the_other_words_are_not_checked() {
        let matcher = Matcher {
            headers: vec![("location".to_owned(), vec![Rule::Present(true)])],
            ..of_status(201)
        };
        let MatchResult::Violates { actual, .. } = result(&matcher, &response(202, &[], "")) else {
            unreachable!()
        };
        assert_eq!(actual, "status 202");
        let MatchResult::Violates { actual, .. } = result(&matcher, &response(201, &[], "")) else {
            unreachable!()
        };
        assert_eq!(actual, "header location absent");
    }

    #[test]
    fn one_of_the_alternatives_must_hold() {
        let matcher = Matcher {
            any: vec![of_status(200), of_status(404)],
            ..Matcher::default()
        };
        assert!(result(&matcher, &response(404, &[], "")).conforms());
        assert!(result(&matcher, &response(500, &[], "")).violates());
    }
}
