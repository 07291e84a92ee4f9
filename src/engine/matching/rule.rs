//! One rule against one value.

use serde_json::Value as Json;

use super::json::{covers, name, quote, same, type_of};
use super::order::first_disorder;
use crate::engine::scope::Scope;
use crate::fixture::is_digest_of;
use crate::suite::{Rule, Sorting};
use crate::template::TemplateError;

/// Whether something holds, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOutcome {
    /// Whether it does.
    pub holds: bool,
    /// What was asked for.
    pub expected: String,
    /// What came.
    pub actual: String,
}

/// Holds a value (or its absence) against rules; the first that is broken decides.
///
/// # Errors
/// When a rule refers to something that there is not.
pub fn evaluate_rules(
    rules: &[Rule],
    value: Option<&Json>,
    what: &str,
    scope: &mut Scope<'_>,
) -> Result<RuleOutcome, TemplateError> {
    let mut expected = Vec::new();
    let mut actual = String::new();
    for rule in rules {
        let outcome = holds(rule, value, what, scope)?;
        if !outcome.holds {
            return Ok(outcome);
        }
        expected.push(outcome.expected);
        actual = outcome.actual;
    }
    Ok(RuleOutcome {
        holds: true,
        expected: expected.join(" and "),
        actual,
    })
}

fn holds(
    rule: &Rule,
    value: Option<&Json>,
    what: &str,
    scope: &mut Scope<'_>,
) -> Result<RuleOutcome, TemplateError> {
    let asked = ask(rule, what, scope)?;
    if let Rule::Present(present) = rule {
        return Ok(RuleOutcome {
            holds: value.is_some() == *present,
            expected: asked.expected,
            actual: describe(what, value),
        });
    }
    let Some(value) = value else {
        return Ok(RuleOutcome {
            holds: false,
            expected: asked.expected,
            actual: format!("{what} absent"),
        });
    };
    let verdict = asked.judge(rule, value, scope)?;
    Ok(RuleOutcome {
        holds: verdict.is_none(),
        expected: asked.expected,
        actual: match verdict {
            Some(reason) if !reason.is_empty() => format!("{what} {reason}"),
            _ => describe(what, Some(value)),
        },
    })
}

fn describe(what: &str, value: Option<&Json>) -> String {
    match value {
        Some(value) => format!("{what} {}", quote(value)),
        None => format!("{what} absent"),
    }
}

/// A rule with its templates filled in.
struct Asked {
    expected: String,
    values: Vec<Json>,
    bytes: bytes::Bytes,
}

