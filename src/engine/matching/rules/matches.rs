//! `matches`: a text of some form.

use regex::Regex;
use serde_json::Value as Json;

use super::check::{Check, Finding};

pub struct Matches<'r>(pub &'r Regex);

impl Check for Matches<'_> {
    fn expected(&self) -> String {
        let pattern = self.0.as_str();
        // The suites' pattern, which is compiled to match a whole text.
        let own = pattern.strip_prefix("^(?:");
        let own = own.and_then(|rest| rest.strip_suffix(")$"));
        format!("of the form {}", own.unwrap_or(pattern))
    }

    fn check(&self, value: &Json) -> Finding {
        let text = value.as_str();
        Finding::of(text.is_some_and(|text| self.0.is_match(text)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn the_whole_text_has_the_form() {
        let Ok(regex) = Regex::new(r"^(?:0-\d+)$") else {
            unreachable!()
        };
        let rule = Matches(&regex);
        assert_eq!(rule.expected(), r"of the form 0-\d+");
        assert_eq!(wrong(&rule, &json!("0-17")), None);
        for other in [json!("bytes=0-17"), json!(17), json!(null)] {
            assert_eq!(wrong(&rule, &other), Some(String::new()), "{other}");
        }
    }
}
