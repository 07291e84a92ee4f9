//! A matcher against an answer or a walk.

use serde_json::Value as Json;

use super::error_body;
use super::rule::{Held, holds_all};
use super::{Ending, Finding, Page, Seen, Walk, json};
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
pub fn hold(
    matcher: &Matcher,
    seen: Seen<'_>,
    scope: &mut Scope<'_>,
) -> Result<Finding, TemplateError> {
    if let Some(when) = &matcher.when
        && (is_out(when, seen) || !hold(when, seen, scope)?.holds())
    {
        return Ok(Finding::NotAsked);
    }
    let mut tally = Tally::default();
    match seen {
        Seen::Page(page) => hold_page(matcher, page, scope, &mut tally)?,
        Seen::Walk(walk) => hold_walk(matcher, walk, scope, &mut tally)?,
    }
    if !matcher.any.is_empty() {
        hold_any(matcher, seen, scope, &mut tally)?;
    }
    Ok(tally.finding())
}

/// Whether an answer is another than is meant, as its status and the names of its headers tell at once: most are, and
/// need no words for it.
fn is_out(when: &Matcher, seen: Seen<'_>) -> bool {
    let Seen::Page(page) = seen else {
        return false;
    };
    let status = when.status.as_ref();
    let missing = |name: &str| !page.answer.headers.contains_key(name);
    let asked = |rules: &[Rule]| rules.iter().any(|rule| matches!(rule, Rule::Present(true)));
    let mut headers = when.headers.iter();
    status.is_some_and(|status| !status.has(page.answer.status))
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
    fn add(&mut self, part: Option<Part>, held: Held, may_settle: bool) {
        if held.holds {
            self.expected.push(held.expected);
            self.actual.push(held.actual);
            return;
        }
        self.may_settle = match self.broken {
            None => may_settle,
            Some(_) => self.may_settle && may_settle,
        };
        if self.broken.is_none() {
            self.part = part;
            self.broken = Some((held.expected, held.actual));
        }
    }

    fn finding(self) -> Finding {
        match self.broken {
            Some((expected, actual)) => Finding::Breaks {
                expected,
                actual,
                part: self.part,
                may_settle: self.may_settle,
            },
            None => Finding::Holds {
                expected: self.expected.join("; "),
                actual: self.actual.join("; "),
            },
        }
    }
}

fn hold_page(
    matcher: &Matcher,
    page: &Page,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    if let Some(statuses) = &matcher.status {
        let status = page.answer.status;
        let held = Held {
            holds: statuses.has(status),
            expected: format!("status {statuses}"),
            actual: format!("status {status}"),
        };
        // What is not there yet, or is still there: no other answer tells of the past.
        let of_the_past = matches!(status, 200..=299 | 404 | 410);
        tally.add(Some(Part::Status), held, of_the_past);
        if !statuses.has(status) {
            // What else was expected is expected of another answer.
            return Ok(());
        }
    }
    for (name, rules) in &matcher.headers {
        let value = page.header(name).map(Json::String);
        let held = holds_all(rules, value.as_ref(), &format!("header {name}"), scope)?;
        // A header may still tell of what was there before; one that is missing stays missing.
        tally.add(None, held, value.is_some());
    }
    for (name, rules) in &matcher.lines {
        let lines = Json::Array(page.lines(name).into_iter().map(Json::String).collect());
        let what = format!("the lines of header {name}");
        tally.add(None, holds_all(rules, Some(&lines), &what, scope)?, false);
    }
    if let Some(link) = matcher.link {
        tally.add(None, hold_link(link, page), false);
    }
    if let Some(body) = &matcher.body {
        let mut held = hold_body(&scope.bytes(body)?, &page.answer.body);
        if let Some(why) = &page.answer.broken {
            held.holds = false;
            held.actual = format!("{}; {why}", held.actual);
        }
        tally.add(Some(Part::Body), held, true);
    }
    if let Some(digest) = &matcher.digest {
        let held = hold_digest(&scope.text(digest)?, &page.answer.body);
        tally.add(Some(Part::Body), held, false);
    }
    for (pointer, rules) in &matcher.json {
        let what = json::name(pointer);
        let found = page.json().and_then(|value| value.pointer(pointer));
        let held = match page.json() {
            Some(_) => holds_all(rules, found, &what, scope)?,
            None => Held {
                holds: false,
                expected: format!("{what} in a JSON body"),
                actual: describe_body(&page.answer.body),
            },
        };
        let unread = found.is_none() || rules.iter().any(|rule| matches!(rule, Rule::Type(_)));
        tally.add(unread.then_some(Part::Form), held, true);
    }
    if let Some(is_json) = matcher.is_json {
        tally.add(
            None,
            Held {
                holds: page.is_json() == is_json,
                expected: if is_json {
                    "a JSON body"
                } else {
                    "no JSON body"
                }
                .to_owned(),
                actual: describe_body(&page.answer.body),
            },
            false,
        );
    }
    if !matcher.error.is_empty() {
        tally.add(None, error_body::has_code(page, &matcher.error), false);
    }
    Ok(())
}

