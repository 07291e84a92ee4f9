//! `lines`: rules for the lines of a header, as a list.

use serde_json::Value as Json;

use super::outcome::WordOutcome;
use crate::engine::matching::rules::evaluate_rules;
use crate::engine::matching::settling::Settling;
use crate::engine::matching::subject::ParsedResponse;
use crate::engine::scope::Scope;
use crate::suite::Rule;
use crate::template::TemplateError;

/// # Errors
/// When a reference of a rule cannot be resolved.
pub fn check(
    name: &str,
    rules: &[Rule],
    response: &ParsedResponse,
    scope: &mut Scope<'_>,
) -> Result<WordOutcome, TemplateError> {
    let lines = response.lines(name).into_iter().map(Json::String);
    let lines = Json::Array(lines.collect());
    let name = format!("the lines of header {name}");
    let rule = evaluate_rules(rules, Some(&lines), &name, scope)?;
    let outcome = WordOutcome { rule, part: None };
    Ok(outcome.settling(Settling::Never))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::{response, with_scope};

    fn check_tags(headers: &[(&str, &str)]) -> WordOutcome {
        let response = response(201, headers, "");
        with_scope(|scope| check("oci-tag", &[Rule::Count(2, 2)], &response, scope).unwrap())
    }

    #[test]
    fn each_line_is_an_element() {
        let right = [("OCI-Tag", "a, b"), ("oci-tag", "c")];
        assert!(check_tags(&right).rule.holds);
        let outcome = check_tags(&[("oci-tag", "a, b")]);
        let expected = "the lines of header oci-tag with 2 elements";
        assert_eq!(outcome.rule.expected, expected);
        assert_eq!(
            outcome.rule.actual,
            "the lines of header oci-tag with 1 element"
        );
    }

    #[test]
    fn without_the_header_there_are_no_lines() {
        assert!(!check_tags(&[]).rule.holds);
    }
}
