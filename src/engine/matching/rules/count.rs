//! `length`, `at_least`, `at_most`: how many elements, members or characters.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::data::count_between;
use crate::engine::matching::settling::Settling;

/// At least, and at most, so many.
pub struct Count(pub u64, pub u64);

impl Check for Count {
    fn expected(&self) -> String {
        format!("with {}", count_between(self.0, self.1, "element"))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let count = count(value);
        let wrong = !(self.0..=self.1).contains(&count);
        ValueVerdict::wrong_if(
            wrong.then(|| format!("with {}", count_between(count, count, "element"))),
        )
    }

    fn settling(&self, value: &Json) -> Settling {
        match count(value) < self.0 {
            true => Settling::Arrival,
            false => Settling::Removal,
        }
    }
}

fn count(value: &Json) -> u64 {
    let count = match value {
        Json::Array(items) => items.len(),
        Json::Object(members) => members.len(),
        Json::String(text) => text.chars().count(),
        Json::Null => 0,
        Json::Bool(_) | Json::Number(_) => 1,
    };
    count as u64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn elements_members_and_characters_are_counted() {
        for right in [json!([1, 2]), json!({"a": 1, "b": 2}), json!("éa")] {
            assert_eq!(wrong(&Count(2, 2), &right), None, "{right}");
        }
        assert_eq!(
            wrong(&Count(2, 3), &json!([1])),
            Some("with 1 element".to_owned())
        );
        assert_eq!(wrong(&Count(0, 0), &json!(null)), None);
        assert_eq!(
            wrong(&Count(2, 3), &json!(17)),
            Some("with 1 element".to_owned())
        );
    }

    #[test]
    fn the_range_is_said_briefly() {
        let said = |least, most| Count(least, most).expected();
        assert_eq!(said(0, 0), "with no elements");
        assert_eq!(said(1, u64::MAX), "with at least 1 element");
        assert_eq!(said(0, 5), "with at most 5 elements");
        assert_eq!(said(2, 2), "with 2 elements");
        assert_eq!(said(2, 5), "with 2 to 5 elements");
    }
}
