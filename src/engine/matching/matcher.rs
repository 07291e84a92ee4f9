//! Comparing a response, or the pages of a list, with a matcher.

use super::result::MatchResult;
use super::subject::{Pages, ParsedResponse, Subject};
use super::tally::Tally;
use super::words::{
    any, body, digest, ends, error, header, is_json, items, json, lines, link, page, part, status,
};
use crate::engine::scope::Scope;
use crate::suite::{Matcher, Rule};
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
    // A new word does not compile until it stands here and in one of the functions below.
    let Matcher {
        when,
        status: _,
        headers: _,
        lines: _,
        link: _,
        body: _,
        part: _,
        digest: _,
        json: _,
        error: _,
        is_json: _,
        page: _,
        items: _,
        ends: _,
        any,
    } = matcher;
    if let Some(when) = when
        && !evaluate(when, subject, scope)?.conforms()
    {
        return Ok(MatchResult::NotApplicable);
    }
    let mut tally = Tally::default();
    match subject {
        Subject::Response(response) => add_response(matcher, response, scope, &mut tally)?,
        Subject::Pages(pages) => add_pages(matcher, pages, scope, &mut tally)?,
    }
    if !any.is_empty() {
        let outcome = any::check(any, |one| evaluate(one, subject, scope))?;
        tally.add(outcome);
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

fn add_response(
    matcher: &Matcher,
    response: &ParsedResponse,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    if let Some(statuses) = &matcher.status {
        tally.add(status::check(statuses, response));
        if !statuses.has(response.http.status) {
            // The other expectations are about a response with another status.
            return Ok(());
        }
    }
    for (name, rules) in &matcher.headers {
        tally.add(header::check(name, rules, response, scope)?);
    }
    for (name, rules) in &matcher.lines {
        tally.add(lines::check(name, rules, response, scope)?);
    }
    if let Some(link) = matcher.link {
        tally.add(link::check(link, response));
    }
    if let Some(body) = &matcher.body {
        tally.add(body::check(&scope.bytes(body)?, response));
    }
    if let Some(part) = &matcher.part {
        let chunk = scope.value(part)?;
        let start = match chunk.get("start") {
            Some(Value::Number(start)) => *start,
            _ => 0,
        };
        tally.add(part::check(&scope.bytes(part)?, start, response));
    }
    if let Some(digest) = &matcher.digest {
        tally.add(digest::check(&scope.text(digest)?, response));
    }
    for (pointer, rules) in &matcher.json {
        tally.add(json::check(pointer, rules, response, scope)?);
    }
    if let Some(wanted) = matcher.is_json {
        tally.add(is_json::check(wanted, response));
    }
    if !matcher.error.is_empty() {
        tally.add(error::check(&matcher.error, response));
    }
    Ok(())
}

fn add_pages(
    matcher: &Matcher,
    pages: &Pages,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    if let Some(inner) = &matcher.page {
        let evaluate = |page: &ParsedResponse| evaluate(inner, Subject::Response(page), scope);
        if let Some(outcome) = page::check(pages, evaluate)? {
            tally.add(outcome);
        }
    }
    if let Some(rules) = &matcher.items {
        tally.add(items::check(rules, pages, scope)?);
    }
    if matcher.ends {
        tally.add(ends::check(pages));
    }
    Ok(())
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
