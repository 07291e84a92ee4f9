//! A matcher against an answer or a walk.

use serde_json::Value as Json;

use super::error_body;
use super::json;
use super::result::MatchResult;
use super::rule::{RuleOutcome, evaluate_rules};
use super::subject::{Pages, PaginationEnd, ParsedResponse, Subject};
use crate::engine::link::{Next, misleads, next_of};
use crate::engine::scope::Scope;
use crate::fixture::is_digest_of;
use crate::record::Part;
use crate::suite::{LinkText, Matcher, Rule};
use crate::template::TemplateError;

/// Holds what was seen against a matcher.
///
/// # Errors
/// When the matcher refers to something that there is not.
pub fn evaluate(
    matcher: &Matcher,
    seen: Subject<'_>,
    scope: &mut Scope<'_>,
) -> Result<MatchResult, TemplateError> {
    if let Some(when) = &matcher.when
        && (is_out(when, seen) || !evaluate(when, seen, scope)?.holds())
    {
        return Ok(MatchResult::NotAsked);
    }
    let mut tally = Tally::default();
    match seen {
        Subject::Response(response) => evaluate_page(matcher, response, scope, &mut tally)?,
        Subject::Pages(walk) => evaluate_walk(matcher, walk, scope, &mut tally)?,
    }
    if !matcher.any.is_empty() {
        evaluate_any(matcher, seen, scope, &mut tally)?;
    }
    Ok(tally.finding())
}

/// Whether an answer is another than is meant, as its status and the names of its headers tell at once: most are, and
/// need no words for it.
fn is_out(when: &Matcher, seen: Subject<'_>) -> bool {
    let Subject::Response(response) = seen else {
        return false;
    };
    let status = when.status.as_ref();
    let missing = |name: &str| !response.http.headers.contains_key(name);
    let asked = |rules: &[Rule]| rules.iter().any(|rule| matches!(rule, Rule::Present(true)));
    let mut headers = when.headers.iter();
    status.is_some_and(|status| !status.has(response.http.status))
        || headers.any(|(name, rules)| missing(name) && asked(rules))
}

/// What the parts of a matcher found.
#[derive(Default)]
struct Tally {
    expected: Vec<String>,
    actual: Vec<String>,
    broken: Option<(String, String)>,
    /// The part of the answer that is broken first.
    part: Option<Part>,
    /// Whether time could mend all that is broken.
    may_settle: bool,
}

impl Tally {
    /// Adds what was found, about a part of the answer if it is about one; whether time could mend it.
    fn add(&mut self, part: Option<Part>, outcome: RuleOutcome, may_settle: bool) {
        if outcome.holds {
            self.expected.push(outcome.expected);
            self.actual.push(outcome.actual);
            return;
        }
        self.may_settle = match self.broken {
            None => may_settle,
            Some(_) => self.may_settle && may_settle,
        };
        if self.broken.is_none() {
            self.part = part;
            self.broken = Some((outcome.expected, outcome.actual));
        }
    }

    fn finding(self) -> MatchResult {
        match self.broken {
            Some((expected, actual)) => MatchResult::Breaks {
                expected,
                actual,
                part: self.part,
                may_settle: self.may_settle,
            },
            None => MatchResult::Holds {
                expected: self.expected.join("; "),
                actual: self.actual.join("; "),
            },
        }
    }
}

fn evaluate_page(
    matcher: &Matcher,
    response: &ParsedResponse,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    if let Some(statuses) = &matcher.status {
        let status = response.http.status;
        let outcome = RuleOutcome {
            holds: statuses.has(status),
            expected: format!("status {statuses}"),
            actual: format!("status {status}"),
        };
        // What is not there yet, or is still there: no other answer tells of the past.
        let of_the_past = matches!(status, 200..=299 | 404 | 410);
        tally.add(Some(Part::Status), outcome, of_the_past);
        if !statuses.has(status) {
            // What else was expected is expected of another answer.
            return Ok(());
        }
    }
    for (name, rules) in &matcher.headers {
        let value = response.header(name).map(Json::String);
        let outcome = evaluate_rules(rules, value.as_ref(), &format!("header {name}"), scope)?;
        // A header may still tell of what was there before; one that is missing stays missing.
        tally.add(None, outcome, value.is_some());
    }
    for (name, rules) in &matcher.lines {
        let lines = Json::Array(response.lines(name).into_iter().map(Json::String).collect());
        let what = format!("the lines of header {name}");
        tally.add(
            None,
            evaluate_rules(rules, Some(&lines), &what, scope)?,
            false,
        );
    }
    if let Some(link) = matcher.link {
        tally.add(None, evaluate_link(link, response), false);
    }
    if let Some(body) = &matcher.body {
        let mut outcome = evaluate_body(&scope.bytes(body)?, &response.http.body);
        if let Some(why) = &response.http.broken {
            outcome.holds = false;
            outcome.actual = format!("{}; {why}", outcome.actual);
        }
        tally.add(Some(Part::Body), outcome, true);
    }
    if let Some(digest) = &matcher.digest {
        let outcome = evaluate_digest(&scope.text(digest)?, &response.http.body);
        tally.add(Some(Part::Body), outcome, false);
    }
    for (pointer, rules) in &matcher.json {
        let what = json::name(pointer);
        let found = response.json().and_then(|value| value.pointer(pointer));
        let outcome = match response.json() {
            Some(_) => evaluate_rules(rules, found, &what, scope)?,
            None => RuleOutcome {
                holds: false,
                expected: format!("{what} in a JSON body"),
                actual: describe_body(&response.http.body),
            },
        };
        let unread = found.is_none() || rules.iter().any(|rule| matches!(rule, Rule::Type(_)));
        tally.add(unread.then_some(Part::Form), outcome, true);
    }
    if let Some(is_json) = matcher.is_json {
        tally.add(
            None,
            RuleOutcome {
                holds: response.is_json() == is_json,
                expected: if is_json {
                    "a JSON body"
                } else {
                    "no JSON body"
                }
                .to_owned(),
                actual: describe_body(&response.http.body),
            },
            false,
        );
    }
    if !matcher.error.is_empty() {
        tally.add(None, error_body::has_code(response, &matcher.error), false);
    }
    Ok(())
}

