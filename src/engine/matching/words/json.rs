//! `json`: rules for values in a JSON body.

use super::outcome::WordOutcome;
use crate::engine::matching::json::name;
use crate::engine::matching::rules::{RuleOutcome, evaluate_rules};
use crate::engine::matching::settling::Settling;
use crate::engine::matching::subject::ParsedResponse;
use crate::engine::scope::Scope;
use crate::record::Part;
use crate::suite::Rule;
use crate::template::TemplateError;

/// # Errors
/// When a reference of a rule cannot be resolved.
pub fn check(
    pointer: &str,
    rules: &[Rule],
    response: &ParsedResponse,
    scope: &mut Scope<'_>,
) -> Result<WordOutcome, TemplateError> {
    let name = name(pointer);
    let found = response.json().and_then(|value| value.pointer(pointer));
    let rule = match response.json() {
        Some(_) => evaluate_rules(rules, found, &name, scope)?,
        None => RuleOutcome {
            holds: false,
            expected: format!("{name} in a JSON body"),
            actual: response.describe_body(),
            settling: Settling::Never,
        },
    };
    let unread = found.is_none() || rules.iter().any(|rule| matches!(rule, Rule::Type(_)));
    Ok(WordOutcome {
        rule,
        part: unread.then_some(Part::Form),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::{response, with_scope};

    fn check_tags(body: &str) -> WordOutcome {
        let response = response(200, &[], body);
        with_scope(|scope| check("/tags", &[Rule::Unique], &response, scope).unwrap())
    }

    #[test]
    fn the_value_obeys() {
        let right = check_tags(r#"{"tags": ["a"]}"#);
        assert!(right.rule.holds);
        assert_eq!(right.part, None);
        assert!(!check_tags(r#"{"tags": ["a", "a"]}"#).rule.holds);
    }

    #[test]
    fn a_body_of_another_form_cannot_be_read() {
        for (body, actual) in [
            ("{}", "`tags` absent"),
            ("", "an empty body"),
            ("tags", "a body of 4 bytes that is not JSON"),
        ] {
            let outcome = check_tags(body);
            assert_eq!(outcome.rule.actual, actual);
            assert_eq!(outcome.part, Some(Part::Form));
            assert!(!outcome.rule.holds);
        }
    }
}