fn ask(rule: &Rule, what: &str, scope: &mut Scope<'_>) -> Result<Asked, TemplateError> {
    let mut values = Vec::new();
    let mut bytes = bytes::Bytes::new();
    match rule {
        Rule::OneOf(list) | Rule::NoneOf(list) | Rule::Contains(list) | Rule::Excludes(list) => {
            for one in list {
                values.push(scope.json(one)?);
            }
        }
        Rule::Lists(parts) | Rule::ListsOnly(parts) => {
            for part in parts {
                values.push(Json::String(scope.text(part)?));
            }
        }
        Rule::MediaType(kind) => values.push(Json::String(scope.text(kind)?)),
        Rule::DigestOf(content) => bytes = scope.bytes(content)?,
        Rule::Present(_)
        | Rule::Address(_)
        | Rule::Matches(_)
        | Rule::Type(_)
        | Rule::Sorted(_)
        | Rule::Unique
        | Rule::Count(..)
        | Rule::BytesAtMost(_)
        | Rule::Each(_)
        | Rule::Inside(..) => {}
    }
    let listed = values.iter().map(quote).collect::<Vec<_>>();
    let expected = match rule {
        Rule::Present(true) => format!("{what} present"),
        Rule::Present(false) => format!("{what} absent"),
        Rule::OneOf(_) => format!("{what} {}", listed.join(" or ")),
        Rule::NoneOf(_) => format!("{what} other than {}", listed.join(" and ")),
        Rule::Matches(regex) => format!("{what} of the form {}", regex.as_str()),
        Rule::DigestOf(_) => format!("{what} with a digest of the {} bytes", bytes.len()),
        Rule::MediaType(_) => format!("{what} with the type {}", listed.join("")),
        Rule::Address(true) => format!("{what} with an address that a request can be sent to"),
        Rule::Address(false) => format!("{what} with no address"),
        Rule::Type(types) => format!("{what} as {}", types.join(" or ")),
        Rule::Contains(_) | Rule::Lists(_) => format!("{what} with {}", listed.join(" and ")),
        Rule::ListsOnly(_) => format!("{what} with nothing but {}", listed.join(", ")),
        Rule::Excludes(_) => format!("{what} without {}", listed.join(" and ")),
        Rule::Sorted(Sorting::Tags) => format!("{what} in lexical order"),
        Rule::Sorted(Sorting::Letters) => {
            format!("{what} in alphabetical order, whatever the case")
        }
        Rule::Unique => format!("{what} with nothing twice"),
        Rule::Count(least, most) => format!("{what} with {}", range(*least, *most)),
        Rule::BytesAtMost(most) => format!("{what} with at most {most} bytes"),
        Rule::Each(rules) => {
            let each = expected(rules, "each element", scope)?;
            format!("{what} with {each}")
        }
        Rule::Inside(pointer, rules) => {
            let inside = expected(rules, &name(pointer), scope)?;
            format!("{what} with {inside}")
        }
    };
    Ok(Asked {
        expected,
        values,
        bytes,
    })
}

/// What rules ask for together.
fn expected(rules: &[Rule], what: &str, scope: &mut Scope<'_>) -> Result<String, TemplateError> {
    let asked = rules.iter().map(|rule| ask(rule, what, scope));
    let said: Result<Vec<String>, _> = asked.map(|one| Ok(one?.expected)).collect();
    Ok(said?.join(" and "))
}

fn range(least: u64, most: u64) -> String {
    match (least, most) {
        (_, 0) => "no elements".to_owned(),
        (least, u64::MAX) => format!("at least {}", elements(least)),
        (0, most) => format!("at most {}", elements(most)),
        (least, most) if least == most => elements(least),
        (least, most) => format!("{least} to {most} elements"),
    }
}

fn elements(number: u64) -> String {
    match number {
        1 => "1 element".to_owned(),
        number => format!("{number} elements"),
    }
}

