//! `equals`, `one_of`, `none_of`: the value itself. A text equals the number that it spells, so that headers can be
//! compared with sizes.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::engine::matching::json::{quote_all, same};
use crate::engine::matching::settling::Settling;

/// Equal to one of these.
pub struct OneOf(pub Vec<Json>);

/// Equal to none of these.
pub struct NoneOf(pub Vec<Json>);

impl Check for OneOf {
    fn expected(&self) -> String {
        quote_all(&self.0, " or ")
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        ValueVerdict::of(self.0.iter().any(|one| same(one, value)))
    }

    fn settling(&self, _value: &Json) -> Settling {
        Settling::Arrival
    }
}

impl Check for NoneOf {
    fn expected(&self) -> String {
        format!("other than {}", quote_all(&self.0, " and "))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        ValueVerdict::of(!self.0.iter().any(|one| same(one, value)))
    }

    fn settling(&self, _value: &Json) -> Settling {
        Settling::Arrival
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn one_of_several_values_is_enough() {
        let rule = OneOf(vec![json!("a"), json!(2)]);
        assert_eq!(rule.expected(), "`a` or 2");
        for right in [json!("a"), json!(2), json!("2")] {
            assert_eq!(wrong(&rule, &right), None, "{right}");
        }
        for other in [json!("b"), json!(3), json!(["a"]), json!(null)] {
            assert_eq!(wrong(&rule, &other), Some(String::new()), "{other}");
        }
    }

    #[test]
    fn none_of_several_values_may_be_there() {
        let rule = NoneOf(vec![json!("a")]);
        assert_eq!(rule.expected(), "other than `a`");
        assert_eq!(wrong(&rule, &json!("a")), Some(String::new()));
        assert_eq!(wrong(&rule, &json!("b")), None);
        assert_eq!(wrong(&rule, &json!(["a"])), None, "another type");
    }
}
