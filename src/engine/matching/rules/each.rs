//! `each`: a rule for every element of a list.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict, evaluate_all, expected_all};

pub struct Each<'r>(pub Vec<Box<dyn Check + 'r>>);

impl Check for Each<'_> {
    fn expected(&self) -> String {
        format!("with {}", expected_all(&self.0, "each element"))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let items = value.as_array().into_iter().flatten();
        let outcomes = items.map(|item| evaluate_all(&self.0, Some(item), "an element"));
        let wrong = outcomes.into_iter().find(|outcome| !outcome.holds);
        ValueVerdict::wrong_if(wrong.map(|outcome| format!("with {}", outcome.actual)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    use crate::engine::matching::rules::present::Present;
    use crate::engine::matching::rules::unique::Unique;

    #[test]
    fn every_element_obeys() {
        let rule = Each(vec![Box::new(Present(true)), Box::new(Unique)]);
        let expected = "with each element present and each element without duplicates";
        assert_eq!(rule.expected(), expected);
        assert_eq!(wrong(&rule, &json!([["a"], "b"])), None);
        let reason = Some("with an element with 1 twice".to_owned());
        assert_eq!(wrong(&rule, &json!([[0], [1, 1], [2, 2]])), reason);
        assert_eq!(
            wrong(&rule, &json!("a")),
            None,
            "another type has no elements"
        );
    }
}
