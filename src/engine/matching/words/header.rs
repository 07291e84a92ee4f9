//! `header`: rules for a header, whose lines are joined.

use serde_json::Value as Json;

use super::outcome::WordOutcome;
use crate::engine::matching::rules::evaluate_rules;
use crate::engine::matching::settling::Settling;
use crate::engine::matching::subject::ParsedResponse;
use crate::engine::scope::Scope;
use crate::record::Part;
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
    let value = response.header(name).map(Json::String);
    let mut rule = evaluate_rules(rules, value.as_ref(), &format!("header {name}"), scope)?;
    if value.is_none() {
        rule.settling = Settling::Never;
    }
    let location = name.eq_ignore_ascii_case("Location");
    let part = location.then_some(Part::Location);
    Ok(WordOutcome { rule, part })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::{response, with_scope};

    fn check_range(headers: &[(&str, &str)]) -> WordOutcome {
        let rules = [Rule::Present(true), Rule::Count(3, 3)];
        let response = response(202, headers, "");
        with_scope(|scope| check("range", &rules, &response, scope).unwrap())
    }

    #[test]
    fn the_value_obeys() {
        assert!(check_range(&[("Range", "0-5")]).rule.holds);
    }

    #[test]
    fn another_value_may_be_an_older_state_and_a_missing_one_not() {
        let other = check_range(&[("range", "0-17")]);
        assert_eq!(other.rule.expected, "header range with 3 elements");
        assert_eq!(other.rule.actual, "header range with 4 elements");
        assert!(!other.rule.holds);
        assert_eq!(other.rule.settling, Settling::Removal);
        let absent = check_range(&[]);
        assert_eq!(absent.rule.actual, "header range absent");
        assert!(!absent.rule.holds);
        assert_eq!(absent.rule.settling, Settling::Never);
    }

    #[test]
    fn the_header_that_later_requests_need_is_named() {
        let rules = [Rule::Present(true)];
        let part = |name| {
            let response = response(202, &[], "");
            with_scope(|scope| check(name, &rules, &response, scope).unwrap()).part
        };
        assert_eq!(part("location"), Some(Part::Location));
        assert_eq!(part("range"), None);
    }

    #[test]
    fn lines_are_joined() {
        let joined = check_range(&[("range", "0-5"), ("range", "x")]);
        assert_eq!(joined.rule.actual, "header range with 6 elements");
    }
}