impl Asked {
    /// Nothing where the value holds; else why not (empty where the value itself says it).
    fn judge(
        &self,
        rule: &Rule,
        value: &Json,
        scope: &mut Scope<'_>,
    ) -> Result<Option<String>, TemplateError> {
        let plain = |holds: bool| (!holds).then(String::new);
        let text = value.as_str().unwrap_or_default();
        Ok(match rule {
            Rule::Present(_) => None,
            Rule::OneOf(_) => plain(self.values.iter().any(|one| same(one, value))),
            Rule::NoneOf(_) => plain(!self.values.iter().any(|one| same(one, value))),
            Rule::Matches(regex) => plain(value.is_string() && regex.is_match(text)),
            Rule::DigestOf(_) => {
                plain(is_digest_of(text, &self.bytes) != Some(false) && looks_like_digest(text))
            }
            Rule::MediaType(_) => {
                let bare = text.split(';').next().unwrap_or_default().trim();
                plain(self.values.iter().any(|kind| {
                    kind.as_str()
                        .is_some_and(|kind| kind.eq_ignore_ascii_case(bare))
                }))
            }
            Rule::Address(wanted) => plain(is_address(text) == *wanted),
            Rule::Type(types) => plain(types.iter().any(|kind| kind == type_of(value))),
            Rule::Contains(_) => {
                let missing = self.values.iter().find(|one| !has(value, one));
                missing.map(|one| format!("without {}", quote(one)))
            }
            Rule::Excludes(_) => {
                let there = self.values.iter().find(|one| has(value, one));
                there.map(|one| format!("with {}", quote(one)))
            }
            Rule::Lists(_) => {
                let parts: Vec<&str> = text.split(',').map(str::trim).collect();
                let listed = |one: &Json| one.as_str().is_some_and(|one| parts.contains(&one));
                plain(self.values.iter().all(listed))
            }
            Rule::ListsOnly(_) => {
                let known = |part: &&str| self.values.iter().any(|one| one.as_str() == Some(part));
                let mut parts = text.split(',').map(str::trim);
                let other = parts.find(|part| !part.is_empty() && !known(part));
                other.map(|part| format!("with `{part}`"))
            }
            Rule::Sorted(sorting) => disorder(value, *sorting),
            Rule::Unique => twice(value),
            Rule::Count(least, most) => {
                let count = count(value);
                (!(*least..=*most).contains(&count)).then(|| format!("with {}", elements(count)))
            }
            Rule::BytesAtMost(most) => {
                let bytes = bytes_of(value);
                (bytes > *most).then(|| format!("with {bytes} bytes"))
            }
            Rule::Each(rules) => {
                for item in value.as_array().into_iter().flatten() {
                    let outcome = evaluate_rules(rules, Some(item), "an element", scope)?;
                    if !outcome.holds {
                        return Ok(Some(format!("with {}", outcome.actual)));
                    }
                }
                None
            }
            Rule::Inside(pointer, rules) => {
                let outcome = evaluate_rules(rules, value.pointer(pointer), &name(pointer), scope)?;
                (!outcome.holds).then(|| format!("with {}", outcome.actual))
            }
        })
    }
}

/// Whether a request can be sent to an address, whole or relative (RFC 9110, section 10.2.2): by http or https.
fn is_address(text: &str) -> bool {
    let somewhere = url::Url::parse("http://registry.example/v2/");
    let resolved = somewhere.and_then(|base| base.join(text.trim()));
    let by_http = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    !text.trim().is_empty() && resolved.is_ok_and(by_http)
}

/// `algorithm:encoded`, where assay cannot compute the algorithm and so cannot tell whether it is right.
fn looks_like_digest(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let word = |part: &str| !part.is_empty() && part.chars().all(plain);
    let encoded_in = |c: char| c.is_ascii_alphanumeric() || matches!(c, '=' | '_' | '-');
    text.split_once(':').is_some_and(|(algorithm, encoded)| {
        algorithm.split(['+', '.', '_', '-']).all(word)
            && !encoded.is_empty()
            && encoded.chars().all(encoded_in)
    })
}

fn has(value: &Json, one: &Json) -> bool {
    match (value, one) {
        (Json::Array(items), one) => items.iter().any(|item| covers(item, one)),
        (Json::String(text), Json::String(part)) => text.contains(part.as_str()),
        (value, one) => covers(value, one),
    }
}

fn count(value: &Json) -> u64 {
    let count = match value {
        Json::Array(items) => items.len(),
        Json::Object(members) => members.len(),
        Json::String(text) => text.chars().count(),
        Json::Null => 0,
        Json::Bool(_) | Json::Number(_) => 1,
    };
    count as u64
}

/// The bytes of a text, or of all texts of a list.
fn bytes_of(value: &Json) -> u64 {
    match value {
        Json::String(text) => text.len() as u64,
        Json::Array(items) => items.iter().map(bytes_of).sum(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => 0,
    }
}

fn disorder(value: &Json, sorting: Sorting) -> Option<String> {
    let tags: Vec<&str> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let at = first_disorder(&tags, sorting)?;
    let after = tags.get(at)?;
    let before = tags.get(at.checked_sub(1)?)?;
    Some(format!("with `{after}` after `{before}`"))
}

fn twice(value: &Json) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    value
        .as_array()?
        .iter()
        .map(Json::to_string)
        .find(|item| !seen.insert(item.clone()))
        .map(|item| format!("with {item} twice"))
}