fn evaluate_walk(
    matcher: &Matcher,
    walk: &Pages,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    let no_list = walk.end == PaginationEnd::NoList;
    let unread = no_list.then_some(Part::Form);
    if let Some(inner) = &matcher.page {
        for (index, response) in walk.pages.iter().enumerate() {
            if let MatchResult::Breaks {
                expected,
                actual,
                part,
                may_settle,
            } = evaluate(inner, Subject::Response(response), scope)?
            {
                let outcome = RuleOutcome {
                    holds: false,
                    expected: format!("on each page: {expected}"),
                    actual: format!("on page {}: {actual}", index + 1),
                };
                tally.add(part, outcome, may_settle);
                break;
            }
        }
    }
    if let Some(rules) = &matcher.items {
        let items = Json::Array(walk.items.clone());
        let outcome = evaluate_rules(rules, Some(&items), "the whole list", scope)?;
        tally.add(unread, outcome, true);
    }
    if matcher.ends == Some(true) {
        let outcome = RuleOutcome {
            holds: walk.end == PaginationEnd::Complete,
            expected: "Links that lead to an end".to_owned(),
            actual: format!("after {} pages: {}", walk.pages.len(), walk.end.describe()),
        };
        tally.add(unread, outcome, no_list);
    }
    Ok(())
}

fn evaluate_any(
    matcher: &Matcher,
    seen: Subject<'_>,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    let (mut expected, mut actual) = (Vec::new(), String::new());
    let (mut settles, mut part) = (false, None);
    for alternative in &matcher.any {
        match evaluate(alternative, seen, scope)? {
            MatchResult::Holds {
                expected, actual, ..
            } => {
                let outcome = RuleOutcome {
                    holds: true,
                    expected,
                    actual,
                };
                tally.add(None, outcome, false);
                return Ok(());
            }
            MatchResult::Breaks {
                expected: asked,
                actual: came,
                part: of,
                may_settle,
            } => {
                part = part.or(of);
                expected.push(asked);
                actual = came;
                settles |= may_settle;
            }
            MatchResult::NotAsked => {}
        }
    }
    let outcome = RuleOutcome {
        holds: false,
        expected: expected.join(", or "),
        actual,
    };
    tally.add(part, outcome, settles);
    Ok(())
}

/// The Link header (RFC 8288), read as a walk reads it.
fn evaluate_link(link: LinkText, response: &ParsedResponse) -> RuleOutcome {
    let said = response.header("link");
    let next = said.as_deref().map_or(Next::None, next_of);
    let (holds, expected) = match link {
        LinkText::Next => (
            matches!(next, Next::At(_)),
            "a Link header with a link of the relation next",
        ),
        LinkText::None => (next == Next::None, "no Link to a next page"),
        LinkText::Formed => (
            !matches!(next, Next::Malformed(_)),
            "a Link header that is well formed, or none",
        ),
        LinkText::Forward => (
            match next {
                Next::At(_) => true,
                Next::None => !said.as_deref().is_some_and(misleads),
                Next::Malformed(_) => false,
            },
            "a Link header that leads forward, or none",
        ),
    };
    RuleOutcome {
        holds,
        expected: expected.to_owned(),
        actual: match said {
            Some(said) => format!("header Link `{said}`"),
            None => "header Link absent".to_owned(),
        },
    }
}

fn evaluate_body(expected: &[u8], actual: &[u8]) -> RuleOutcome {
    let holds = expected == actual;
    let difference = expected
        .iter()
        .zip(actual)
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| expected.len().min(actual.len()));
    RuleOutcome {
        holds,
        expected: format!("the {} bytes that were pushed", expected.len()),
        actual: if holds {
            format!("the same {} bytes", actual.len())
        } else {
            format!(
                "{} bytes, which differ from byte {difference} on",
                actual.len()
            )
        },
    }
}

/// A digest of an algorithm that nobody here can compute is not held against anything.
fn evaluate_digest(digest: &str, actual: &[u8]) -> RuleOutcome {
    let holds = is_digest_of(digest, actual) != Some(false);
    RuleOutcome {
        holds,
        expected: format!("the bytes of {digest}"),
        actual: match holds {
            true => format!("{} bytes of that digest", actual.len()),
            false => format!("{} bytes of another digest", actual.len()),
        },
    }
}

/// A body that was to be JSON, in words.
fn describe_body(body: &[u8]) -> String {
    match body.len() {
        0 => "an empty body".to_owned(),
        length => format!("a body of {length} bytes that is no JSON"),
    }
}
