//! Evaluating the rules of a matcher: their references are filled in, then they check a value.

use serde_json::Value as Json;

use super::address::Address;
use super::bytes_at_most::BytesAtMost;
use super::check::{Check, RuleOutcome, evaluate};
use super::contains::{Contains, Excludes};
use super::count::Count;
use super::digest_of::DigestOf;
use super::each::Each;
use super::equals::{NoneOf, OneOf};
use super::inside::Inside;
use super::json_type::JsonType;
use super::lists::{Lists, ListsOnly};
use super::matches::Matches;
use super::media_type::MediaType;
use super::present::Present;
use super::sorted::Sorted;
use super::unique::Unique;
use crate::engine::matching::body_bytes::BodyBytes;
use crate::engine::matching::settling::Settling;
use crate::engine::scope::Scope;
use crate::suite::{JsonTemplate, Rule};
use crate::template::{Template, TemplateError};

/// Checks a value, or its absence, against rules; the first that it violates decides, and those after it are not filled
/// in.
///
/// # Errors
/// When a reference of a rule cannot be resolved.
pub fn evaluate_rules(
    rules: &[Rule],
    value: Option<&Json>,
    name: &str,
    scope: &mut Scope<'_>,
) -> Result<RuleOutcome, TemplateError> {
    let mut expected = Vec::new();
    let mut actual = String::new();
    for rule in rules {
        let outcome = evaluate(&*prepare(rule, scope)?, value, name);
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
        settling: Settling::Never,
    })
}

fn prepare<'r>(
    rule: &'r Rule,
    scope: &mut Scope<'_>,
) -> Result<Box<dyn Check + 'r>, TemplateError> {
    Ok(match rule {
        Rule::Present(present) => Box::new(Present(*present)),
        Rule::OneOf(values) => Box::new(OneOf(fill(values, scope)?)),
        Rule::NoneOf(values) => Box::new(NoneOf(fill(values, scope)?)),
        Rule::Matches(form) => Box::new(Matches(form)),
        Rule::DigestOf(content) => Box::new(DigestOf(body_bytes(content, scope)?)),
        Rule::MediaType(kind) => Box::new(MediaType(scope.text(kind)?)),
        Rule::Address(wanted) => Box::new(Address(*wanted)),
        Rule::Type(types) => Box::new(JsonType(types)),
        Rule::Contains(values) => Box::new(Contains(fill(values, scope)?)),
        Rule::Excludes(values) => Box::new(Excludes(fill(values, scope)?)),
        Rule::Lists(parts) => Box::new(Lists(texts(parts, scope)?)),
        Rule::ListsOnly(parts) => Box::new(ListsOnly(texts(parts, scope)?)),
        Rule::Sorted(sorting) => Box::new(Sorted(*sorting)),
        Rule::Unique => Box::new(Unique),
        Rule::Count(least, most) => Box::new(Count(*least, *most)),
        Rule::BytesAtMost(most) => Box::new(BytesAtMost(*most)),
        Rule::Each(rules) => Box::new(Each(prepare_all(rules, scope)?)),
        Rule::Inside(pointer, rules) => Box::new(Inside(pointer, prepare_all(rules, scope)?)),
    })
}

fn prepare_all<'r>(
    rules: &'r [Rule],
    scope: &mut Scope<'_>,
) -> Result<Vec<Box<dyn Check + 'r>>, TemplateError> {
    rules.iter().map(|rule| prepare(rule, scope)).collect()
}

fn body_bytes(content: &Template, scope: &mut Scope<'_>) -> Result<BodyBytes, TemplateError> {
    let value = scope.value(content)?;
    BodyBytes::of_value(&value).ok_or_else(|| TemplateError::NotText(content.source().to_owned()))
}

fn fill(values: &[JsonTemplate], scope: &mut Scope<'_>) -> Result<Vec<Json>, TemplateError> {
    values.iter().map(|value| scope.json(value)).collect()
}

fn texts(parts: &[Template], scope: &mut Scope<'_>) -> Result<Vec<String>, TemplateError> {
    parts.iter().map(|part| scope.text(part)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture::{Fixtures, Seed};

    fn outcome(rules: &[Rule], value: Option<&Json>) -> RuleOutcome {
        let fixtures = Fixtures::default();
        let mut scope = Scope::new(&fixtures, Seed::new(0), None);
        evaluate_rules(rules, value, "`tags`", &mut scope).unwrap()
    }

    #[test]
    fn all_rules_hold_or_the_first_violated_one_is_told() {
        let rules = [Rule::Present(true), Rule::Unique, Rule::Count(1, 2)];
        let right = outcome(&rules, Some(&json!(["a"])));
        assert!(right.holds);
        let expected =
            "`tags` present and `tags` without duplicates and `tags` with 1 to 2 elements";
        assert_eq!(right.expected, expected);
        assert_eq!(right.actual, r#"`tags` ["a"]"#);
        let twice = outcome(&rules, Some(&json!(["a", "a", "a"])));
        assert!(!twice.holds);
        assert_eq!(twice.expected, "`tags` without duplicates");
        assert_eq!(twice.actual, "`tags` with \"a\" twice");
    }

    #[test]
    fn an_absent_value_violates_all_rules_but_one() {
        let absent = outcome(&[Rule::Unique], None);
        assert!(!absent.holds);
        assert_eq!(absent.actual, "`tags` absent");
        assert!(outcome(&[Rule::Present(false)], None).holds);
    }

    #[test]
    fn rules_after_a_violated_one_are_not_filled_in() {
        let unknown = || Rule::MediaType(Template::parse("{nobody}"));
        let fixtures = Fixtures::default();
        let mut scope = Scope::new(&fixtures, Seed::new(0), None);
        let mut evaluate = |rules: &[Rule]| evaluate_rules(rules, None, "it", &mut scope);
        assert!(evaluate(&[Rule::Present(true), unknown()]).is_ok());
        assert!(evaluate(&[Rule::Present(false), unknown()]).is_err());
    }
}
