//! `json`: a rule for a value inside the value.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict, evaluate_all, expected_all};
use crate::engine::matching::json::name;
use crate::engine::matching::settling::Settling;

/// A JSON pointer, and the rules for the value that it leads to.
pub struct Inside<'r>(pub &'r str, pub Vec<Box<dyn Check + 'r>>);

impl Check for Inside<'_> {
    fn expected(&self) -> String {
        format!("with {}", expected_all(&self.1, &name(self.0)))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let outcome = evaluate_all(&self.1, value.pointer(self.0), &name(self.0));
        ValueVerdict::wrong_if((!outcome.holds).then(|| format!("with {}", outcome.actual)))
    }

    fn settling(&self, value: &Json) -> Settling {
        evaluate_all(&self.1, value.pointer(self.0), &name(self.0)).settling
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    use crate::engine::matching::rules::equals::OneOf;

    #[test]
    fn the_value_inside_obeys() {
        let rule = Inside("/size", vec![Box::new(OneOf(vec![json!(7)]))]);
        assert_eq!(rule.expected(), "with `size` 7");
        assert_eq!(wrong(&rule, &json!({"size": 7})), None);
        let (other, absent) = ("with `size` 8", "with `size` absent");
        assert_eq!(wrong(&rule, &json!({"size": 8})), Some(other.to_owned()));
        assert_eq!(
            wrong(&rule, &json!("7")),
            Some(absent.to_owned()),
            "another type"
        );
    }
}
