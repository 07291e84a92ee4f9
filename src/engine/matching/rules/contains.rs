//! `contains`, `excludes`: the elements of a list, the members of an object, or a part of a text.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::engine::matching::json::{covers, quote, quote_all};
use crate::engine::matching::settling::Settling;

/// Has each of these.
pub struct Contains(pub Vec<Json>);

/// Has none of these.
pub struct Excludes(pub Vec<Json>);

impl Check for Contains {
    fn expected(&self) -> String {
        format!("with {}", quote_all(&self.0, " and "))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let missing = self.0.iter().find(|one| !has(value, one));
        ValueVerdict::wrong_if(missing.map(|one| format!("without {}", quote(one))))
    }

    fn settling(&self, _value: &Json) -> Settling {
        Settling::Arrival
    }
}

impl Check for Excludes {
    fn expected(&self) -> String {
        format!("without {}", quote_all(&self.0, " and "))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let found = self.0.iter().find(|one| has(value, one));
        ValueVerdict::wrong_if(found.map(|one| format!("with {}", quote(one))))
    }

    fn settling(&self, _value: &Json) -> Settling {
        Settling::Removal
    }
}

fn has(value: &Json, one: &Json) -> bool {
    match (value, one) {
        (Json::Array(items), one) => items.iter().any(|item| covers(item, one)),
        (Json::String(text), Json::String(part)) => text.contains(part.as_str()),
        (value, one) => covers(value, one),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    fn without(part: &str) -> Option<String> {
        Some(format!("without {part}"))
    }

    #[test]
    fn lists_texts_and_objects_contain_parts() {
        let rule = Contains(vec![json!("a"), json!("b")]);
        assert_eq!(rule.expected(), "with `a` and `b`");
        assert_eq!(wrong(&rule, &json!(["b", "c", "a"])), None);
        assert_eq!(wrong(&rule, &json!("xaby")), None);
        assert_eq!(wrong(&rule, &json!(["a"])), without("`b`"));
        assert_eq!(wrong(&rule, &json!(1)), without("`a`"), "another type");
        let member = Contains(vec![json!({"a": 1})]);
        assert_eq!(wrong(&member, &json!([{"a": 1, "b": 2}])), None);
        assert_eq!(wrong(&member, &json!({"a": 2})), without(r#"{"a":1}"#));
    }

    #[test]
    fn excluded_parts_are_named() {
        let rule = Excludes(vec![json!("a")]);
        assert_eq!(rule.expected(), "without `a`");
        assert_eq!(wrong(&rule, &json!(["a"])), Some("with `a`".to_owned()));
        assert_eq!(wrong(&rule, &json!(["ab"])), None);
        assert_eq!(wrong(&rule, &json!(1)), None, "another type");
    }
}
