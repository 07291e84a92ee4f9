//! `items`: rules for the entries of all pages together.

use serde_json::Value as Json;

use super::outcome::WordOutcome;
use crate::engine::matching::rules::evaluate_rules;
use crate::engine::matching::subject::Pages;
use crate::engine::scope::Scope;
use crate::suite::Rule;
use crate::template::TemplateError;

/// # Errors
/// When a reference of a rule cannot be resolved.
pub fn check(
    rules: &[Rule],
    pages: &Pages,
    scope: &mut Scope<'_>,
) -> Result<WordOutcome, TemplateError> {
    let items = Json::Array(pages.items.clone());
    Ok(WordOutcome {
        rule: evaluate_rules(rules, Some(&items), "the whole list", scope)?,
        part: pages.unread(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::engine::matching::settling::Settling;
    use crate::engine::matching::testing::{pages, with_scope};

    fn check_unique(items: &[&str]) -> WordOutcome {
        let pages = pages(&[200], items);
        with_scope(|scope| check(&[Rule::Unique], &pages, scope).unwrap())
    }

    #[test]
    fn the_entries_of_all_pages_obey() {
        assert!(check_unique(&["a", "b"]).rule.holds);
        assert!(check_unique(&[]).rule.holds);
        let twice = check_unique(&["a", "a"]);
        assert_eq!(twice.rule.expected, "the whole list without duplicates");
        assert_eq!(twice.rule.actual, "the whole list with \"a\" twice");
        assert_eq!(twice.rule.settling, Settling::Arrival);
    }
}
