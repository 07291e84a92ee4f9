//! `matches`: a text of some form.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::suite::Form;

pub struct Matches<'r>(pub &'r Form);

impl Check for Matches<'_> {
    fn expected(&self) -> String {
        format!("of the form {}", self.0.words)
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let text = value.as_str();
        ValueVerdict::of(text.is_some_and(|text| self.0.regex.is_match(text)))
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn the_whole_text_has_the_form() {
        let Ok(regex) = Regex::new(r"^(?:0-\d+)$") else {
            unreachable!()
        };
        let words = "0-N".to_owned();
        let form = Form { regex, words };
        let rule = Matches(&form);
        assert_eq!(rule.expected(), "of the form 0-N");
        assert_eq!(wrong(&rule, &json!("0-17")), None);
        for other in [json!("bytes=0-17"), json!(17), json!(null)] {
            assert_eq!(wrong(&rule, &other), Some(String::new()), "{other}");
        }
    }
}
