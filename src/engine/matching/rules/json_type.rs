//! `type`: the JSON type of the value.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::engine::matching::json::type_of;

pub struct JsonType<'r>(pub &'r [String]);

impl Check for JsonType<'_> {
    fn expected(&self) -> String {
        format!("as {}", self.0.join(" or "))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        ValueVerdict::of(self.0.iter().any(|kind| kind == type_of(value)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn one_of_the_types_is_enough() {
        let types = ["array".to_owned(), "null".to_owned()];
        let rule = JsonType(&types);
        assert_eq!(rule.expected(), "as array or null");
        assert_eq!(wrong(&rule, &json!([1])), None);
        assert_eq!(wrong(&rule, &json!(null)), None);
        for other in [json!("[]"), json!({}), json!(0), json!(false)] {
            assert_eq!(wrong(&rule, &other), Some(String::new()), "{other}");
        }
    }
}