fn hold_walk(
    matcher: &Matcher,
    walk: &Walk,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    let no_list = walk.ending == Ending::NoList;
    let unread = no_list.then_some(Part::Form);
    if let Some(inner) = &matcher.page {
        for (index, page) in walk.pages.iter().enumerate() {
            if let Finding::Breaks {
                expected,
                actual,
                part,
                may_settle,
            } = hold(inner, Seen::Page(page), scope)?
            {
                let held = Held {
                    holds: false,
                    expected: format!("on each page: {expected}"),
                    actual: format!("on page {}: {actual}", index + 1),
                };
                tally.add(part, held, may_settle);
                break;
            }
        }
    }
    if let Some(rules) = &matcher.items {
        let items = Json::Array(walk.items.clone());
        let held = holds_all(rules, Some(&items), "the whole list", scope)?;
        tally.add(unread, held, true);
    }
    if matcher.ends == Some(true) {
        let held = Held {
            holds: walk.ending == Ending::Complete,
            expected: "Links that lead to an end".to_owned(),
            actual: format!(
                "after {} pages: {}",
                walk.pages.len(),
                walk.ending.describe()
            ),
        };
        tally.add(unread, held, no_list);
    }
    Ok(())
}

fn hold_any(
    matcher: &Matcher,
    seen: Seen<'_>,
    scope: &mut Scope<'_>,
    tally: &mut Tally,
) -> Result<(), TemplateError> {
    let (mut expected, mut actual) = (Vec::new(), String::new());
    let (mut settles, mut part) = (false, None);
    for alternative in &matcher.any {
        match hold(alternative, seen, scope)? {
            Finding::Holds {
                expected, actual, ..
            } => {
                let held = Held {
                    holds: true,
                    expected,
                    actual,
                };
                tally.add(None, held, false);
                return Ok(());
            }
            Finding::Breaks {
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
            Finding::NotAsked => {}
        }
    }
    let held = Held {
        holds: false,
        expected: expected.join(", or "),
        actual,
    };
    tally.add(part, held, settles);
    Ok(())
}

/// The Link header (RFC 8288), read as a walk reads it.
fn hold_link(link: LinkText, page: &Page) -> Held {
    let said = page.header("link");
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
    Held {
        holds,
        expected: expected.to_owned(),
        actual: match said {
            Some(said) => format!("header Link `{said}`"),
            None => "header Link absent".to_owned(),
        },
    }
}

fn hold_body(expected: &[u8], actual: &[u8]) -> Held {
    let holds = expected == actual;
    let difference = expected
        .iter()
        .zip(actual)
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| expected.len().min(actual.len()));
    Held {
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
fn hold_digest(digest: &str, actual: &[u8]) -> Held {
    let holds = is_digest_of(digest, actual) != Some(false);
    Held {
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
